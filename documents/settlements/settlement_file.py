"""Reads a settlement file: one stay in a row, each fault named by row and column."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from documents.check_digits import id_number_is_valid
from documents.handed_in_sheets import SheetCell, SheetLine, TableSheet, sheets_of
from documents.packets.file_limits import Limits
from documents.rosters.cells import amount_of, day_of, name_of, number_of, text_of
from language import N_, _
from rules.errors import BadInput
from rules.money import Fen

MOST_STAYS = 2000
"""Rows of one file; what is more is handed in as two."""
_NO_SHEET = N_("没有找到结算数据的表头：%(needed)s")
_HEADING_ROWS = 10


@dataclass(frozen=True)
class SettledStay:
    """One stay as the medical-insurance side settled it; sums it does not name are None."""

    row: int
    name: str
    id_number: str
    hospital: str
    admitted_on: date
    discharged_on: date
    diagnosis: str
    total: Fen | None
    fund: Fen | None
    own: Fen | None


@dataclass(frozen=True)
class StayFault:
    """What is wrong with a row: its number, the column's heading, the sentence."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class SettlementFile:
    """The stays of a file and the faults of the rows that are none."""

    stays: tuple[SettledStay, ...]
    faults: tuple[StayFault, ...]


class _FaultyCell(Exception):
    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def read_settlements(content: bytes, limits: Limits) -> SettlementFile:
    """The rows of every sheet that has the headings; BadInput if none has."""
    stays: list[SettledStay] = []
    faults: list[StayFault] = []
    found = False
    for sheet in sheets_of(content, limits):
        if (headed := _headed(sheet)) is None:
            continue
        found = True
        columns, lines = headed
        for line in lines:
            _take(line, columns, stays, faults)
    if not found:
        needed = "、".join(_headings()[field][0] for field in _layout()["needed"])
        raise BadInput(_(_NO_SHEET) % {"needed": needed})
    if len(stays) > MOST_STAYS:
        raise BadInput(_("一个文件最多 %(rows)s 行，请分成几个文件") % {"rows": MOST_STAYS})
    sound, again = _said_once(stays)
    return SettlementFile(sound, tuple(sorted((*faults, *again), key=lambda fault: fault.row)))


def _take(
    line: SheetLine,
    columns: Mapping[str, int],
    stays: list[SettledStay],
    faults: list[StayFault],
) -> None:
    cells = {
        field: line.cells[place] for field, place in columns.items() if place < len(line.cells)
    }
    if not text_of(cells.get("id_number", "")) and not text_of(cells.get("admitted_on", "")):
        return  # a total or a signature
    try:
        stays.append(_stay(line.row, cells))
    except _FaultyCell as fault:
        heading = _headings()[fault.field][0]
        faults.append(StayFault(line.row, heading, fault.sentence))


def _stay(row: int, cells: Mapping[str, SheetCell]) -> SettledStay:
    id_number = number_of(cells.get("id_number", ""))
    if not id_number_is_valid(id_number):
        raise _FaultyCell("id_number", _("证件号码校验不通过"))
    days = {field: _day(cells, field) for field in ("admitted_on", "discharged_on")}
    if days["discharged_on"] < days["admitted_on"]:
        raise _FaultyCell("discharged_on", _("出院早于入院"))
    for field in ("name", "hospital"):
        if not text_of(cells.get(field, "")):
            raise _FaultyCell(field, _("没有填"))
    return SettledStay(
        row=row,
        name=name_of(cells["name"]),
        id_number=id_number,
        hospital=name_of(cells["hospital"]),
        admitted_on=days["admitted_on"],
        discharged_on=days["discharged_on"],
        diagnosis=text_of(cells.get("diagnosis", "")),
        total=_sum(cells, "total"),
        fund=_sum(cells, "fund"),
        own=_sum(cells, "own"),
    )


def _day(cells: Mapping[str, SheetCell], field: str) -> date:
    try:
        return day_of(cells.get(field, ""))
    except ValueError as error:
        raise _FaultyCell(field, _("不是日期")) from error


def _sum(cells: Mapping[str, SheetCell], field: str) -> Fen | None:
    cell = cells.get(field, "")
    if not text_of(cell):
        return None
    try:
        return amount_of(cell)
    except ValueError as error:
        raise _FaultyCell(field, _("不是金额，或为负数")) from error


def _said_once(stays: Sequence[SettledStay]) -> tuple[tuple[SettledStay, ...], list[StayFault]]:
    """The first row of each stay, and a fault for each further one, whatever it says.

    Rows of several sheets have the same numbers, so none is told apart by its number.
    """
    first: dict[tuple[str, str, date], SettledStay] = {}
    faults = []
    for stay in stays:
        known = first.setdefault((stay.id_number, stay.hospital, stay.admitted_on), stay)
        if known is not stay:
            sentence = _("与第 %(row)s 行是同一次住院") % {"row": known.row}
            faults.append(StayFault(stay.row, _headings()["admitted_on"][0], sentence))
    return tuple(first.values()), faults


def _headed(sheet: TableSheet) -> tuple[dict[str, int], list[SheetLine]] | None:
    """The columns by field and the lines below the headings; None where they are not there."""
    for at, line in enumerate(sheet.lines[:_HEADING_ROWS]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(line.cells):
            if (field := _fields().get(_plain(cell))) and field not in columns:
                columns[field] = place
        if columns.keys() >= set(_layout()["needed"]):
            return columns, sheet.lines[at + 1 :]
    return None


def _plain(heading: SheetCell) -> str:
    text = unicodedata.normalize("NFKC", text_of(heading))
    return re.sub(r"[\s*:]", "", re.split(r"[(\[]", text)[0])


@cache
def _layout() -> Mapping[str, list[str]]:
    text = Path(__file__).with_name("layout.toml").read_text(encoding="utf-8")
    found: Mapping[str, list[str]] = tomllib.loads(text)
    return found


def _headings() -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = _layout()["headings"]  # type: ignore[assignment]
    return found


@cache
def _fields() -> Mapping[str, str]:
    return {spelling: field for field, spellings in _headings().items() for spelling in spellings}
