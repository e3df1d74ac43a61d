"""Reads the lines of a bank's reply out of whatever table holds them.

Banks put titles above and remarks below, name the columns in their own words and begin a second
sheet when one is full. What a heading or the first word of a row means is data
(`reply_headings.toml`).
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from banking.sheets import ListColumn, ListRow
from documents.handed_in_sheets import SheetCell, TableSheet
from language import _
from rules.errors import BadInput
from rules.money import Fen, fen, yuan

_NEEDED = ("result", "account", "name", "amount")
_MARKS = "*:#·.、"
_BRACKETS = re.compile(r"\([^)]*\)")
_ACCOUNT = re.compile(r"(?=(?:\D*\d){4})[\d*xX•]{8,30}")
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
    tables: list[tuple[str, list[ListRow]]] = []
    headless: list[str] = []
    for sheet in sheets:
        if (below := _below_headings(sheet, words)) is not None:
            tables.append((sheet.name, below))
        elif any(_is_of_a_payment(line.cells) for line in sheet.lines):
            headless.append(sheet.name)
    if headless or not tables:
        raise BadInput(_no_headings(headless if tables else [], words))
    if len(tables) == 1:
        return tables[0][1]
    return [replace(row, sheet=name) for name, below in tables for row in below]


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
        if _is_account(row.cells["account"]) or not _is_below(line.cells, words):
            rows.append(row)
            since_sum.append(row)
        elif _first(line.cells).startswith(words.sums):
            _refuse_other_sum(row, line.cells, rows, since_sum)
            since_sum = []
    return None if places is None else rows


def _is_below(cells: Sequence[SheetCell], words: _Words) -> bool:
    """Whether the bank writes here about the lines above."""
    return _first(cells).startswith(words.below) or sum(cell != "" for cell in cells) == 1


def _first(cells: Sequence[SheetCell]) -> str:
    return next((text for cell in cells if (text := _plain(cell))), "")


def _is_of_a_payment(cells: Sequence[SheetCell]) -> bool:
    """Whether an account and a sum stand beside each other, not of who pays."""
    is_of_payer = any("付款" in str(cell) for cell in cells)
    sums = any(isinstance(cell, float) or _SUM.search(cell) for cell in cells)
    return sums and not is_of_payer and any(map(_is_account, cells))


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
        if headings.count(heading) > 1:
            raise BadInput(_("表头中“%(heading)s”出现了两次") % {"heading": heading})
        places[field] = [headings.index(heading)]
    taken = {place for found in places.values() for place in found}
    for field, spellings in words.gathered.items():
        places[field] = [
            place for place, text in enumerate(headings) if text in spellings and place not in taken
        ]
    return places if places["result"] else None


def _plain(cell: SheetCell) -> str:
    """A heading without blanks, marks and what stands in brackets."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell)))
    return _BRACKETS.sub("", text).strip(_MARKS)


def _row(number: int, cells: Sequence[SheetCell], places: _Places, words: _Words) -> ListRow:
    """The line; what is gathered from several columns stands one below the other."""
    values: dict[str, str | float] = {}
    for field, found in places.items():
        there = [cells[place] for place in found if place < len(cells)]
        if field in words.single:
            values[field] = there[0] if there else ""
        else:
            values[field] = "\n".join(filter(None, map(_text, there)))
    return ListRow(number, values, words.headings)


def _text(cell: SheetCell) -> str:
    """A code that a spreadsheet keeps as a number is no 3031.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _refuse_other_sum(row: ListRow, cells: Sequence[SheetCell], *summed: Sequence[ListRow]) -> None:
    """The bank's sum must be that of all lines or of those since its last one.

    Where cells are merged it need not stand in the column of the amounts. Nothing is compared where
    a line has no readable sum: it waits for a person, and the others count.
    """
    try:
        totals = {Fen(sum(each.amount("amount") for each in rows)) for rows in summed}
    except BadInput:
        return
    counts = {Fen(100 * len(rows)) for rows in summed}
    if str(row.cells["amount"]).strip():
        told = [row.amount("amount")]
    else:
        told = [figure for figure in _sums_in(cells) if figure and figure not in counts]
    # A footer may also part the sum: 成功 2 笔 5000.50 元，失败 1 笔 101.00 元.
    if told and not totals & {*told, Fen(sum(told))}:
        why = _("合计与逐笔相加的 %(total)s 元不符") % {"total": yuan(max(totals))}
        raise BadInput(row.fault("amount", why))


def _sums_in(cells: Sequence[SheetCell]) -> Iterator[Fen]:
    for cell in cells:
        for text in [f"{cell:.2f}"] if isinstance(cell, float) else _SUM.findall(cell):
            yield fen(text.replace(",", ""))


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
