"""Finds the text that may hold a label's value: after, beside or below the label, or wrapped."""

import re
from collections.abc import Iterator, Sequence

from documents.plain_text import HAN
from documents.reading.deskew import Place
from documents.reading.field_names import FieldName
from documents.reading.numbers import FIGURES
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import Mark
from documents.reading.spans import Slice, Span

_SAME_ROW = 0.5
_STRADDLING = 1.0
"""Within so many heights of the label lie the two lines of a cell it is centred on,
each of them at least _OFF_CENTRE away."""
_OFF_CENTRE = 0.2
_NEXT_LINE = 1.1
_LINE_ABOVE = 0.5
_CELL_BELOW = 2.6
_MOST_LINES = 8
_UNKNOWN_LABEL = re.compile(rf"\s[{HAN}]{{1,8}}:")


def candidates(sheet: PageSheet, row: PageRow, mark: Mark) -> Iterator[Span]:
    """The spans where this label's value may stand, the likeliest first."""
    inline = Slice(row, mark.end, _next_start(row, mark))
    last_in_row = inline.end == len(row.text)
    if inline.text.strip():
        yield Span((inline,))
        if last_in_row and (beside := _beside(sheet, row, row.x(mark.end))):
            yield Span((inline, *beside), " ")
        return
    if last_in_row and (cell := _cell(sheet, row, row.x(mark.end))):
        yield cell
    if last_in_row and (beside := _beside(sheet, row, row.x(mark.end))):
        yield Span((beside[0],))
        yield Span(tuple(beside), " ")
    yield from _below(sheet, row, mark)
    yield from _next_line(sheet, row, mark)


def wrapped(sheet: PageSheet, piece: Span) -> Span:
    """The span with the continuation lines of its last line, up to the next label."""
    parts = list(piece.slices)
    first, lowest = parts[0].row, max((part.row for part in parts), key=_middle)
    reach = first.x(parts[0].start) + 4 * first.place.height
    is_beside = lowest.place.middle < first.place.middle + 0.5 * first.place.height
    last = first if is_beside else lowest
    while len(parts) < _MOST_LINES and (following := _continuation(sheet, parts, last, reach)):
        parts.append(following)
        last = following.row
    return Span(tuple(parts), piece.joint)


def _middle(row: PageRow) -> float:
    return row.place.middle


def whole_cell(sheet: PageSheet, piece: Span) -> Span:
    """The span with the lines above and below it in its cell."""
    parts = list(wrapped(sheet, piece).slices)
    while len(parts) < _MOST_LINES and (above := _line_above(sheet, parts[0])):
        parts.insert(0, above)
    return Span(tuple(parts), piece.joint)


def _next_start(row: PageRow, mark: Mark) -> int:
    end = next((other.start for other in row.marks if other.start >= mark.end), len(row.text))
    unknown = _UNKNOWN_LABEL.search(row.text, mark.end, end)
    if unknown and row.text[mark.end : unknown.start()].strip():
        end = unknown.start()
    # 支行(联行号:…)
    return end - 1 if row.text[mark.end : end].endswith("(") else end


def _beside(sheet: PageSheet, row: PageRow, x: float) -> list[Slice]:
    """Cells right of x, up to the next label."""
    parts = []
    for other in sheet.beside(row, x, _SAME_ROW):
        if other.free_until:
            parts.append(Slice(other, 0, other.free_until))
        if other.marks:
            break
    return parts


def _cell(sheet: PageSheet, row: PageRow, x: float) -> Span | None:
    """The nearest cell right of x, if its lines stand above and below the label's middle."""
    around = sheet.beside(row, x, _STRADDLING)
    if not around:
        return None
    first = around[0].place
    lines = sorted(
        (
            other
            for other in around
            if min(other.place.right, first.right) > max(other.place.left, first.left)
        ),
        key=lambda line: line.place.middle,
    )
    if len(lines) != 2 or any(line.marks for line in lines):
        return None
    above, below = ((line.place.middle - row.place.middle) / row.place.height for line in lines)
    close = lines[1].place.top - lines[0].place.low < _LINE_ABOVE * row.place.height
    if not (close and above < -_OFF_CENTRE and below > _OFF_CENTRE):
        return None
    return Span(tuple(Slice(line, 0, len(line.text)) for line in lines))


