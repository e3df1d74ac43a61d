"""What the bank sent back of a claim and nothing has taken the place of since."""

from models import Claim, Payment
from models.states import TRANSFER_STATES, PaymentState

NOT_TAKEN = "NOT_TAKEN"
"""The result of a payment of which the bank said that it did not take it: nothing came back."""


def returned_payments(claim: Claim) -> list[Payment]:
    """The payments of each right and payee that came back last, oldest first."""
    return [
        each
        for each in claim.payments
        if each.state == PaymentState.RETURNED and not _was_followed(claim, each)
    ]


def _was_followed(claim: Claim, back: Payment) -> bool:
    """Whether another transfer of the same right to the same payee came later. A right that was
    given back since is followed by any other."""
    return any(
        later.id > back.id
        and later.state in (*TRANSFER_STATES, PaymentState.RETURNED)
        and _payee(later) == _payee(back)
        and (later.entitlement_id == back.entitlement_id or back.entitlement.released_at)
        for later in claim.payments
    )


def _payee(payment: Payment) -> bytes | None:
    """Whom it was for: an heir by his ID number, in every list that he stands in; None is the
    member."""
    return payment.heir.id_print if payment.heir else None
