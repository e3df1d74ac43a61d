"""The payments that wait for a batch, as the cashier chooses among them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banking.cards import bank_of_payee
from console import formatting
from console.queries.paying_accounts import families
from models import PayingAccount, Payment
from models.states import PaymentState
from rules.money import Fen
from workflows.claims.paying.branch_codes import codes_of
from workflows.claims.paying.held_payments import held_back
from workflows.claims.paying.waiting_payments import QUEUED, as_waiting
from workflows.engine.office import Office
from workflows.sealed_values.claims import payee_of

SHOWN = 500
"""So many of the oldest can be chosen one by one; all others as a whole."""


@dataclass(frozen=True)
class QueuedRow:
    reference: str
    name: str
    plan: str
    bank: str
    account: str
    amount: Fen
    queued_at: datetime
    is_held: bool
    lacks_code: bool


@dataclass(frozen=True)
class WaitingForBatch:
    """All that waits as count and sum, the oldest of it one by one, and why some are held back."""

    count: int
    sum: Fen
    rows: tuple[QueuedRow, ...]
    held: tuple[str, ...]


def waiting_for_batch(session: Session, office: Office) -> WaitingForBatch:
    """What the next batches can be made from; names are masked.

    A payment to another bank lacks a code where the list of branches does not have the one named.
    """
    of = select(func.count(), func.coalesce(func.sum(Payment.amount), 0))
    count, total = session.execute(of.where(Payment.state == PaymentState.QUEUED)).one()
    queued = session.scalars(QUEUED).all()
    held = held_back(session, queued)
    kept = {payment.reference for each in held for payment in each.payments}
    oldest = queued[:SHOWN]
    accounts = {account.id: account for account in session.scalars(select(PayingAccount))}
    names, rows = families(), []
    payees = [payee_of(office.keys, payment) for payment in oldest]
    codes, each_waits = codes_of(session, payees), as_waiting(session, office, oldest)
    found = zip(oldest, payees, codes, each_waits, strict=True)
    for payment, payee, cnaps, waiting in found:
        account = accounts.get(waiting.account)
        row = QueuedRow(
            reference=payment.reference,
            name=formatting.name(payee.name),
            plan=names.get(waiting.plan, waiting.plan),
            bank=waiting.bank,
            account=account.account if account else "",
            amount=payment.amount,
            queued_at=payment.queued_at,
            is_held=payment.reference in kept,
            lacks_code=account is not None
            and not cnaps
            and waiting.bank not in {"", bank_of_payee(account.bank, account.account)},
        )
        rows.append(row)
    return WaitingForBatch(count, Fen(int(total)), tuple(rows), tuple(each.words for each in held))