def _below(sheet: PageSheet, row: PageRow, mark: Mark) -> Iterator[Span]:
    left, right = row.x(mark.start), row.x(mark.end)
    if mark.field is FieldName.DIAGNOSES and not row.text[: mark.start].strip():
        left = _column_left(sheet, row)
    under = next(sheet.below(row, left, right), None)
    if (
        under is None
        or _is_of_another_column(sheet, row, under, (left, right))
        or _follows_a_label(sheet, under)
        or under.place.top - row.place.low > _CELL_BELOW * row.place.height
    ):
        return
    if under.free_until:
        yield Span((Slice(under, 0, under.free_until),))


def _is_of_another_column(
    sheet: PageSheet, heading: PageRow, under: PageRow, span: tuple[float, float]
) -> bool:
    """Whether a cell of figures stands under another heading of the same line more than under this
    one."""
    if not FIGURES.fullmatch(under.text):
        return False
    own = _shared(under, *span)
    others = (other for other in sheet.beside(heading, float("-inf"), _SAME_ROW) if other.marks)
    return any(_shared(under, other.place.left, other.place.right) > own for other in others)


def _follows_a_label(sheet: PageSheet, cell: PageRow) -> bool:
    """Whether the cell is the value of a label right before it in its line."""
    left = [
        other
        for other in sheet.beside(cell, float("-inf"), _SAME_ROW)
        if other.place.right <= cell.place.left
    ]
    marks = left[-1].marks if left else ()
    return bool(marks) and not left[-1].text[marks[-1].end :].strip()


def _shared(row: PageRow, left: float, right: float) -> float:
    return min(right, row.place.right) - max(left, row.place.left)


def _column_left(sheet: PageSheet, heading: PageRow) -> float:
    """Where the heading's column begins at the earliest: its texts stand flush left, and the
    heading in the middle."""
    place = heading.place
    return max(
        (
            other.place.right + place.height
            for other in sheet.rows
            if other.place.right < place.left
            and abs(other.place.middle - place.middle) < place.height
        ),
        default=place.left,
    )


def _next_line(sheet: PageSheet, row: PageRow, mark: Mark) -> Iterator[Span]:
    """The next line, where a sentence that ends after the label continues."""
    right = max(other.place.right for other in sheet.rows)
    if mark.end < len(row.text.rstrip()) or row.x(mark.end) < right - 4 * row.place.height:
        return
    for other in sheet.rows:
        gap = other.place.top - row.place.low
        if other.place.middle > row.place.low and gap < _NEXT_LINE * row.place.height:
            is_of_table = sheet.beside(other, other.place.right, _SAME_ROW)
            if other.free_until and not (is_of_table and FIGURES.fullmatch(other.text)):
                yield Span((Slice(other, 0, other.free_until),))
            return


def _continuation(
    sheet: PageSheet, parts: Sequence[Slice], last: PageRow, reach: float
) -> Slice | None:
    """The line below the last one that begins with the lines of the piece, left of `reach`."""
    height = last.place.height
    margin = min(part.row.place.left for part in parts)
    for other in sheet.rows:
        gap = other.place.top - last.place.low
        if other.place.middle <= last.place.middle + 0.5 * height or gap > _NEXT_LINE * height:
            continue
        is_flush = margin - height < other.place.left < reach
        if is_flush or _is_centred_under(last.place, other.place):
            return None if _labelled(sheet, other) else Slice(other, 0, len(other.text))
    return None


def _is_centred_under(line: Place, rest: Place) -> bool:
    """Whether the shorter line has the middle of the one above it, as in a centred cell."""
    apart = (line.left + line.right - rest.left - rest.right) / 2
    is_shorter = rest.right - rest.left < line.right - line.left
    return is_shorter and abs(apart) < line.height


def _line_above(sheet: PageSheet, first: Slice) -> Slice | None:
    if first.start:
        return None  # it follows its label
    place = first.row.place
    for other in reversed(sheet.rows):
        gap = place.top - other.place.low
        if (
            other.place.middle < place.middle - 0.5 * place.height
            and gap < _LINE_ABOVE * place.height
            and abs(other.place.left - place.left) < place.height
        ):
            return None if _labelled(sheet, other) else Slice(other, 0, len(other.text))
    return None


def _labelled(sheet: PageSheet, row: PageRow) -> bool:
    """Whether a label stands in the row or left of it."""
    if row.marks:
        return True
    return any(
        other.marks
        and other.place.right <= row.place.left + row.place.height
        and abs(other.place.middle - row.place.middle) < _SAME_ROW * row.place.height
        for other in sheet.rows
    )
