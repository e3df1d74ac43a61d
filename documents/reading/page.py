"""The reading of one page: its kind, how it must be turned, and its lines of text."""

from __future__ import annotations

import json
from dataclasses import dataclass

from documents.boxes import Box
from documents.kinds import Kind


@dataclass(frozen=True)
class TextLine:
    """One line of text.

    `text` holds a space where a gap was seen and two where the gap is wider than a character.
    `confidence` is that of the weakest character: a line is right only if every character is.
    """

    text: str
    confidence: float
    box: Box
    corners: tuple[int, ...] = ()
    """The text's four corners x, y, clockwise from its top left; empty when it lies square."""
    at: tuple[int, ...] = ()
    """For each character of `text`, its middle along the line in thousandths; empty if unknown."""
    sure: tuple[int, ...] = ()
    """For each character of `text`, its confidence in hundredths; empty if unknown."""


KIND_SURE_FROM = 0.7
"""Pages that are what they were taken for reach more, but for photos of dense sheets; a consent to
an operation that passed for the record of it did not."""


@dataclass(frozen=True)
class PageReading:
    """The reading of one page.

    `rotation` is how many degrees clockwise the stored page (after its EXIF orientation has been
    applied) must be turned to stand upright: 0, 90, 180 or 270. `width`, `height` and all boxes
    are pixels of the page turned that way. `also` lists further papers copied on the same page,
    `notes` what the page's file says besides, as codes of `PageNote`.
    """

    kind: Kind
    kind_confidence: float
    rotation: int
    confidence: float
    width: int
    height: int
    lines: tuple[TextLine, ...]
    also: tuple[Kind, ...] = ()
    notes: tuple[str, ...] = ()
    picture: str = ""
    """A hash of its looks (`picture_hash`); empty where there is none."""

    @property
    def kind_is_guessed(self) -> bool:
        """Whether it is no more than a guess what kind of paper the page is."""
        return self.kind is not Kind.OTHER and self.kind_confidence < KIND_SURE_FROM

    def written_part(self) -> Box | None:
        """The part of the page that holds what is written, with a margin; None if nothing is."""
        boxes = [line.box for line in self.lines]
        if not boxes:
            return None
        left, top = (min(box[side] for box in boxes) for side in (0, 1))
        right, low = (max(box[side] for box in boxes) for side in (2, 3))
        margin = max(right - left, low - top) // 8
        wide, high = min(right + margin, self.width), min(low + margin, self.height)
        return (max(left - margin, 0), max(top - margin, 0), wide, high)

    def to_json(self) -> str:
        """As JSON text; `from_json` gives an equal reading."""
        record = {**vars(self), "lines": [_line_record(line) for line in self.lines]}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> PageReading:
        """Read what `to_json` wrote."""
        record = json.loads(text)
        record["kind"] = Kind(record["kind"])
        record["also"] = tuple(Kind(kind) for kind in record["also"])
        record["notes"] = tuple(record.get("notes", ()))
        record["lines"] = tuple(_line(line) for line in record["lines"])
        return PageReading(**record)


def _line_record(line: TextLine) -> dict[str, object]:
    return {name: value for name, value in vars(line).items() if value != ()}


def _line(record: dict[str, object]) -> TextLine:
    return TextLine(**{n: tuple(v) if isinstance(v, list) else v for n, v in record.items()})  # type: ignore[arg-type]
