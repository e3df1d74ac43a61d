"""Who else has the card or the phone of who is paid, and which other cards he is paid to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from documents.masks import mask_card
from documents.reading.fields import FieldName
from documents.shown_values import name
from models import Claim, Entitlement, Field, Member, Payment
from models.states import ClaimState, PaymentState
from rules.second_look import KnownCard, OtherMember
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import field_value, payee_of

_IN_RUN = (ClaimState.PROPOSED, ClaimState.APPROVED, ClaimState.PAYABLE)
_LEFT = (PaymentState.SENT, PaymentState.CREDITED)


class ClaimToPay(NamedTuple):
    """A proposed claim: whose it is, and the fingerprint of the card it is to be paid to."""

    id: int
    number: str
    member_id: int | None
    card_print: bytes | None


@dataclass(frozen=True)
class _Sharing:
    """Somebody with a card or a phone of a list: as a member, or as his claim names it."""

    member_id: int
    name: str
    born: object
    card: bytes | None
    phone: bytes | None
    events: frozenset[bytes]


def other_members(
    session: Session, claims: Sequence[ClaimToPay], members: Mapping[int, Member]
) -> Mapping[int, list[OtherMember]]:
    """By claim, the other members who share its card, or the phone of its member."""
    cards = {claim.card_print for claim in claims} - {None}
    phones = {member.phone_print for member in members.values()} - {None}
    sharing = [*_on_register(session, cards, phones), *_by_claims(session, cards)]
    # Looked up, not compared each with each: the queue of a busy day has thousands of claims.
    by_card, by_phone = _by(sharing, "card"), _by(sharing, "phone")
    own_events = _events(session, [claim.id for claim in claims])
    found: dict[int, list[OtherMember]] = {}
    for claim in claims:
        member = members.get(claim.member_id or 0)
        if member is None:
            continue
        by_id: dict[int, OtherMember] = {}
        for each in (*by_card[claim.card_print], *by_phone[member.phone_print]):
            if each.member_id != member.id:
                shared = _shared(claim, member, each, own_events[claim.id])
                by_id[each.member_id] = _both(by_id.get(each.member_id, shared), shared)
        if by_id:
            found[claim.id] = list(by_id.values())
    return found


def _by(
    sharing: Iterable[_Sharing], number: Literal["card", "phone"]
) -> defaultdict[bytes | None, list[_Sharing]]:
    found: defaultdict[bytes | None, list[_Sharing]] = defaultdict(list)
    for each in sharing:
        if (known := getattr(each, number)) is not None:
            found[known].append(each)
    return found


def _shared(
    claim: ClaimToPay, member: Member, other: _Sharing, events: frozenset[bytes]
) -> OtherMember:
    return OtherMember(
        name(other.name),
        has_card=claim.card_print is not None and other.card == claim.card_print,
        has_phone=member.phone_print is not None and other.phone == member.phone_print,
        is_namesake=(other.name, other.born) == (member.name, member.birth_date),
        same_stay=bool(events & other.events),
    )


def _both(one: OtherMember, other: OtherMember) -> OtherMember:
    return replace(
        one,
        has_card=one.has_card or other.has_card,
        has_phone=one.has_phone or other.has_phone,
        same_stay=one.same_stay or other.same_stay,
    )


def _on_register(
    session: Session, cards: Collection[bytes | None], phones: Collection[bytes | None]
) -> list[_Sharing]:
    query = select(
        Member.id, Member.name, Member.birth_date, Member.card_print, Member.phone_print
    ).where(or_(any_of(Member.card_print, cards), any_of(Member.phone_print, phones)))
    return [_Sharing(*row, frozenset()) for row in session.execute(query.order_by(Member.id))]


def _by_claims(session: Session, cards: Collection[bytes | None]) -> list[_Sharing]:
    query = (
        select(Claim.id, Member.id, Member.name, Member.birth_date, Claim.card_print)
        .join(Member, Member.id == Claim.member_id)
        .where(any_of(Claim.card_print, cards), Claim.state != ClaimState.WITHDRAWN)
        .order_by(Claim.id)
    )
    rows = session.execute(query).all()
    by_member: dict[bytes | None, set[int]] = defaultdict(set)
    for row in rows:
        by_member[row[4]].add(row[1])
    # Nearly always all claims of a card are of one member: their events need not be read.
    shared = [row for row in rows if len(by_member[row[4]]) > 1]
    events = _events(session, [row[0] for row in shared])
    return [_Sharing(*row[1:], None, events[row[0]]) for row in shared]


def _events(session: Session, claim_ids: Collection[int]) -> defaultdict[int, frozenset[bytes]]:
    found: defaultdict[int, frozenset[bytes]] = defaultdict(frozenset)
    if claim_ids:
        query = select(Entitlement.claim_id, Entitlement.event_print).where(
            any_of(Entitlement.claim_id, claim_ids), Entitlement.released_at.is_(None)
        )
        for claim_id, event in session.execute(query):
            found[claim_id] |= {event}
    return found


def last_paid(
    session: Session, office: Office, member_ids: Collection[int]
) -> Mapping[int | None, KnownCard]:
    """By member, his own card to which money last left, or arrived."""
    query = (
        select(Claim.member_id, Payment)
        .join(Payment, Payment.claim_id == Claim.id)
        .where(any_of(Claim.member_id, member_ids))
        .where(Payment.heir_id.is_(None), Payment.state.in_(_LEFT))
        .order_by(Payment.id)
    )
    last = dict(session.execute(query).all())
    found: dict[int | None, KnownCard] = {}
    for member_id, payment in last.items():
        account = payee_of(office.keys, payment).account
        found[member_id] = KnownCard(office.keys.fingerprint(account), mask_card(account))
    return found


def cards_in_run(
    session: Session, office: Office, claims: Sequence[ClaimToPay]
) -> Mapping[int, list[KnownCard]]:
    """By claim, the other cards that other claims of its member are to be paid to now."""
    own, other = aliased(Claim), aliased(Claim)
    query = (
        select(own.id, Field)
        .join(other, (other.member_id == own.member_id) & (other.card_print != own.card_print))
        .join(Field, (Field.claim_id == other.id) & (Field.name == FieldName.BANK_CARD_NUMBER))
        .where(any_of(own.id, [claim.id for claim in claims]), other.state.in_(_IN_RUN))
        .order_by(own.id, other.id)
    )
    found: defaultdict[int, list[KnownCard]] = defaultdict(list)
    for claim_id, field in session.execute(query):
        account = field_value(office.keys, field)
        card = KnownCard(office.keys.fingerprint(account), mask_card(account))
        if card not in found[claim_id]:
            found[claim_id].append(card)
    return found
