"""Who is paid: a snapshot of name, card and bank, sealed with the payment it belongs to."""

import json
from collections.abc import Iterable, Set
from dataclasses import asdict, dataclass
from fractions import Fraction

from documents.reading.fields import FieldName
from documents.sealing import KeyRing
from models import Claim, Heir, Payment
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
