"""Measures the reader on packets whose truth is known: kinds, rotations, fields, time, memory.

python -m samples.make --seed 7 --count 40 --out /tmp/packets
python -m benchmarks.reading /tmp/packets
"""

import argparse
import json
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from documents.packets.file_limits import Limits
from documents.packets.opening import open_packet
from documents.packets.pages import PageImage, render
from documents.reading import PageReading, ocr, read_page, report

_LIMITS = Limits()
_SURE = (0.95, 0.9, 0.85, 0.8, 0.7)
_POOR = {"photo", "bad_photo"}


@dataclass(frozen=True)
class PacketRead:
    """One packet read: what it truly says and what the reader made of it."""

    truth: dict[str, Any]
    files: tuple[tuple[str, tuple[PageReading, ...]], ...]

    @property
    def photographed(self) -> bool:
        """Whether any of its pages is a photo."""
        return any(page["handling"] in _POOR for page in self.truth["pages"])


@dataclass(frozen=True)
class FieldRead:
    """One field of one packet, as it should be and as it was read."""

    packet: str
    photographed: bool
    name: str
    wanted: object
    read: object
    confidence: float

    @property
    def right(self) -> bool:
        """Whether it was read exactly; a branch printed after a bank's name is no mistake."""
        if self.name == "bank_name":
            return str(self.read).startswith(str(self.wanted))
        return bool(_printed(self.read, self.wanted) == self.wanted)


def pages_of(root: Path) -> Iterator[tuple[dict[str, Any], list[tuple[str, list[PageImage]]]]]:
    """Each packet's truth and the pictures of its files."""
    for path in sorted((root / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        source = root / "packets" / truth["packet"]
        yield (
            truth,
            [
                (
                    file.name,
                    [
                        render(file.data, file.media_type, number + 1, _LIMITS)
                        for number in range(file.pages)
                    ],
                )
                for file in open_packet(source, _LIMITS).files
            ],
        )


def _printed(read: Any, wanted: Any) -> Any:
    """The truth knows every ICD code, but not every paper prints it: none read is none wrong."""
    if not isinstance(read, list) or len(read) != len(wanted or ()):
        return read
    return [one | {"icd": one["icd"] or two["icd"]} for one, two in zip(read, wanted, strict=True)]


def outcomes(packet: PacketRead) -> Iterator[FieldRead]:
    """Every field that is wanted or was read."""
    fields: Any = report(packet.files)["fields"]
    wanted = packet.truth["fields"]
    for name in sorted(wanted | fields):
        read = fields.get(name, {"value": None, "confidence": 0.0})
        yield FieldRead(
            packet.truth["packet"],
            packet.photographed,
            name,
            wanted.get(name),
            read["value"],
            read["confidence"],
        )


def page_errors(packet: PacketRead) -> Iterator[tuple[str, str]]:
    """Which pages have a wrong kind or rotation, each with a word on what was wrong."""
    pages = {(file, n + 1): page for file, own in packet.files for n, page in enumerate(own)}
    for truth in packet.truth["pages"]:
        page = pages[truth["file"], truth["page"]]
        place = f"{packet.truth['packet']} {truth['file']} {truth['page']} {truth['handling']}"
        if page.kind != truth["kind"]:
            yield "kind", f"{place}: {page.kind} ({page.kind_confidence}), not {truth['kind']}"
        upright = -truth["rotation"] % 360  # the truth tells how far it stands turned, we turn back
        if page.rotation != upright:
            yield "rotation", f"{place}: {page.rotation}, not {upright}"


def show(packets: Sequence[PacketRead], console: Console) -> None:
    """The tables: accuracy of each field, of pages, and how honest the confidence is."""
    found = [outcome for packet in packets for outcome in outcomes(packet)]
    table = Table("field", "scans", "photos", "wrong or missed")
    for name in sorted({outcome.name for outcome in found}):
        own = [outcome for outcome in found if outcome.name == name and outcome.wanted is not None]
        halves = [[o for o in own if o.photographed is photo] for photo in (False, True)]
        table.add_row(name, *map(_share, halves), str(sum(not o.right for o in own)))
    console.print(table)
    for outcome in found:
        if not outcome.right:
            console.print(
                f"{outcome.packet} {outcome.name} {outcome.confidence}:"
                f" {outcome.read!r}, not {outcome.wanted!r}",
                highlight=False,
                markup=False,
            )
    for least in _SURE:
        sure = [o for o in found if o.confidence >= least]
        console.print(
            f"confidence ≥ {least}: {len(sure)} of {len(found)} fields, {_share(sure)} right"
        )
    _show_pages(packets, console)


def _show_pages(packets: Sequence[PacketRead], console: Console) -> None:
    errors = [error for packet in packets for error in page_errors(packet)]
    pages = sum(len(packet.truth["pages"]) for packet in packets)
    for what, text in errors:
        console.print(f"{what}: {text}", highlight=False)
    wrong = Counter(what for what, _text in errors)
    for what in ("kind", "rotation"):
        console.print(f"{what}: {1 - wrong[what] / pages:.1%} of {pages} pages right")


def _share(found: Sequence[FieldRead]) -> str:
    right = sum(outcome.right for outcome in found)
    return f"{right / len(found):.1%} of {len(found)}" if found else "–"


def main() -> None:
    """Read all packets and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path, help="folder with packets/ and truth/")
    parser.add_argument("--plain", type=int, default=20, help="pages to time plain RapidOCR on")
    options = parser.parse_args()
    console = Console(width=120)
    ocr.warm_up()
    packets, seconds, sample = [], defaultdict[str, float](float), list[PageImage]()
    for truth, files in pages_of(options.root):
        read = []
        for name, images in files:
            began = time.perf_counter()
            read.append((name, tuple(read_page(page.image, page.text_layer) for page in images)))
            seconds["all"] += time.perf_counter() - began
            sample += images if len(sample) < options.plain else []
        packets.append(PacketRead(truth, tuple(read)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(packets, console)
    pages = sum(len(packet.truth["pages"]) for packet in packets)
    console.print(f"{seconds['all'] / pages:.2f} s a page, {memory:.0f} MiB at most")
    console.print(f"beside plain RapidOCR on the same pages: {_ratio(sample):.2f} of its time")


def _ratio(sample: Sequence[PageImage]) -> float:
    """Our time over that of RapidOCR as it comes, page by page in turn."""
    from rapidocr import RapidOCR

    plain = RapidOCR(params={"Global.log_level": "error"})
    plain(np.full((320, 320, 3), 255, np.uint8))
    ours = theirs = 0.0
    for page in sample:
        began = time.perf_counter()
        read_page(page.image, page.text_layer)
        between = time.perf_counter()
        plain(np.asarray(page.image)[:, :, ::-1])
        ours, theirs = ours + between - began, theirs + time.perf_counter() - between
    return ours / theirs


if __name__ == "__main__":
    main()
