"""Lines of the bank's statement (对账单明细): what is left of one, the voucher by hand that one
asks for, and one that a person sets aside."""

from sqlalchemy import BigInteger, ColumnElement, and_, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from language import N_, _
from models import (
    FeeReceipt,
    ManualVoucher,
    StatementLine,
    StatementPayment,
    StatementReceipt,
    User,
)
from models.ledger import AccountKind
from models.statements import LineDoubt
from rules.errors import Refused
from rules.money import Fen
from workflows.books.bank_places import bank_code
from workflows.books.by_hand import BY_HAND, ToldVoucher, propose_voucher
from workflows.books.causes import RULES, Cause
from workflows.books.chart import BookPlace
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

DOUBT_WORDS: dict[LineDoubt, str] = {
    LineDoubt.NOT_SENT: N_("存疑：写有本办的编号，但没有这笔已发往银行的付款"),
    LineDoubt.OTHER_ACCOUNT: N_("存疑：所写编号的付款不由这个账户支付"),
    LineDoubt.OTHER_SUM: N_("存疑：金额与所写编号的付款不符"),
    LineDoubt.AGAIN: N_("存疑：这笔付款在对账单上已有一行，银行可能重复入账"),
}

_REVERSAL = aliased(FeeReceipt)
STANDS = ~exists().where(_REVERSAL.reverses_id == FeeReceipt.id)
"""A receipt that nobody has reversed."""

_BOOKED = (
    select(func.coalesce(func.sum(FeeReceipt.amount), 0))
    .join(StatementReceipt, StatementReceipt.receipt_id == FeeReceipt.id)
    .where(StatementReceipt.line_id == StatementLine.id, STANDS)
    .correlate(StatementLine)
    .scalar_subquery()
)
LEFT = cast(StatementLine.amount - _BOOKED, BigInteger)
"""What no receipt says of the line."""

WAITS: ColumnElement[bool] = and_(
    StatementLine.set_aside_by.is_(None),
    LEFT != 0,
    ~exists().where(StatementPayment.line_id == StatementLine.id),
    ~exists().where(
        ManualVoucher.id == StatementLine.voucher_id, ManualVoucher.is_booked.is_not(False)
    ),
)
"""The lines that wait for a person."""


def lock_line(session: Session, line: StatementLine) -> Fen:
    """What is left of the line, locked with its statement; Refused where it waits no more."""
    session.refresh(line.statement, with_for_update=True)
    session.refresh(line)
    left = session.scalar(select(LEFT).where(StatementLine.id == line.id, WAITS))
    if left is None:
        raise Refused(_("这一行已经办理"))
    return Fen(left)


def propose_for_line(
    session: Session,
    office: Office,
    person: User,
    line: StatementLine,
    cause: str,
    family: str,
    reason: str,
) -> None:
    """Ask another person to book the line as a voucher by hand: the bank's fee, interest, money
    that people moved."""
    require(person, Act.PROPOSE_VOUCHER)
    if lock_line(session, line) != line.amount:
        raise Refused(_("这一行已登记收款，不能再填凭证"))
    if cause not in BY_HAND:
        raise Refused(_("请选择事由和银行账户"))
    comes_in = RULES[Cause(cause)].debit is AccountKind.BANK
    told = ToldVoucher(
        cause=cause,
        place=bank_code(BookPlace(family, line.paying_account_id)),
        day=line.day,
        amount=line.amount if comes_in else Fen(-line.amount),
        reason=reason or line.words,
    )
    line.voucher_id = propose_voucher(session, office, person, told).id
    note_on_line(session, office, person, line, "propose_for_line", voucher=line.voucher_id)


def set_line_aside(
    session: Session, office: Office, person: User, line: StatementLine, reason: str
) -> None:
    """Leave the line: what it says is booked elsewhere, or is none of the scheme's."""
    require(person, Act.BOOK_FEES)
    lock_line(session, line)
    line.reason = told_reason(reason, _("请写明理由"))
    line.set_aside_by = person.id
    note_on_line(session, office, person, line, "set_line_aside", reason=line.reason)


def note_on_line(
    session: Session,
    office: Office,
    person: User,
    line: StatementLine,
    verb: str,
    **told: object,
) -> None:
    """Record what a person made of the line; its statement is locked."""
    of_line = {"line": line.id} | told
    record(session, line.statement, verb, office.clock(), person.id, None, None, **of_line)
