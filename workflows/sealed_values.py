"""Seals and opens personal values; only this file names the columns that hold them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.check_digits import birth_date_of, sex_of
from documents.reading.fields import Value
from documents.sealing import KeyRing
from models import (
    Claim,
    Document,
    Field,
    Heir,
    IdCopy,
    Member,
    Objection,
    Packet,
    Relief,
    RosterChange,
    StoredReading,
)
from workflows.engine.rows import NewRow, any_of


def seal_field(keys: KeyRing, claim_id: int, name: str, value: str) -> bytes:
    """A value read from, or keyed for, a claim."""
    return keys.seal(value.encode(), f"field.value:{claim_id}:{name}")


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
    return keys.open(sealed, f"field.value:{claim_id}:{name}").decode()


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
class NewMember(NewRow):
    """A member to insert; id, version and chain are those of his first event."""

    table = Member

    ref: UUID
    unit_id: int
    name: str
    id_number: bytes
    id_print: bytes
    birth_date: date
    sex: str
    card: bytes | None
    card_print: bytes | None
    bank_name: str | None
    phone: bytes | None
    phone_print: bytes | None
    id: int = 0
    version: int = 0
    chain: bytes = b""


_OF_EVENT = "id", "version", "chain"


def new_member(
    keys: KeyRing,
    unit_id: int,
    name: str,
    id_number: str,
    card: str | None = None,
    bank_name: str | None = None,
    phone: str | None = None,
) -> Member:
    """A member with birth date and sex taken from the ID number (GB 11643)."""
    row = member_row(keys, unit_id, name, id_number, card, bank_name, phone)
    return Member(**{name: value for name, value in vars(row).items() if name not in _OF_EVENT})


def member_row(
    keys: KeyRing,
    unit_id: int,
    name: str,
    id_number: str,
    card: str | None,
    bank_name: str | None,
    phone: str | None,
) -> NewMember:
    """The same as a row, for a roster that inserts many members at once."""
    ref = uuid4()
    number = keys.seal(id_number.encode(), _about("id_number", ref)), keys.fingerprint(id_number)
    born = birth_date_of(id_number), sex_of(id_number).value
    return NewMember(
        ref,
        unit_id,
        name,
        *number,
        *born,
        card=keys.seal(card.encode(), _about("card", ref)) if card else None,
        card_print=keys.fingerprint(card) if card else None,
        bank_name=bank_name,
        phone=keys.seal(phone.encode(), _about("phone", ref)) if phone else None,
        phone_print=keys.fingerprint(phone) if phone else None,
    )


def set_card(keys: KeyRing, member: Member, card: str | None) -> None:
    """Keep this bank card number for the member."""
    member.card = keys.seal(card.encode(), _about("card", member.ref)) if card else None
    member.card_print = keys.fingerprint(card) if card else None


def set_phone(keys: KeyRing, member: Member, phone: str | None) -> None:
    """Keep this telephone number for the member."""
    member.phone = keys.seal(phone.encode(), _about("phone", member.ref)) if phone else None
    member.phone_print = keys.fingerprint(phone) if phone else None


def print_phone(keys: KeyRing, member: Member) -> None:
    """Fingerprint a number that was sealed when telephone numbers had no fingerprint yet."""
    member.phone_print = keys.fingerprint(phone_of(keys, member) or "")


def forget_person(keys: KeyRing, member: Member) -> None:
    """Take name, numbers and birth date from the row; it is found by no ID number from now on."""
    member.name, member.bank_name, member.birth_date = "", None, date(1900, 1, 1)
    member.id_number = keys.seal(b"", _about("id_number", member.ref))
    member.id_print = keys.fingerprint(f"forgotten {member.ref}")
    set_card(keys, member, None)
    set_phone(keys, member, None)


def phone_of(keys: KeyRing, member: Member) -> str | None:
    """The member's telephone number, if any."""
    return keys.open(member.phone, _about("phone", member.ref)).decode() if member.phone else None


def id_number_of(keys: KeyRing, member: Member) -> str:
    """The member's ID number."""
    return keys.open(member.id_number, _about("id_number", member.ref)).decode()


def card_of(keys: KeyRing, member: Member) -> str | None:
    """The bank card the roster gives for the member, if any."""
    return keys.open(member.card, _about("card", member.ref)).decode() if member.card else None


def keep_said_card(keys: KeyRing, change: RosterChange, card: str, bank_name: str | None) -> None:
    """Keep the card that a roster says of a known member."""
    change.card = keys.seal(card.encode(), _about_change("card", change))
    change.card_print, change.bank_name = keys.fingerprint(card), bank_name


