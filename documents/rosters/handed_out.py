"""Writes the rosters that the office hands out: template, faulty rows, next year's draft."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from documents.check_digits import birth_date_of, id_number_is_valid
from documents.masks import mask_card, mask_id, mask_numbers, mask_phone
from documents.packets.file_limits import USUAL_LIMITS, Limits
from documents.rosters.cells import text_of
from documents.rosters.check import RosterCheck
from documents.rosters.roster_file import RENEWS, STAYS_OUT, RosterRow, open_roster
from documents.rosters.roster_template import WIDTHS, write_how_to, write_roster
from documents.rosters.styled_workbook import Book
from language import _
from rules.enrolment import age_allows
from rules.money import Fen
from rules.plans import Plan

CellShown = Callable[[str | None, str], str]
"""What is written for the text of a cell in the column of this field (None: of no field)."""
_MASKS = {"id_number": mask_id, "card": mask_card, "phone": mask_phone}


@dataclass(frozen=True)
class RenewalLine:
    """A member of last year's cover, as known now; `left_on` is when he retired or left.

    `born` is for a line whose ID number is masked; otherwise the number tells it.
    """

    name: str
    id_number: str
    phone: str = ""
    employment: str = ""
    bank_name: str = ""
    card: str = ""
    shares: int = 1
    left_on: date | None = None
    born: date | None = None


def write_template(rows: Sequence[RosterRow] = ()) -> bytes:
    """The office's roster, empty or with these rows; a second sheet says how to fill it in."""
    return _roster(rows, frozenset())


def write_renewal_roster(
    unit_name: str, plan: Plan, starts_on: date, lines: Sequence[RenewalLine]
) -> bytes:
    """Last year's members for the next cover; those who left or are too old are shown in grey."""
    rows = [
        _renewed(number, line, unit_name, plan, _why_not(line, plan, starts_on))
        for number, line in enumerate(lines, 1)
    ]
    return _roster(rows, frozenset(row.row for row in rows if row.stays_out))


def in_full(_field: str | None, text: str) -> str:
    """A cell of a roster as it came."""
    return text


def masked(field: str | None, text: str) -> str:
    """A cell of a roster for whom the numbers in it are not."""
    return _MASKS.get(field or "", mask_numbers)(text)


def write_faulty_rows(
    content: bytes,
    check: RosterCheck,
    limits: Limits = USUAL_LIMITS,
    shown: CellShown = in_full,
) -> bytes:
    """The faulty rows of a roster as they came, each with its row and what is wrong with it."""
    roster = open_roster(content, limits)
    fields = {column.place: field for field, column in roster.columns.items()}
    book = Book()
    page = book.page(_("需改正的行"), frozen=2)
    page.heading(0, _("原表行号"), 10)
    page.heading(1, _("问题"), 56)
    for place, cell in enumerate(roster.headings.cells, 2):
        page.heading(place, text_of(cell), WIDTHS.get(fields.get(place - 2, ""), 12))
    cells_of = {line.row: line.cells for line in roster.lines}
    for at, (row, found) in enumerate(groupby(check.faults, lambda fault: fault.row), 1):
        faults = list(found)
        page.lines(at, len(faults))
        page.put(at, 0, row)
        page.put(at, 1, "\n".join(f"{fault.column}：{fault.text}" for fault in faults), "wrapped")
        faulty = {fault.column for fault in faults}
        for place, cell in enumerate(cells_of.get(row, ())):
            heading = _heading(roster.headings.cells, place)
            looks = ("faulty",) if heading in faulty else ()
            field = fields.get(place)
            text = text_of(cell)
            written = shown(field, text)
            as_text = isinstance(cell, str) or field in _MASKS or written != text
            page.put(at, place + 2, written if as_text else cell, *looks)
    return book.content()


def _heading(cells: Sequence[object], place: int) -> str:
    return str(cells[place]).strip() if place < len(cells) else ""


def _roster(rows: Sequence[RosterRow], greyed: frozenset[int]) -> bytes:
    book = Book()
    write_roster(book, rows, greyed)
    write_how_to(book)
    return book.content()


def _renewed(number: int, line: RenewalLine, unit_name: str, plan: Plan, why: str) -> RosterRow:
    terms = plan.enrolment
    fee, subsidy = terms.fee.value, terms.subsidy.value if terms.subsidy else None
    return RosterRow(
        row=number,
        name=line.name,
        id_number=line.id_number,
        unit_name=unit_name,
        phone=line.phone,
        employment=line.employment,
        enrolment=STAYS_OUT if why else RENEWS,
        plan=plan.code,
        bank_name=line.bank_name,
        card=line.card,
        shares=line.shares,
        fee=None if why or fee is None else Fen(fee * line.shares),
        subsidy=None if why or subsidy is None else Fen(subsidy * line.shares),
        notes=why,
    )


def _why_not(line: RenewalLine, plan: Plan, starts_on: date) -> str:
    """Why the member cannot be enrolled again; empty if he can."""
    if line.left_on is not None and line.left_on < starts_on:
        return _("%(day)s 已退休或离开单位") % {"day": line.left_on}
    born = line.born
    if born is None and id_number_is_valid(line.id_number):
        born = birth_date_of(line.id_number)
    if born is None or age_allows(plan, born, starts_on):
        return ""
    most = plan.enrolment.age_most.value
    return _("%(start)s 已超过 %(most)s 周岁") % {"start": starts_on, "most": most}
