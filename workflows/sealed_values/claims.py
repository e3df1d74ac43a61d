"""Sealed columns of claims and what belongs to them: fields, payees, heirs, relief, objections."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.reading.fields import Value
from documents.sealing import KeyRing
from models import Claim, Field, Heir, Objection, Payment, Relief
from workflows.engine.rows import any_of
from workflows.engine.sealed_column import ERASED
from workflows.sealed_values.places import FIELD, HARDSHIP, HEIR, OBJECTION, PAYEE


def seal_field(keys: KeyRing, claim_id: int, name: str, value: str) -> bytes:
    """A value read from, or keyed for, a claim."""
    return FIELD.seal(keys, value, claim_id, name)


def text_of(value: Value) -> str:
    """A value as it is stored in a field: diagnoses as a JSON list, other values unchanged."""
    if isinstance(value, tuple):
        return json.dumps([vars(diagnosis) for diagnosis in value], ensure_ascii=False)
    return str(value)


def field_value(keys: KeyRing, field: Field) -> str:
    """The opened value of a claim's field."""
    return opened_value(keys, field.claim_id, field.name, field.value)


def opened_value(keys: KeyRing, claim_id: int, name: str, sealed: bytes) -> str:
    """The value of this field of the claim that was sealed here, now or earlier."""
    return FIELD.open(keys, sealed, claim_id, name)


def values_of(keys: KeyRing, claim: Claim, *names: str) -> dict[str, str]:
    """The values of a claim's fields by name: of these fields, or of all."""
    wanted = [field for field in claim.fields if not names or field.name in names]
    return {field.name: field_value(keys, field) for field in wanted}


def values_by_claim(
    session: Session, keys: KeyRing, claim_ids: Sequence[int], *names: str
) -> dict[int, dict[str, str]]:
    """The values of these fields of these claims, by claim and name; loads no other columns."""
    fields = session.execute(
        select(Field.claim_id, Field.name, Field.value).where(
            any_of(Field.claim_id, claim_ids), Field.name.in_(names)
        )
    )
    values: dict[int, dict[str, str]] = {claim_id: {} for claim_id in claim_ids}
    for claim_id, name, value in fields:
        values[claim_id][name] = opened_value(keys, claim_id, name, value)
    return values


@dataclass(frozen=True)
class Payee:
    """The holder of the account as the bank needs to know him; `bank_name` may be empty, and
    `cnaps`, the code of that branch, is until a batch is frozen."""

    name: str
    account: str
    bank_name: str
    cnaps: str = ""


def seal_payee(keys: KeyRing, reference: str, payee: Payee) -> bytes:
    """The snapshot for the payment of this reference."""
    return PAYEE.seal(keys, json.dumps(vars(payee)), reference)


def payee_of(keys: KeyRing, payment: Payment) -> Payee:
    """The snapshot the payment was queued with; of one that was erased nothing is known."""
    if payment.payee == ERASED:
        return Payee("", "", "")
    return Payee(**json.loads(PAYEE.open(keys, payment.payee, payment.reference)))


def seal_hardship(keys: KeyRing, number: str, text: str) -> bytes:
    """Seal the unit's description of a member's hardship for the application with this number."""
    return HARDSHIP.seal(keys, text, number)


def hardship_of(keys: KeyRing, relief: Relief) -> str:
    """The unit's description of the member's hardship; empty where it was erased."""
    if relief.hardship == ERASED:
        return ""
    return HARDSHIP.open(keys, relief.hardship, relief.number)


@dataclass(frozen=True)
class HeirPerson:
    """Who an heir is, and his account."""

    name: str
    id_number: str
    account: str
    bank_name: str


def seal_heir(keys: KeyRing, ref: UUID, person: HeirPerson) -> bytes:
    """The heir whose row has this reference."""
    return HEIR.seal(keys, json.dumps(vars(person)), ref)


def heir_person(keys: KeyRing, heir: Heir) -> HeirPerson:
    """Who the heir is, and his account."""
    return HeirPerson(**json.loads(HEIR.open(keys, heir.person, heir.ref)))


def seal_objection(keys: KeyRing, number: str, name: str, words: str) -> bytes:
    """Seal who objects and what he says for the objection with this number."""
    return OBJECTION.seal(keys, json.dumps([name, words]), number)


def said_in(keys: KeyRing, objection: Objection) -> tuple[str, str]:
    """The objector's name, and what he says; empty where it was erased."""
    if objection.said == ERASED:
        return "", ""
    name, words = json.loads(OBJECTION.open(keys, objection.said, objection.number))
    return name, words
