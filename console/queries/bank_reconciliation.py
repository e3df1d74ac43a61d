"""The reconciliation of the bank (余额调节表): what it says beside the books, and each payment that
explains the difference by name."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import formatting
from console.queries.book_tables import fen, held_before, statement
from console.queries.books import account_names
from documents.tables import Shape, Table, TableCell, TableColumn
from language import _
from models import (
    AuditEvent,
    Batch,
    Entitlement,
    LedgerAccount,
    Member,
    Payment,
    StatedBalance,
    User,
)
from models.ledger import AccountKind
from models.machines.money import PAYMENT
from models.states import AT_THE_BANK_STATES, PaymentState
from rules.money import Fen
from workflows.books.months import last_of
from workflows.books.stated_balances import mark_of_balance, waiting_balances
from workflows.engine.office import BEIJING
from workflows.people.persons import own_accounts


def reconciliation(session: Session, month: date) -> Table:
    """For each account: the books, the payments that the bank had not answered by then, the bank's
    own balance, and what of the difference no payment explains that it credited later."""
    on, names = last_of(month), account_names(session)
    held, under_way = _held(session, on), list(_under_way(session, on))
    keyed = session.scalars(select(StatedBalance).filter_by(day=on))
    stated = {each.paying_account_id: each for each in keyed}
    lines: list[tuple[TableCell, ...]] = []
    for account_id in sorted(held.keys() | stated.keys()):
        own = [each for each in under_way if each.account_id == account_id]
        books, said = held.get(account_id, Fen(0)), stated.get(account_id)
        paid = sum(each.amount for each in own if each.state == PaymentState.CREDITED)
        sums = [(_balance_word(said), said.balance if said else None)]
        if said is not None:
            sums.append((_("未解释的差额"), Fen(said.balance - books + paid)))
        lines.append((names[account_id], _("账面余额"), None, None, None, books))
        lines += [(names[account_id], *each.told()) for each in own]
        lines += [(names[account_id], word, None, None, None, sum_) for word, sum_ in sums]
    columns = (
        TableColumn(_("付款账户"), width=28),
        TableColumn(_("项目"), width=26),
        TableColumn(_("付款编号"), width=20),
        TableColumn(_("会员"), width=10),
        TableColumn(_("报盘日期"), Shape.DAY, 12),
        fen(_("金额（元）")),
    )
    note = _("账面余额减去后来到账的付款，应等于银行对账单余额；尚未答复的付款银行也可能已付")
    return statement(_("余额调节表"), month, columns, lines, (note,))


def _balance_word(said: StatedBalance | None) -> str:
    is_keyed_only = said is not None and said.agreed_by is None
    return _("出纳填报的余额（未复核）") if is_keyed_only else _("银行对账单余额")


@dataclass(frozen=True)
class WaitingBalance:
    """What a cashier keyed and nobody has agreed to yet."""

    account_id: int
    account: str
    balance: Fen
    by_me: bool
    mark: str


def balances_to_agree(session: Session, person: User, month: date) -> list[WaitingBalance]:
    """What waits for a second person at the end of this month."""
    names, own = account_names(session), own_accounts(session, person)
    return [
        WaitingBalance(
            each.paying_account_id,
            names[each.paying_account_id],
            each.balance,
            each.stated_by in own,
            mark_of_balance(each),
        )
        for each in waiting_balances(session)
        if each.day == last_of(month)
    ]


def _held(session: Session, on: date) -> dict[int, Fen]:
    """What the books say that each paying account held at the end of this day."""
    by_id, held = (
        held_before(session, on + timedelta(days=1)),
        defaultdict[int, Fen](lambda: Fen(0)),
    )
    for each in session.scalars(select(LedgerAccount).filter_by(kind=AccountKind.BANK.value)):
        if each.paying_account_id is not None:
            held[each.paying_account_id] = Fen(held[each.paying_account_id] + by_id.get(each.id, 0))
    return held


class _UnderWay(NamedTuple):
    """A payment that the bank had not answered at the end of a day; `state` is what became of it
    since."""

    account_id: int | None
    reference: str
    member: str
    released_at: datetime | None
    amount: Fen
    state: str

    def told(self) -> tuple[TableCell, ...]:
        words = {"state": _(PAYMENT.states[PaymentState(self.state)])}
        assert self.released_at is not None
        day = self.released_at.astimezone(BEIJING).date()
        what = _("当时未答复，现为%(state)s") % words
        return (what, self.reference, formatting.name(self.member), day, -self.amount)


def _under_way(session: Session, on: date) -> Iterator[_UnderWay]:
    end = datetime.combine(on + timedelta(days=1), time(), BEIJING)
    events = select(AuditEvent.target).where(
        AuditEvent.subject == PAYMENT.name,
        AuditEvent.subject_id == Payment.id,
        AuditEvent.at < end,
        AuditEvent.target.is_not(None),
    )
    state_then = events.order_by(AuditEvent.seq.desc()).limit(1).scalar_subquery()
    rows = session.execute(
        select(
            Batch.paying_account_id,
            Payment.reference,
            Member.name,
            Batch.released_at,
            Payment.amount,
            Payment.state,
        )
        .join(Batch, Batch.id == Payment.batch_id)
        .join(Entitlement, Entitlement.id == Payment.entitlement_id)
        .join(Member, Member.id == Entitlement.member_id)
        .where(Batch.paying_account_id.is_not(None), Batch.released_at < end)
        .where(Payment.result_at.is_(None) | (Payment.result_at >= end))
        .where(state_then.in_(AT_THE_BANK_STATES))
        .order_by(Payment.id)
    )
    return (_UnderWay(*row) for row in rows)
