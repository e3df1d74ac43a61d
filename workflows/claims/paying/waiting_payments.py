"""Payments that wait for a batch (待组批), with what batches are parted by."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.cards import bank_of_payee
from banking.shaping import WaitingPayment
from models import Entitlement, PayingAccount, Payment
from models.states import PaymentState
from rules.plans import family_of
from workflows.books.paying_account import account_of_family, accounts_of_the_day
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import payee_of

# In the order in which they were queued; one that comes back from a batch keeps its place.
QUEUED = select(Payment).where(Payment.state == PaymentState.QUEUED).order_by(Payment.id)


def as_waiting(
    session: Session, office: Office, payments: Sequence[Payment]
) -> list[WaitingPayment]:
    """These payments, each with the account that pays for its plan today; 0 where there is none."""
    accounts = accounts_of_the_day(session, office.today())
    ids = [payment.entitlement_id for payment in payments]
    rights = select(Entitlement.id, Entitlement.plan).where(any_of(Entitlement.id, ids))
    plans = {right: family_of(plan) for right, plan in session.execute(rights)}
    return [
        _waiting(office, payment, plans[payment.entitlement_id], accounts) for payment in payments
    ]


def _waiting(
    office: Office, payment: Payment, plan: str, accounts: dict[str | None, PayingAccount]
) -> WaitingPayment:
    payee = payee_of(office.keys, payment)
    account = account_of_family(accounts, plan)
    return WaitingPayment(
        reference=payment.reference,
        amount=payment.amount,
        account=account.id if account else 0,
        plan=plan,
        bank=bank_of_payee(payee.bank_name, payee.account),
    )
