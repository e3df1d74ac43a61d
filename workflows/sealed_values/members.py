"""Sealed columns of members, of cards that people name for them, and of what rosters say."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from documents.check_digits import birth_date_of, sex_of
from documents.sealing import KeyRing
from models import Member, MemberCard, RosterChange
from workflows.engine.rows import NewRow
from workflows.sealed_values.places import (
    CARD,
    ID_NUMBER,
    NAMED_CARD,
    PHONE,
    SAID_CARD,
    SAID_PHONE,
)


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
    number = ID_NUMBER.seal(keys, id_number, ref), keys.fingerprint(id_number)
    born = birth_date_of(id_number), sex_of(id_number).value
    return NewMember(
        ref,
        unit_id,
        name,
        *number,
        *born,
        card=CARD.seal(keys, card, ref) if card else None,
        card_print=keys.fingerprint(card) if card else None,
        bank_name=bank_name,
        phone=PHONE.seal(keys, phone, ref) if phone else None,
        phone_print=keys.fingerprint(phone) if phone else None,
    )


def set_card(keys: KeyRing, member: Member, card: str | None) -> None:
    """Keep this bank card number for the member."""
    member.card = CARD.seal(keys, card, member.ref) if card else None
    member.card_print = keys.fingerprint(card) if card else None


def set_phone(keys: KeyRing, member: Member, phone: str | None) -> None:
    """Keep this telephone number for the member."""
    member.phone = PHONE.seal(keys, phone, member.ref) if phone else None
    member.phone_print = keys.fingerprint(phone) if phone else None


def print_phone(keys: KeyRing, member: Member) -> None:
    """Fingerprint a number that was sealed when telephone numbers had no fingerprint yet."""
    member.phone_print = keys.fingerprint(phone_of(keys, member) or "")


def forget_person(keys: KeyRing, member: Member) -> None:
    """Take name, numbers and birth date from the row; it is found by no ID number from now on."""
    member.name, member.bank_name, member.birth_date = "", None, date(1900, 1, 1)
    member.id_number = ID_NUMBER.seal(keys, "", member.ref)
    member.id_print = keys.fingerprint(f"forgotten {member.ref}")
    set_card(keys, member, None)
    set_phone(keys, member, None)


def phone_of(keys: KeyRing, member: Member) -> str | None:
    """The member's telephone number, if any."""
    return PHONE.open(keys, member.phone, member.ref) if member.phone else None


def id_number_of(keys: KeyRing, member: Member) -> str:
    """The member's ID number."""
    return ID_NUMBER.open(keys, member.id_number, member.ref)


def card_of(keys: KeyRing, member: Member) -> str | None:
    """The bank card the roster gives for the member, if any."""
    return CARD.open(keys, member.card, member.ref) if member.card else None


def keep_said_card(keys: KeyRing, change: RosterChange, card: str, bank_name: str | None) -> None:
    """Keep the card that a roster says of a known member."""
    change.card = SAID_CARD.seal(keys, card, change.enrolment_id, change.member_id)
    change.card_print, change.bank_name = keys.fingerprint(card), bank_name


def keep_said_phone(keys: KeyRing, change: RosterChange, phone: str) -> None:
    """Keep the telephone number that a roster says of a known member."""
    change.phone = SAID_PHONE.seal(keys, phone, change.enrolment_id, change.member_id)


def said_card(keys: KeyRing, change: RosterChange) -> str | None:
    """The card that the roster says, if it says another one."""
    if change.card is None:
        return None
    return SAID_CARD.open(keys, change.card, change.enrolment_id, change.member_id)


def said_phone(keys: KeyRing, change: RosterChange) -> str | None:
    """The telephone number that the roster says, if it says another one."""
    if change.phone is None:
        return None
    return SAID_PHONE.open(keys, change.phone, change.enrolment_id, change.member_id)


def seal_named_card(keys: KeyRing, ref: UUID, card: str) -> bytes:
    """The card that was named for a member in the row of this reference."""
    return NAMED_CARD.seal(keys, card, ref)


def named_card(keys: KeyRing, row: MemberCard) -> str:
    """The number of a card that was named for a member."""
    return NAMED_CARD.open(keys, row.card, row.ref)
