"""Reads the roster (名册) a unit sends: columns are found by their headings, in any order."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from documents.handed_in_sheets import NO_TABLE, SheetCell, SheetLine, TableSheet, sheets_of
from documents.packets.file_limits import USUAL_LIMITS, Limits
from documents.rosters.cells import (
    amount_of,
    birth_of,
    count_of,
    day_of,
    name_of,
    number_of,
    text_of,
)
from documents.rosters.elsewhere import refuse_people_elsewhere
from documents.rosters.engagement import term_of
from documents.rosters.headings import NEEDED, SPELLINGS, RosterColumn, columns_of
from documents.rosters.remarks import is_remark
from language import _
from rules.errors import BadInput
from rules.facts import SEX_WORDS, Sex
from rules.money import Fen

JOINS, RENEWS = "新参", "续保"
STAYS_OUT = "不续保"
"""What 参保类型 says of somebody who is on a pre-filled roster and is not to be enrolled."""

SAID_OF_STAFF = ("employment", "category", "status")
"""The columns that say how a worker is engaged; a sheet may have several of them."""

_HEADING_LINES = 20


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster; `row` is the sheet's own number, empty text is an empty cell.

    `birth` holds digits, 19850317 or only 198503. Of an amount and a day, None is an empty cell.
    `unreadable` names the fields whose cell holds something that cannot be understood. A
    `struck` row is struck through, an `unseen` one is hidden in the sheet.
    """

    row: int
    name: str = ""
    id_number: str = ""
    unit_name: str = ""
    phone: str = ""
    employment: str = ""
    category: str = ""
    status: str = ""
    enrolment: str = ""
    plan: str = ""
    bank_name: str = ""
    card: str = ""
    sex: Sex | None = None
    birth: str = ""
    engaged_on: date | None = None
    engaged_months: int | None = None
    shares: int = 1
    fee: Fen | None = None
    unit_part: Fen | None = None
    member_part: Fen | None = None
    subsidy: Fen | None = None
    consented_on: date | None = None
    consent_text: str = ""
    notes: str = ""
    unreadable: tuple[str, ...] = ()
    struck: bool = False
    unseen: bool = False

    @property
    def stays_out(self) -> bool:
        """Whether the unit marked him as not to be enrolled."""
        return self.enrolment == STAYS_OUT


@dataclass(frozen=True)
class Roster:
    """A sheet as it was read: the line of its headings, the lines below, the columns by field.

    Headings that come again may name other columns, from there on; `columns` has those of all.
    """

    headings: SheetLine
    lines: Sequence[SheetLine]
    columns: Mapping[str, RosterColumn]
    sheet: str = ""
    hidden: tuple[int, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The headings that are missing and that enrolment needs."""
        return [heading for field, heading in NEEDED.items() if field not in self.columns]

    def rows(self) -> Iterator[RosterRow]:
        """The rows of people; totals, remarks and signatures are skipped."""
        for line, values in self._personal:
            if not is_remark(line, values):
                yield RosterRow(row=line.row, struck=line.struck, unseen=line.unseen, **values)  # type: ignore[arg-type]

    def closing(self) -> list[int]:
        """The numbers of the lines under the people that speak of the roster and hold something
        where a person would have it."""
        return [line.row for line, values in self._personal if is_remark(line, values)]

    def blocks(self) -> Iterator[tuple[Mapping[str, RosterColumn], SheetLine]]:
        """Each line below the headings, with the columns that hold there."""
        columns = columns_of(self.headings.cells)
        for line in self.lines:
            if again := _headings_on(line):
                columns = again
            else:
                yield columns, line

    @cached_property
    def _personal(self) -> tuple[tuple[SheetLine, dict[str, object]], ...]:
        """The lines with something that only a person has, and what their cells mean."""
        if self.missing:
            return ()
        read = ((line, _values(line.cells, columns)) for columns, line in self.blocks())
        return tuple((line, values) for line, values in read if not _PERSONAL.isdisjoint(values))


def open_roster(content: bytes, limits: Limits = USUAL_LIMITS) -> Roster:
    """The first sheet with the headings, else the one that has most of them.

    BadInput where people stand elsewhere in the file: nobody is left out in silence.
    """
    sheets = list(sheets_of(content, limits))
    best = Roster(SheetLine(1, []), (), {})
    for sheet in sheets:
        for found in _candidates(sheet):
            if not found.missing:
                refuse_people_elsewhere(sheets, found)
                return found
            best = max(best, found, key=lambda roster: (-len(roster.missing), len(roster.columns)))
    if not best.columns and any(sheet.is_text for sheet in sheets):
        raise BadInput(_(NO_TABLE))
    return best


def read_roster(content: bytes, limits: Limits = USUAL_LIMITS) -> list[RosterRow]:
    """Every person on the roster; BadInput where a needed heading is missing."""
    roster = open_roster(content, limits)
    if roster.missing:
        raise BadInput(_("名册缺少表头：%(heading)s") % {"heading": "、".join(roster.missing)})
    return list(roster.rows())


def _candidates(sheet: TableSheet) -> Iterator[Roster]:
    """Each row that may hold the headings, with what stands below it."""
    for number, line in enumerate(sheet.lines[:_HEADING_LINES]):
        below = sheet.lines[number + 1 :]
        columns = columns_of(line.cells)
        if not NEEDED.keys() - columns:
            for again in filter(None, map(_headings_on, below)):
                columns = {**again, **columns}
        yield Roster(line, below, columns, sheet.name, sheet.hidden)


def _headings_on(line: SheetLine) -> dict[str, RosterColumn] | None:
    """The columns if these are headings; most lines have a digit, and that is seen at once."""
    if any(character.isdigit() for cell in line.cells for character in str(cell)):
        return None
    columns = columns_of(line.cells)
    return None if NEEDED.keys() - columns else columns


def _sex(cell: SheetCell) -> Sex:
    return _SEXES[text_of(cell).upper().removesuffix("性")]


def _text(cell: SheetCell) -> str:
    return text_of(cell)


def _term(cell: SheetCell) -> int:
    return term_of(unicodedata.normalize("NFKC", text_of(cell)))


_SEXES = {text: sex for sex in Sex for text in (sex.value, SEX_WORDS[sex])}
_KINDS: dict[str, Callable[[SheetCell], object]] = dict.fromkeys(SPELLINGS, _text) | {
    "name": name_of,
    "id_number": number_of,
    "phone": number_of,
    "card": number_of,
    "sex": _sex,
    "birth": birth_of,
    "engaged_on": day_of,
    "consented_on": day_of,
    "engaged_months": _term,
    "shares": count_of,
    **dict.fromkeys(("fee", "unit_part", "member_part", "subsidy"), amount_of),
}
# Fields only a person has: a row without any of them is a total or not filled in yet.
_PERSONAL = frozenset(
    {"name", "id_number", "phone", "card", "sex", "birth", "bank_name", "enrolment"}
    | set(SAID_OF_STAFF)
)


def _values(cells: Sequence[SheetCell], columns: Mapping[str, RosterColumn]) -> dict[str, object]:
    """What the filled cells mean, by field."""
    values: dict[str, object] = {}
    unreadable: tuple[str, ...] = ()
    for field, column in columns.items():
        cell = cells[column.place] if column.place < len(cells) else ""
        if isinstance(cell, str) and not cell.strip():
            continue
        try:
            if (value := _KINDS[field](cell)) != "":
                values[field] = value
        except (ValueError, KeyError):
            unreadable += (field,)
    if unreadable:
        values["unreadable"] = unreadable
    return values
