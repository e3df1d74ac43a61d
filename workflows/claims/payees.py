"""Who is paid: a snapshot of name, card and bank, sealed with the payment it belongs to."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import NamedTuple

from documents.reading.fields import FieldName
from documents.sealing import KeyRing
from models import Claim, Entitlement, Heir, Payment
from models.states import LIVE_PAYMENT_STATES
from rules.money import Fen
from rules.shares import divide
from workflows.sealed_values import heir_person

PAYEE_FIELDS = (FieldName.MEMBER_NAME, FieldName.BANK_CARD_NUMBER, FieldName.BANK_NAME)
"""What the bank needs to know of a member who is paid."""


@dataclass(frozen=True)
class Payee:
    """The holder of the account as the bank needs to know him; `bank_name` may be empty."""

    name: str
    account: str
    bank_name: str


def seal_payee(keys: KeyRing, reference: str, payee: Payee) -> bytes:
    """The snapshot for the payment of this reference."""
    return keys.seal(json.dumps(asdict(payee)).encode(), f"payment.payee:{reference}")


def payee_of(keys: KeyRing, payment: Payment) -> Payee:
    """The snapshot the payment was queued with."""
    sealed = keys.open(payment.payee, f"payment.payee:{payment.reference}")
    return Payee(**json.loads(sealed))


def payee_from_heir(keys: KeyRing, heir: Heir) -> Payee:
    """The heir as the bank needs to know him."""
    person = heir_person(keys, heir)
    return Payee(person.name, person.account, person.bank_name)


def heirs_stand(claim: Claim) -> bool:
    """Whether there are heirs, all confirmed by a second person."""
    return bool(claim.heirs) and all(heir.confirmed_at for heir in claim.heirs)


def orphaned(claims: Iterable[Claim], dead: Set[int]) -> list[Claim]:
    """Those of these claims whose member is one of the dead and whose heirs do not stand."""
    return [claim for claim in claims if claim.member_id in dead and not heirs_stand(claim)]


def heir_share(heir: Heir) -> Fraction:
    """The heir's part of the whole."""
    return Fraction(heir.share, heir.share_of)


class Owed(NamedTuple):
    """What one payee is still to get of a right; `heir` is None for the member himself."""

    heir: Heir | None
    amount: Fen
    round: int


def still_owed(
    claim: Claim, right: Entitlement, payees: Sequence[Heir | None], due: Fen
) -> Iterator[Owed]:
    """Who of these payees is still to get how much of what is due on this right, in which round.

    Heirs are known by their ID number, also when the list was keyed anew since one was paid. Each
    is to have his share of all that is paid and due together, whichever of his payments came back;
    where one has more than that already, the others share what is due in proportion to what they
    lack. A payee who is paid in the last round gets a top-up (补付) in the next one.
    """
    if due <= 0:
        return
    live = [
        payment
        for payment in claim.payments
        if payment.entitlement_id == right.id and payment.state in LIVE_PAYMENT_STATES
    ]
    had: Counter[bytes | None] = Counter()
    for payment in live:
        had[_known_by(payment.heir)] += payment.amount
    last = max((payment.round for payment in live), default=0)
    paid = {_known_by(payment.heir) for payment in live if payment.round == last}
    shares = [heir_share(payee) if payee else Fraction(1) for payee in payees]
    whole = Fen(due + sum(had[_known_by(payee)] for payee in payees))
    lacks = [
        Fraction(max(0, part - had[_known_by(payee)]))
        for payee, part in zip(payees, divide(whole, shares), strict=True)
    ]
    for payee, part in zip(payees, divide(due, lacks), strict=True):
        if part:
            yield Owed(payee, part, last + (_known_by(payee) in paid))


def _known_by(payee: Heir | None) -> bytes | None:
    return payee.id_print if payee else None
