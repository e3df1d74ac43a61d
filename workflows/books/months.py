"""Closing a month (结账): one person closes it, two open it again; nothing is dated into it."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import BookMonth, Books, ManualVoucher, RecoveryReceipt, User
from models.states import ReceiptOf
from rules.errors import OwnWork, Refused
from rules.money import yuan
from workflows.books.bank_places import account_names
from workflows.books.reconciled import reconciled_accounts
from workflows.engine.office import Office
from workflows.people.office_events import record_for_office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another

_DAY = timedelta(days=1)


def last_of(month: date) -> date:
    """The last day of the month of this day."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY


def first_open(books: Books) -> date | None:
    """The first day of the first month that is not closed; None while the books are not open."""
    if books.first_on is None:
        return None
    return books.closed_through + _DAY if books.closed_through else books.first_on.replace(day=1)


def next_to_close(session: Session, books: Books, today: date) -> date | None:
    """The first day of the month that is closed next, with the empty ones before it: the first one
    with vouchers, or the last one that is over, whichever comes first."""
    if (begin := first_open(books)) is None:
        return None
    last_over = (today.replace(day=1) - _DAY).replace(day=1)
    return max(begin, min(last_over, _first_with_vouchers(session, begin) or last_over))


def close_month(
    session: Session, office: Office, person: User, month: date, reason: str = ""
) -> None:
    """Close this month, by its first day, and the empty ones before it.

    Refused while it lasts, and while a sum or a voucher of it waits to be confirmed. Where the
    bank's statement of its last day is missing or says otherwise, it needs a reason.
    """
    require(person, Act.CLOSE_MONTH)
    books = locked_books(session)
    begin = first_open(books)
    if begin is None or not begin <= month <= (_first_with_vouchers(session, begin) or month):
        raise Refused(_("只能按月份顺序结账，请重新核对"))
    if last_of(month) >= office.today():
        raise Refused(_("%(month)s 还没有过完，不能结账") % _of(month))
    if waiting := _waiting_receipt(session, begin, month):
        words = _of(month) | {"reference": waiting}
        raise Refused(_("%(month)s 有退款 %(reference)s 待确认，确认之后才能结账") % words)
    if _waiting_voucher(session, begin, month):
        raise Refused(_("%(month)s 有手工凭证待复核，复核之后才能结账") % _of(month))
    told = _of(month)
    if doubts := month_end_doubts(session, month):
        words = {"doubts": _("；").join(doubts)}
        told["reason"] = told_reason(reason, _("%(doubts)s；仍要结账须写明原因") % words)
    books.closed_through = last_of(month)
    books.reopen_asked_by = books.reopen_reason = None
    record_for_office(session, office, person, "close_month", **told)


def month_end_doubts(session: Session, month: date) -> list[str]:
    """What the bank's statement leaves open at the end of this month, a sentence for each account:
    nobody agreed to one, or it says what no payment explains."""
    names, doubts = account_names(session), []
    for each in reconciled_accounts(session, last_of(month)):
        words = {"account": names[each.account_id]}
        if each.said is None or each.said.agreed_by is None:
            doubts.append(_("%(account)s 没有经复核的月末对账单余额") % words)
        elif each.unexplained:
            words["sum"] = yuan(each.unexplained)
            doubts.append(_("%(account)s 的对账单与账面有未解释的差额 %(sum)s 元") % words)
    return doubts


def ask_reopen(session: Session, office: Office, person: User, reason: str) -> None:
    """Ask a second person to open the month again that was closed last."""
    require(person, Act.CLOSE_MONTH)
    books = locked_books(session)
    month = _closed_last(books)
    if books.reopen_asked_by is not None:
        raise Refused(_("%(month)s 已提请重新打开，等另一人办理") % _of(month))
    books.reopen_reason = told_reason(reason, _("请写明重新打开的原因"))
    books.reopen_asked_by = person.id
    told = _of(month) | {"reason": books.reopen_reason}
    record_for_office(session, office, person, "ask_reopen_month", **told)


def agree_reopen(session: Session, office: Office, person: User, shown: str) -> None:
    """Open the month again as another person asked, and as it was `shown`."""
    require(person, Act.CLOSE_MONTH)
    books = locked_books(session)
    month = _asked(books, shown)
    if books.reopen_asked_by in own_accounts(session, person):
        raise OwnWork(_("提请重新打开的人不能自己同意，须由另一人办理"))
    before = month - _DAY
    books.closed_through = before if books.first_on and before >= books.first_on else None
    books.reopen_asked_by = books.reopen_reason = None
    record_for_office(session, office, person, "reopen_month", **_of(month))


def refuse_reopen(session: Session, office: Office, person: User, shown: str) -> None:
    """Leave the month closed, against what was `shown`."""
    require(person, Act.CLOSE_MONTH)
    books = locked_books(session)
    month = _asked(books, shown)
    books.reopen_asked_by = books.reopen_reason = None
    record_for_office(session, office, person, "refuse_reopen_month", **_of(month))


def mark_of_reopening(books: Books) -> str:
    """What a form sends back of who asks to open which month again, and why."""
    return mark_of(books.reopen_asked_by, books.reopen_reason, books.closed_through)


def locked_books(session: Session) -> Books:
    """The books, while nobody books anything; Refused before anything was booked."""
    books = session.get(Books, 1, with_for_update=True, populate_existing=True)
    if books is None:
        raise Refused(_("账簿还没有任何记录"))
    return books


def _asked(books: Books, shown: str) -> date:
    """The first day of the month that shall be opened again."""
    month = _closed_last(books)
    if books.reopen_asked_by is None:
        raise Refused(_("没有人提请重新打开 %(month)s") % _of(month))
    refuse_another(mark_of_reopening(books), shown)
    return month


def _closed_last(books: Books) -> date:
    if books.closed_through is None:
        raise Refused(_("还没有结账的月份"))
    return books.closed_through.replace(day=1)


def _waiting_receipt(session: Session, begin: date, month: date) -> str | None:
    """The reference of a sum that came back in these months and that nobody has confirmed yet."""
    query = select(RecoveryReceipt.bank_reference).where(
        RecoveryReceipt.kind == ReceiptOf.TRANSFER,
        RecoveryReceipt.received_on.between(begin, last_of(month)),
        RecoveryReceipt.confirmed_at.is_(None),
        RecoveryReceipt.undone_at.is_(None),
    )
    return session.scalar(query.limit(1))


def _waiting_voucher(session: Session, begin: date, month: date) -> bool:
    """Whether a voucher that a person drew up for these months waits for another one."""
    waiting = select(ManualVoucher.id).where(
        ManualVoucher.day.between(begin, last_of(month)), ManualVoucher.is_booked.is_(None)
    )
    return session.scalar(waiting.limit(1)) is not None


def _first_with_vouchers(session: Session, begin: date) -> date | None:
    query = select(func.min(BookMonth.first_on))
    return session.scalar(query.where(BookMonth.first_on >= begin, BookMonth.vouchers > 0))


def _of(month: date) -> dict[str, str]:
    return {"month": f"{month:%Y-%m}"}
