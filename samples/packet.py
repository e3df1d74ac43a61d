"""A claim packet: its papers, how each arrived, and the result the office should reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from samples.case import Case
from samples.papers import PaperKind

# digital is a PDF of text, straight from the office that issued it; every other is a picture.
Handling = Literal["plain", "scan", "grey", "fax", "thermal", "photo", "bad_photo", "digital"]
PacketForm = Literal["folder", "pdf", "zip", "tiff"]
Turn = Literal[0, 90, 180, 270]
SampleOutcome = Literal[
    "pay", "deny", "refer", "incomplete", "check", "duplicate", "objection", "not_judged"
]
Difficulty = Literal["clean", "scan", "phone"]
_SEEN_BY: dict[str, Difficulty] = {
    "plain": "clean",
    "digital": "clean",
    "scan": "scan",
    "grey": "scan",
    "fax": "scan",
    "thermal": "scan",
    "photo": "phone",
    "bad_photo": "phone",
}
ENDINGS: dict[PacketForm, str] = {"folder": "", "pdf": ".pdf", "zip": ".zip", "tiff": ".tif"}


@dataclass(frozen=True)
class SamplePaper:
    """One page: its kind, how it came, and by how many degrees clockwise it then was turned."""

    kind: PaperKind
    handling: Handling = "scan"
    turn: Turn = 0
    # Cards are often copied on a white page, the front and the back together.
    on_page: bool = False
    also: tuple[PaperKind, ...] = ()
    # Which of the heirs the paper is about.
    heir: int = 0
    # A phone stores the picture as the sensor saw it and says in a tag how to turn it.
    tagged: bool = False
    ending: Literal["jpg", "png", "heic"] = "jpg"
    # The layout file that it is printed from; empty: one of those in the code.
    layout: str = ""
    # What it is printed from, where that is not the packet's own case.
    case: Case | None = None


@dataclass(frozen=True)
class Expected:
    """The result the office should reach for the packet under the plan main-2020."""

    outcome: SampleOutcome
    reason: str = ""
    amount: str = ""
    missing: tuple[PaperKind, ...] = ()
    disagreements: tuple[str, ...] = ()
    answer: str = ""
    """What a person answers to the question of a referred one (rules/questions.toml); `accepted`
    where he lets what the check found stand as it is."""
    told: Mapping[str, str] = field(default_factory=dict)
    """What he then fills in of the event, where the answer is facts."""

    @property
    def ends(self) -> str:
        """Where people bring it in the end: to money, to a denial, or no further."""
        if self.outcome in ("incomplete", "check", "duplicate", "not_judged") and not self.answer:
            return self.outcome
        return f"paid {self.amount}" if self.amount not in ("", "0.00") else "denied"


@dataclass(frozen=True)
class SamplePacket:
    name: str
    form: PacketForm
    case: Case
    papers: tuple[SamplePaper, ...]
    expected: Expected
    note: str
    # Papers that differ from the case, by kind.
    printed_wrong: Mapping[PaperKind, Case] = field(default_factory=dict)
    # What the pictures are drawn from; a packet with the seed of another is that packet again.
    drawn_from: str = ""

    @property
    def seed(self) -> str:
        return self.drawn_from or self.name

    @property
    def file_name(self) -> str:
        return self.name + ENDINGS[self.form]

    def file_names(self) -> list[str]:
        """The file of each page inside the packet; the packet's own where it is one file."""
        if self.form in ("pdf", "tiff"):
            return [self.file_name] * len(self.papers)
        endings = ("pdf" if paper.handling == "digital" else paper.ending for paper in self.papers)
        return [f"{place:02d}.{ending}" for place, ending in enumerate(endings, 1)]


def difficulty(handlings: Sequence[str]) -> Difficulty:
    """How hard a packet of pages that came so is to read: as hard as its hardest page."""
    found = {_SEEN_BY[one] for one in handlings}
    return "phone" if "phone" in found else "scan" if "scan" in found else "clean"
