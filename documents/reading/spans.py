"""A piece of a page's text: parts of rows that together may hold one value."""

from __future__ import annotations

from typing import NamedTuple

from documents.boxes import Box
from documents.reading.page_layout import PageRow


class Slice(NamedTuple):
    """The characters from start to end of one row."""

    row: PageRow
    start: int
    end: int

    @property
    def text(self) -> str:
        """Those characters, plain."""
        return self.row.text[self.start : self.end]


class Span(NamedTuple):
    """Slices that together may hold a value."""

    slices: tuple[Slice, ...]
    joint: str = ""
    """The text between the slices: empty where a line was wrapped, spaces between cells."""

    @property
    def text(self) -> str:
        """All slices as one text."""
        if len(self.slices) == 1:
            return self.slices[0].text
        return self.joint.join(part.text for part in self.slices)

    def cut(self, start: int, end: int) -> Span:
        """The part of the span with these characters of its text."""
        if len(self.slices) == 1:
            [(row, first, last)] = self.slices
            return Span((Slice(row, first + start, min(first + end, last)),), self.joint)
        parts, offset = [], 0
        for part in self.slices:
            length = part.end - part.start
            first, last = max(start - offset, 0), min(end - offset, length)
            if first < last:
                parts.append(Slice(part.row, part.start + first, part.start + last))
            offset += length + len(self.joint)
        return Span(tuple(parts), self.joint)

    @property
    def confidence(self) -> float:
        """That of the weakest character that matters."""
        if len(self.slices) == 1:
            return _sure(self.slices[0])
        return min(map(_sure, self.slices), default=0.0)

    @property
    def box(self) -> Box:
        """The smallest box, on the upright page, around all the characters."""
        boxes = [_box(part) for part in self.slices]
        if len(boxes) == 1:
            return boxes[0]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


def _sure(part: Slice) -> float:
    line = part.row.line
    if not line.sure:
        return line.confidence
    span = zip(part.text, line.sure[part.start : part.end], strict=True)
    return min((sure / 100 for char, sure in span if char.isalnum()), default=line.confidence)


def _box(part: Slice) -> Box:
    left, top, right, low = part.row.line.box
    first, last = part.row.share(part.start), part.row.share(part.end)
    x0, x1 = left + first * (right - left), left + last * (right - left)
    if not part.row.line.corners:
        return round(x0), top, round(x1), low
    ay, by, cy, dy = part.row.line.corners[1::2]
    upper = [ay + share * (by - ay) for share in (first, last)]
    lower = [dy + share * (cy - dy) for share in (first, last)]
    return round(x0), round(min(upper)), round(x1), round(max(lower))
