"""Compares what was read of a packet with what it truly says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from benchmarks.reading_kept import PacketRead
from documents.reading import PageReading, report
from samples.packet import difficulty
from samples.truth import PRINTED_ON
from settings import Settings

SURE_FROM: float = Settings.model_fields["unsure_below"].default
"""The line lets a value of this confidence pass without a person."""
FieldVerdict = Literal["exact", "missing", "wrong", "confidently wrong"]


@dataclass(frozen=True)
class FieldOutcome:
    """One field of one packet, as it should be and as it was read; None: not there."""

    packet: str
    difficulty: str
    name: str
    wanted: object
    read: object
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Whether no person would look at it."""
        return self.confidence >= SURE_FROM

    @property
    def verdict(self) -> FieldVerdict:
        """A branch printed after a bank's name is no mistake."""
        if self._is_exact:
            return "exact"
        if self.read is None:
            return "missing"
        return "confidently wrong" if self.is_sure else "wrong"

    @property
    def _is_exact(self) -> bool:
        if self.name == "bank_name" and self.wanted:
            return str(self.read).startswith(str(self.wanted))
        return bool(_printed(self.read, self.wanted) == self.wanted)


@dataclass(frozen=True)
class PageOutcome:
    """One page: its kind and rotation as they should be and as they were found."""

    place: str
    difficulty: str
    kinds: tuple[str, str]
    """As it is, as it was found."""
    rotations: tuple[int, int]

    @property
    def kind_is_right(self) -> bool:
        """Whether the page was taken for what it is."""
        return self.kinds[0] == self.kinds[1]


def fields(packet: PacketRead) -> Iterator[FieldOutcome]:
    """Every field that is wanted, or that was read though no paper of the packet prints it.

    Fields of which the truth files know nothing are left out.
    """
    found: Any = report([(file.name, file.pages) for file in packet.files])["fields"]
    wanted = packet.truth["fields"]
    for name in sorted(wanted | {name: 0 for name in found if name in PRINTED_ON}):
        read = found.get(name, {"value": None, "confidence": 0.0})
        yield FieldOutcome(
            packet.truth["packet"],
            _difficulty(packet),
            name,
            wanted.get(name),
            read["value"],
            read["confidence"],
        )


def alone(packet: PacketRead) -> Iterator[FieldOutcome]:
    """The fields of each page by itself, where the truth says what it prints.

    In a packet the papers hide each other's faults; this shows where a witness is lost.
    """
    read = _by_place(packet)
    for told in packet.truth["pages"]:
        page = read.get((told["file"], told["page"]))
        found: Any = report([(told["file"], [page])])["fields"] if page else {}
        for name in told.get("prints", ()):
            got = found.get(name, {"value": None, "confidence": 0.0})
            yield FieldOutcome(
                f"{packet.truth['packet']} {told['layout']}",
                _difficulty(packet),
                name,
                packet.truth["fields"].get(name),
                got["value"],
                got["confidence"],
            )


def pages(packet: PacketRead) -> Iterator[PageOutcome]:
    """Every page of the packet."""
    read = _by_place(packet)
    for told in packet.truth["pages"]:
        page = read.get((told["file"], told["page"]))
        yield PageOutcome(
            f"{packet.truth['packet']} {told['file']} {told['page']} {told['handling']}",
            _difficulty(packet),
            (told["kind"], page.kind.value if page else "refused"),
            # The truth tells how far the picture stands turned, the reader turns it back.
            (-told["rotation"] % 360, page.rotation if page else -1),
        )


def share(outcomes: Sequence[FieldOutcome], verdict: FieldVerdict) -> float:
    """How many of the outcomes, from 0 to 1, have this verdict."""
    return sum(one.verdict == verdict for one in outcomes) / max(len(outcomes), 1)


def _by_place(packet: PacketRead) -> dict[tuple[str, int], PageReading]:
    """Its pages by the file and the number, counted from 1."""
    return {(file.name, n): page for file in packet.files for n, page in enumerate(file.pages, 1)}


def _difficulty(packet: PacketRead) -> str:
    """As the truth file says; older ones leave it to their pages."""
    told = packet.truth.get("difficulty")
    return str(told or difficulty([page["handling"] for page in packet.truth["pages"]]))


def _printed(read: Any, wanted: Any) -> Any:
    """The truth knows every ICD code, but not every paper prints it: none read is none wrong."""
    if not isinstance(read, list) or len(read) != len(wanted or ()):
        return read
    return [one | {"icd": one["icd"] or two["icd"]} for one, two in zip(read, wanted, strict=True)]
