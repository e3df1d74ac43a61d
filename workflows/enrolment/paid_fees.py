"""Fees that a bank's statement shows (对账单上的会费): which roster or receipt a line fits, and the
receipt that a person makes of it. A line is booked once, if in several receipts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, exists, extract, func, literal, select
from sqlalchemy.orm import Session

from documents.plain_text import squeezed
from language import _
from models import Base, Enrolment, FeeReceipt, Renewal, StatementLine, StatementReceipt, Unit, User
from models.states import EnrolmentState, FeePayer, ReceiptKind
from rules.errors import Refused
from rules.money import Fen, yuan
from workflows.books.paying_account import account_for
from workflows.books.statement_lines import STANDS, lock_line, note_on_line
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.enrolment.fees import note_receipt
from workflows.enrolment.rosters import locked
from workflows.people.rights import Act, require

_Row = TypeVar("_Row", bound=Base)

_ROSTER = re.compile(r"CB20\d{8,10}(?!\d)")
_NOTICE = re.compile(r"\[(20\d\d)\](\d+)号")
"""The number of a notice to renew, as 互助续保〔2026〕12号."""

_KEYED_WITHIN = timedelta(days=10)
"""A receipt is keyed on a day within so many of the bank's, before or after."""

_TIED = exists().where(StatementReceipt.receipt_id == FeeReceipt.id)
_FREE = (FeeReceipt.kind != ReceiptKind.REVERSAL.value, STANDS, ~_TIED)
"""Receipts and refunds that count and stand in no statement yet."""

_PAID = (
    select(func.coalesce(func.sum(FeeReceipt.amount), 0))
    .where(FeeReceipt.enrolment_id == Enrolment.id, FeeReceipt.payer == FeePayer.UNIT.value)
    .correlate(Enrolment)
    .scalar_subquery()
)


@dataclass(frozen=True)
class FeeFit:
    """What a line fits alone: a receipt that somebody keyed, or the fee of a roster that is not
    paid; None where nothing or several do."""

    receipt: FeeReceipt | None
    roster: Enrolment | None


def fitting(session: Session, lines: Iterable[tuple[StatementLine, Fen]]) -> dict[int, FeeFit]:
    """What each of these lines, of which so much is left, fits: by the number of the roster or of
    the notice in its words, else by the name of the unit and the sum."""
    units: dict[str, list[int]] = {}
    for id_, name in session.execute(select(Unit.id, Unit.name)):
        units.setdefault(squeezed(name), []).append(id_)
    return {
        line.id: FeeFit(
            _only(session, _receipts(left, line.day).where(of)),
            _only(session, _rosters(left, named).where(of)),
        )
        for line, left in lines
        for named, of in [_about(session, line, units)]
    }


def book_line(
    session: Session,
    office: Office,
    person: User,
    line: StatementLine,
    roster: str,
    number: str,
    payer: FeePayer,
    amount: Fen,
) -> FeeReceipt:
    """Book so much of the line as a receipt of the roster of this number, on the day of the bank;
    without a number the receipt has the line's."""
    require(person, Act.BOOK_FEES)
    enrolment = locked(session, roster.strip())
    left = lock_line(session, line)
    if not 0 < amount <= left:
        raise Refused(_("这一行最多还可登记 %(left)s 元") % {"left": yuan(max(left, Fen(0)))})
    account = account_for(session, enrolment.plan, line.day)
    if account is not None and account.id != line.paying_account_id:
        raise Refused(_("名册 %(number)s 的会费不收在这个账户") % {"number": enrolment.number})
    told = (number.strip() or _next_number(session, line), payer, amount, line.day)
    receipt = note_receipt(session, office, person, enrolment, *told)
    _tie(session, office, person, line, receipt)
    return receipt


def tie_receipt(
    session: Session, office: Office, person: User, line: StatementLine, receipt: FeeReceipt
) -> None:
    """Say that the receipt or refund, which somebody keyed before, is money of this line."""
    require(person, Act.BOOK_FEES)
    session.get_one(Enrolment, receipt.enrolment_id, with_for_update=True)
    left = lock_line(session, line)
    if session.scalar(select(FeeReceipt.id).where(FeeReceipt.id == receipt.id, *_FREE)) is None:
        raise Refused(_("这张收据已经对过账，或已冲销"))
    if not (0 < receipt.amount <= left or left <= receipt.amount < 0):
        raise Refused(_("收据金额与对账单的这一行不符"))
    if abs(receipt.moved_on - line.day) > _KEYED_WITHIN:
        raise Refused(
            _("收据日期 %(day)s 与银行日期相差超过 %(days)s 天")
            % {"day": receipt.moved_on, "days": _KEYED_WITHIN.days}
        )
    _tie(session, office, person, line, receipt)


def _tie(
    session: Session, office: Office, person: User, line: StatementLine, receipt: FeeReceipt
) -> None:
    session.add(StatementReceipt(receipt_id=receipt.id, line_id=line.id))
    session.flush()
    note_on_line(session, office, person, line, "book_line", receipt=receipt.id)


def _next_number(session: Session, line: StatementLine) -> str:
    booked = select(func.count()).select_from(StatementReceipt).filter_by(line_id=line.id)
    return f"DZ{line.id}-{session.scalars(booked).one() + 1}"


def _about(
    session: Session, line: StatementLine, units: Mapping[str, Sequence[int]]
) -> tuple[bool, ColumnElement[bool]]:
    """Of which rosters the line speaks, and whether it names the roster itself."""
    words = squeezed(line.words)
    if numbers := set(_ROSTER.findall(words)):
        return True, any_of(Enrolment.number, numbers)
    noticed = [
        unit_id
        for year, number in _NOTICE.findall(words)
        for unit_id in session.scalars(
            select(Renewal.unit_id).where(
                extract("year", Renewal.issued_on) == int(year), Renewal.number == int(number)
            )
        )
    ]
    return False, any_of(Enrolment.unit_id, noticed or units.get(line.name, ()))


def _receipts(left: Fen, day: date) -> Select[FeeReceipt]:
    """Those of units that are of this sum and about this day, and stand in no statement yet: a unit
    pays the same sum each year."""
    keyed = (FeeReceipt.amount == left, FeeReceipt.payer == FeePayer.UNIT.value)
    about = FeeReceipt.moved_on.between(day - _KEYED_WITHIN, day + _KEYED_WITHIN)
    return select(FeeReceipt).join(Enrolment).where(*keyed, about, *_FREE)


def _rosters(left: Fen, is_named: bool) -> Select[Enrolment]:
    """Those whose unit owes just as much; one that is named fits if it owes anything."""
    short = Enrolment.fee_due - _PAID
    fits = short > 0 if is_named else short == left
    return select(Enrolment).where(
        literal(left) > 0, fits, Enrolment.state != EnrolmentState.WITHDRAWN
    )


def _only(session: Session, query: Select[_Row]) -> _Row | None:
    """The one row that there is; None of several."""
    found = session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None
