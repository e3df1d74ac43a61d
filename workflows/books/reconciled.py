"""What the bank's statement says beside the books at the end of a day, and what lies between."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    AuditEvent,
    Batch,
    Entitlement,
    LedgerAccount,
    Member,
    Payment,
    Posting,
    StatedBalance,
    Voucher,
)
from models.ledger import AccountKind
from models.machines.money import PAYMENT
from models.states import AT_THE_BANK_STATES, PaymentState
from rules.money import Fen
from workflows.engine.office import BEIJING


class UnderWay(NamedTuple):
    """A payment that the bank had not answered at the end of a day; `state` is what became of it
    since."""

    account_id: int
    reference: str
    member: str
    released_at: datetime
    amount: Fen
    state: str


@dataclass(frozen=True)
class ReconciledAccount:
    """What the books hold at one paying account, what the bank had not answered, and what a person
    keyed of its statement; None if nobody did."""

    account_id: int
    books: Fen
    under_way: Sequence[UnderWay]
    said: StatedBalance | None

    @property
    def unexplained(self) -> Fen | None:
        """What of the difference is no payment that the bank credited later."""
        if self.said is None:
            return None
        credited = (each for each in self.under_way if each.state == PaymentState.CREDITED)
        return Fen(self.said.balance - self.books + sum(each.amount for each in credited))


def reconciled_accounts(session: Session, on: date) -> list[ReconciledAccount]:
    """Each paying account of which books, payments or a statement know anything by then."""
    held, under_way = _held(session, on), defaultdict[int, list[UnderWay]](list)
    for each in _under_way(session, on):
        under_way[each.account_id].append(each)
    keyed = session.scalars(select(StatedBalance).filter_by(day=on))
    stated = {each.paying_account_id: each for each in keyed}
    return [
        ReconciledAccount(id_, Fen(held[id_]), under_way[id_], stated.get(id_))
        for id_ in sorted(held.keys() | under_way.keys() | stated.keys())
    ]


def held_before(session: Session, day: date) -> dict[int, int]:
    """What each account at the bank held when this day began, in fen by the account's id."""
    rows = session.execute(
        select(Posting.account_id, func.sum(Posting.amount))
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == AccountKind.BANK, Voucher.day < day)
        .group_by(Posting.account_id)
    )
    return {account_id: int(amount) for account_id, amount in rows}


def _held(session: Session, on: date) -> Counter[int]:
    """What the books say that each paying account held at the end of this day."""
    by_id, held = held_before(session, on + timedelta(days=1)), Counter[int]()
    for each in session.scalars(select(LedgerAccount).filter_by(kind=AccountKind.BANK.value)):
        if each.paying_account_id is not None and each.id in by_id:
            held[each.paying_account_id] += by_id[each.id]
    return held


def _under_way(session: Session, on: date) -> Iterator[UnderWay]:
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
    return map(UnderWay._make, rows)