def keep_said_phone(keys: KeyRing, change: RosterChange, phone: str) -> None:
    """Keep the telephone number that a roster says of a known member."""
    change.phone = keys.seal(phone.encode(), _about_change("phone", change))


def said_card(keys: KeyRing, change: RosterChange) -> str | None:
    """The card that the roster says, if it says another one."""
    if change.card is None:
        return None
    return keys.open(change.card, _about_change("card", change)).decode()


def said_phone(keys: KeyRing, change: RosterChange) -> str | None:
    """The telephone number that the roster says, if it says another one."""
    if change.phone is None:
        return None
    return keys.open(change.phone, _about_change("phone", change)).decode()


def seal_packet_name(keys: KeyRing, packet: Packet, name: bytes) -> None:
    """Seal the name of an entry in its folder, as the bytes that the file system gave."""
    packet.name_print = keys.fingerprint(packet.folder + "/" + name.hex())
    packet.name = keys.seal(name, "packet.name:" + packet.name_print.hex())


def packet_name(keys: KeyRing, packet: Packet) -> bytes:
    """The name of the packet's entry in its folder."""
    return keys.open(packet.name, "packet.name:" + packet.name_print.hex())


def seal_document_name(keys: KeyRing, claim_id: int, sha256: str, name: str) -> bytes:
    """The name a file came with."""
    return keys.seal(name.encode(), f"document.name:{claim_id}:{sha256}")


def document_name(keys: KeyRing, document: Document) -> str:
    """The name a file came with."""
    about = f"document.name:{document.claim_id}:{document.sha256}"
    return keys.open(document.name, about).decode()


def seal_reading(keys: KeyRing, sha256: str, number: int, reading: str) -> bytes:
    """What the reader saw on a page, as JSON text."""
    return keys.seal(reading.encode(), f"page_reading:{sha256}:{number}")


def reading_text(keys: KeyRing, reading: StoredReading) -> str:
    """What the reader saw on a page, as JSON text."""
    about = f"page_reading:{reading.sha256}:{reading.number}"
    return keys.open(reading.reading, about).decode()


def seal_id_cards(keys: KeyRing, copy: IdCopy, cards: Sequence[tuple[str, str]]) -> bytes:
    """Name and number of each card on the file of copies."""
    text = json.dumps(list(cards), ensure_ascii=False)
    return keys.seal(text.encode(), f"id_copy.cards:{copy.enrolment_id}:{copy.sha256}")


def id_cards_of(keys: KeyRing, copy: IdCopy) -> list[tuple[str, str]]:
    """Name and number of each card read on the file of copies; empty before it is read."""
    if copy.cards is None:
        return []
    opened = keys.open(copy.cards, f"id_copy.cards:{copy.enrolment_id}:{copy.sha256}")
    return [(name, number) for name, number in json.loads(opened)]


def seal_hardship(keys: KeyRing, number: str, text: str) -> bytes:
    """Seal the unit's description of a member's hardship for the application with this number."""
    return keys.seal(text.encode(), f"relief.hardship:{number}")


def hardship_of(keys: KeyRing, relief: Relief) -> str:
    """The unit's description of the member's hardship."""
    return keys.open(relief.hardship, f"relief.hardship:{relief.number}").decode()


@dataclass(frozen=True)
class HeirPerson:
    """Who an heir is, and his account."""

    name: str
    id_number: str
    account: str
    bank_name: str


def seal_heir(keys: KeyRing, ref: UUID, person: HeirPerson) -> bytes:
    """The heir whose row has this reference."""
    return keys.seal(json.dumps(vars(person)).encode(), f"heir.person:{ref}")


def heir_person(keys: KeyRing, heir: Heir) -> HeirPerson:
    """Who the heir is, and his account."""
    return HeirPerson(**json.loads(keys.open(heir.person, f"heir.person:{heir.ref}")))


def seal_objection(keys: KeyRing, number: str, name: str, words: str) -> bytes:
    """Seal who objects and what he says for the objection with this number."""
    return keys.seal(json.dumps([name, words]).encode(), f"objection.said:{number}")


def said_in(keys: KeyRing, objection: Objection) -> tuple[str, str]:
    """The objector's name, and what he says."""
    name, words = json.loads(keys.open(objection.said, f"objection.said:{objection.number}"))
    return name, words


def _about_change(column: str, change: RosterChange) -> str:
    return f"roster_change.{column}:{change.enrolment_id}:{change.member_id}"


def _about(column: str, ref: UUID) -> str:
    return f"member.{column}:{ref}"
