"""One value of one field: what was read, where, and how much its paper is trusted."""

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from documents.boxes import Box
from documents.kinds import Kind
from documents.reading.field_names import FieldName
from documents.reading.found_value import Diagnosis, FoundValue, Value
from documents.reading.page_layout import PageSheet
from documents.reading.spans import Span


def _load_sources() -> dict[FieldName, dict[Kind, float]]:
    path = Path(__file__).with_name("sources.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        FieldName(name): {Kind(kind): weight for kind, weight in table.items()}
        for name, table in tables.items()
    }


SOURCES = _load_sources()

SourcePaper = tuple[int, int]
"""A paper of a claim: the index of its page and its number on that page."""


@dataclass(frozen=True)
class FieldValue:
    """One value of a field and where it was read."""

    name: FieldName
    value: Value
    confidence: float
    page_index: int
    part: Span
    kind: Kind = Kind.OTHER
    """The kind of the page it came from."""
    clarity: float = field(default=1.0, compare=False)
    """How clearly the characters were seen, regardless of their meaning."""
    paper: int = field(default=0, compare=False)
    """Which of the papers on its page it came from."""
    is_guessed: bool = field(default=False, compare=False)
    """Whether the kind of its paper is a guess: it bears out no value of another."""
    in_passing: bool = field(default=False, compare=False)
    """Whether a sentence mentions it, which may tell of something else than this stay."""

    @property
    def source(self) -> SourcePaper:
        """The paper it came from, among all papers of the claim."""
        return self.page_index, self.paper

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What it lists; empty where it is no list."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def told(self) -> str:
        """The value as text; diagnoses without codes, because not every paper prints codes."""
        if isinstance(self.value, tuple):
            return "\n".join(one.text for one in self.value)
        return str(self.value)

    @cached_property
    def letters(self) -> str:
        """What it tells without dots, brackets and blanks."""
        return "".join(filter(str.isalnum, self.told))

    @property
    def printed(self) -> str:
        """Its characters as they were read, without blanks."""
        return "".join(
            part.row.line.text[part.start : part.end] for part in self.part.slices
        ).replace(" ", "")

    @property
    def line(self) -> str:
        """The whole lines in which they stand."""
        return " ".join(part.row.line.text for part in self.part.slices)

    @property
    def box(self) -> Box:
        """Where its characters stand, in pixels of the upright page."""
        return self.part.box


def offer(
    sheet: PageSheet,
    name: FieldName,
    piece: Span,
    found: FoundValue,
    page: int,
    weight: float = 1.0,
) -> tuple[FieldValue, ...]:
    """The find as a field value; nothing if this kind of paper does not count for the field."""
    best = _best_source(name, sheet.kinds)
    if best is None:
        return ()
    source, kind = best
    part = piece.cut(found.start, found.end)
    clarity = part.confidence
    sure = round(clarity * found.quality * weight * source, 4)
    return (FieldValue(name, found.value, sure, page, part, kind, clarity),)


@cache
def _best_source(name: FieldName, kinds: tuple[Kind, ...]) -> tuple[float, Kind] | None:
    """The paper on the page that is trusted most for the field, and how much."""
    of_field = SOURCES[name]
    return max(((of_field[kind], kind) for kind in kinds if kind in of_field), default=None)
