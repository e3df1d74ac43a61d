"""Reads the lines of a bank's reply out of whatever table holds them.

Banks put titles above and remarks below, name the columns in their own words and begin a second
sheet when one is full. What a heading or the first word of a row means is data
(`reply_headings.toml`).
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from banking.sheets import ListColumn, ListRow
from documents.handed_in_sheets import SheetCell, TableSheet
from language import _
from rules.errors import BadInput
from rules.money import Fen, yuan

_NEEDED = ("result", "account", "name", "amount")
_MARKS = "*:#·.、"
_BRACKETS = re.compile(r"\([^)]*\)")
_ACCOUNT = re.compile(r"\d[\d*xX•]{6,28}\d")
_SUM = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)\.\d\d(?!\d)")


@dataclass(frozen=True)
class _Words:
    """reply_headings.toml, and the headings of the format that was sent."""

    single: Mapping[str, Sequence[str]]
    gathered: Mapping[str, Sequence[str]]
    headings: Mapping[str, str]
    sums: tuple[str, ...]
    below: tuple[str, ...]
    """With which a row begins that is no payment; the sums are among them."""


_Places = Mapping[str, Sequence[int]]


def reply_rows(sheets: Iterable[TableSheet], sent: Sequence[ListColumn]) -> Sequence[ListRow]:
    """The lines of every sheet; BadInput where accounts stand under no headings, or where a sum
    that the bank wrote does not add up.

    `sent` are the columns of the format in which the payments went out: their headings count too.
    """
    words = _words(tuple(sent))
    rows: list[ListRow] = []
    headless: list[str] = []
    has_headings = False
    for sheet in sheets:
        below = _below_headings(sheet, words)
        has_headings = has_headings or below is not None
        if below is not None:
            rows += below
        elif any(_is_account(cell) for line in sheet.lines for cell in line.cells):
            headless.append(sheet.name)
    if headless or not has_headings:
        raise BadInput(_no_headings(headless if has_headings else [], words))
    return rows


def _below_headings(sheet: TableSheet, words: _Words) -> list[ListRow] | None:
    """The payments of one sheet, in all its tables; None where it has no headings."""
    places: _Places | None = None
    rows: list[ListRow] = []
    since_sum: list[ListRow] = []
    for line in sheet.lines:
        has_account = any(map(_is_account, line.cells))
        if not has_account and (found := _places(line.cells, words)):
            places = found
            continue
        if places is None:
            continue
        row = _row(line.row, line.cells, places, words)
        if _is_account(row.cells["account"]) or not _begins_with(line.cells, words.below):
            if any(row.cells[each] != "" for each in _NEEDED):
                rows.append(row)
                since_sum.append(row)
        elif _begins_with(line.cells, words.sums):
            _refuse_other_sum(row, line.cells, rows, since_sum)
            since_sum = []
    return None if places is None else rows


def _is_account(cell: SheetCell) -> bool:
    """Whether a cell holds an account, also one masked, grouped or kept as a quantity."""
    if isinstance(cell, float):
        return cell >= 10**11
    return _ACCOUNT.fullmatch(re.sub(r"[\s-]", "", cell)) is not None


def _no_headings(headless: Sequence[str], words: _Words) -> str:
    wanted = "、".join(words.headings[each] for each in (*_NEEDED, "reference"))
    sentence = _("找不到表头，应有各列：%(columns)s") % {"columns": wanted}
    if not headless:
        return sentence
    return _("工作表 %(sheets)s：%(why)s") % {"sheets": "、".join(headless), "why": sentence}


def _places(cells: Sequence[SheetCell], words: _Words) -> _Places | None:
    """The columns of each field, if this row is a heading row."""
    headings = [_plain(cell) for cell in cells]
    places: dict[str, Sequence[int]] = {}
    for field, spellings in words.single.items():
        heading = next((each for each in spellings if each in headings), None)
        if heading is None:
            return None
        places[field] = [place for place, text in enumerate(headings) if text == heading]
    if doubled := next((field for field, found in places.items() if len(found) > 1), None):
        heading = headings[places[doubled][0]]
        raise BadInput(_("表头中“%(heading)s”出现了两次") % {"heading": heading})
    taken = {place for found in places.values() for place in found}
    for field, spellings in words.gathered.items():
        places[field] = [
            place for place, text in enumerate(headings) if text in spellings and place not in taken
        ]
    return places


def _plain(cell: SheetCell) -> str:
    """A heading without blanks, marks and what stands in brackets."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell)))
    return _BRACKETS.sub("", text).strip(_MARKS)


def _row(number: int, cells: Sequence[SheetCell], places: _Places, words: _Words) -> ListRow:
    values: dict[str, str | float] = {}
    for field, found in places.items():
        there = [cells[place] for place in found if place < len(cells)]
        if field in words.single:
            values[field] = there[0] if there else ""
        else:
            values[field] = " ".join(filter(None, map(_text, there)))
    return ListRow(number, values, words.headings)


def _text(cell: SheetCell) -> str:
    """A code that a spreadsheet keeps as a number is no 3031.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _begins_with(cells: Sequence[SheetCell], words: tuple[str, ...]) -> bool:
    first = next((text for cell in cells if (text := _plain(cell))), "")
    return first.startswith(words)


def _refuse_other_sum(row: ListRow, cells: Sequence[SheetCell], *summed: Sequence[ListRow]) -> None:
    """The bank's sum must be that of all lines or of those since its last one.

    Where cells are merged it need not stand in the column of the amounts.
    """
    totals = {Fen(sum(each.amount("amount") for each in rows)) for rows in summed}
    counts = {Fen(100 * len(rows)) for rows in summed}
    if str(row.cells["amount"]).strip():
        told = {row.amount("amount")}
    else:
        told = set(_sums_in(row, cells)) - counts
    if told and not told & totals:
        why = _("合计与逐笔相加的 %(total)s 元不符") % {"total": yuan(max(totals))}
        raise BadInput(row.fault("amount", why))


def _sums_in(row: ListRow, cells: Sequence[SheetCell]) -> Iterator[Fen]:
    for cell in cells:
        spelled = [f"{cell:.2f}"] if isinstance(cell, float) else _SUM.findall(str(cell))
        for text in spelled:
            yield ListRow(row.number, {"amount": text}, row.headings).amount("amount")


@cache
def _words(sent: tuple[ListColumn, ...]) -> _Words:
    text = Path(__file__).with_name("reply_headings.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    own = {column.field: [column.heading, *column.also] for column in sent}
    single = {field: [*own.get(field, ()), *known] for field, known in raw["columns"].items()}
    gathered = {field: [*own.get(field, ()), *known] for field, known in raw["gathered"].items()}
    return _Words(
        single=single,
        gathered=gathered,
        headings={field: known[0] for field, known in (single | gathered).items()},
        sums=tuple(raw["below"]["sums"]),
        below=(*raw["below"]["sums"], *raw["below"]["remarks"]),
    )
