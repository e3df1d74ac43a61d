"""The papers for a unit whose members are covered: the confirmation (参保确认书) and the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.letters.contents import Issued, LetterKind
from documents.rosters.styled_workbook import Book, BookValue
from language import _
from rules.facts import SEX_WORDS
from rules.money import Fen


@dataclass(frozen=True, kw_only=True)
class CoverConfirmation(Issued):
    """参保确认书: who is covered under which plan from when to when, and what was paid for it."""

    kind = LetterKind.COVER_CONFIRMATION
    unit_name: str
    unit_code: str
    plan_name: str
    plan_cited: str | None
    """The document that the plan is from; None where it is not from a numbered one."""
    cover_from: date
    cover_to: date
    members: int
    shares: int
    own_part: Fen
    """The part of the unit and its members."""
    subsidy: Fen
    whole: Fen
    served_since: date | None
    """The first day of the unbroken renewals that lead here; None if this is the first cover."""


@dataclass(frozen=True)
class CoveredMember:
    """One line of the list; numbers are masked because the list leaves the office."""

    name: str
    sex: str
    id_masked: str
    bank_name: str
    card_masked: str
    shares: int
    own_part: Fen
    subsidy: Fen


def write_member_list(members: Sequence[CoveredMember], cover_from: date, cover_to: date) -> bytes:
    """The members covered, as a spreadsheet."""
    book = Book()
    page = book.page(_("参保人员名单"), frozen=2)
    headings = (
        (_("序号"), 7),
        (_("姓名"), 12),
        (_("性别"), 7),
        (_("证件号码"), 24),
        (_("开户行"), 24),
        (_("银行卡号"), 16),
        (_("份数"), 7),
        (_("单位和个人缴费"), 16),
        (_("上级补助"), 12),
        (_("保障期起"), 14),
        (_("保障期止"), 14),
    )
    for column, (heading, width) in enumerate(headings):
        page.heading(column, heading, width)
    for row, member in enumerate(members, 1):
        values = (row, *_listed(member), cover_from.isoformat(), cover_to.isoformat())
        for column, value in enumerate(values):
            page.put(row, column, value)
    return book.content()


def _listed(member: CoveredMember) -> tuple[BookValue, ...]:
    """What the list says of one member, from his name to the subsidy."""
    return (
        member.name,
        _(SEX_WORDS[member.sex]),
        member.id_masked,
        member.bank_name,
        member.card_masked,
        member.shares,
        Decimal(member.own_part) / 100,
        Decimal(member.subsidy) / 100,
    )
