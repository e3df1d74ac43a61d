"""Who is paid: a snapshot of name, card and bank, sealed with the payment it belongs to."""

import json
from dataclasses import asdict, dataclass

from documents.sealing import KeyRing
from models import Payment


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
