"""Which cards of the register one person alone has brought: with a roster, and with the papers.

Register and papers of such a claim agree because the same person wrote both, so that neither proves
the other.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent, Claim, Enrolment, Member, Packet, User
from workflows.claims.approving.same_payee import ClaimToPay, last_paid
from workflows.engine.office import Office
from workflows.engine.rows import any_of, by_id
from workflows.member_cards import cards_of
from workflows.people.persons import own_accounts

_CARD_CAME = ("enrol", "change", "change_card")
"""The events of a member by which a card comes to the register; the last one stands."""


def brought_by_one(
    session: Session, claims: Sequence[ClaimToPay], members: Mapping[int, Member]
) -> Mapping[int, str]:
    """By claim that is paid to the register's card, the name of who alone brought that card.

    Papers from the drop folder are nobody's: any person of the office may have scanned them, so
    they prove nothing of a roster that the office handed in.
    """
    authors = _authors_by_claim(session, claims, members)
    senders = _senders(session, authors)
    return {id_: each.name for id_, each in authors.items() if _brought_both(each, senders[id_])}


def came_with_roster_of(
    session: Session, office: Office, person: User, claims: Collection[Claim]
) -> set[int]:
    """Those of these claims that are paid to a card which came with this person's roster; once
    money has left for the card, another one has approved it."""
    to_pay = [ClaimToPay(c.id, c.number, c.member_id, c.card_print) for c in claims]
    members = by_id(session, Member, {claim.member_id for claim in claims})
    authors, own = _authors_by_claim(session, to_pay, members), own_accounts(session, person)
    his = [claim for claim in to_pay if claim.id in authors and authors[claim.id].id in own]
    paid = last_paid(session, office, {claim.member_id or 0 for claim in his})
    return {
        claim.id
        for claim in his
        if (last := paid.get(claim.member_id)) is None or last.print != claim.card_print
    }


def _authors_by_claim(
    session: Session, claims: Sequence[ClaimToPay], members: Mapping[int, Member]
) -> Mapping[int, User]:
    """By claim that is paid to the register's card, who handed in the roster it came with; none
    where a second person has confirmed it."""
    to_register = [
        claim
        for claim in claims
        if claim.card_print
        and (member := members.get(claim.member_id or 0))
        and member.card_print == claim.card_print
    ]
    authors = _authors_by_member(session, {claim.member_id or 0 for claim in to_register})
    seen = _confirmed(session, authors)
    return {
        claim.id: authors[claim.member_id or 0]
        for claim in to_register
        if claim.member_id in authors and (claim.member_id, claim.card_print) not in seen
    }


def _brought_both(author: User, senders: Collection[str | None]) -> bool:
    return author.staff_number in senders or (None in senders and author.unit_id is None)


def _authors_by_member(session: Session, member_ids: Collection[int]) -> Mapping[int, User]:
    """By member, who handed in the roster that his card came with; none where two people put it on
    the register, or it was taken over from a former system."""
    events = session.execute(
        select(AuditEvent.subject_id, AuditEvent.verb, AuditEvent.detail)
        .where(
            AuditEvent.subject == Member.__tablename__,
            any_of(AuditEvent.subject_id, member_ids),
            AuditEvent.verb.in_(_CARD_CAME),
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    rosters: dict[int, str] = {}
    for member_id, verb, told in events:
        if verb == "change_card":
            rosters.pop(member_id, None)
        elif "enrolment" in told and (verb == "enrol" or "card" in _fields_of(told)):
            rosters[member_id] = str(told["enrolment"])
    handed_in = (
        select(Enrolment.number, User)
        .join(User, User.id == Enrolment.handed_in_by)
        .where(any_of(Enrolment.number, set(rosters.values())))
    )
    authors = dict(session.execute(handed_in).all())
    return {member_id: authors[number] for member_id, number in rosters.items()}


def _fields_of(told: Mapping[str, object]) -> Collection[str]:
    fields = told.get("fields")
    return fields if isinstance(fields, list) else ()


def _confirmed(session: Session, member_ids: Collection[int]) -> set[tuple[int | None, bytes]]:
    """Members and cards that a second person has confirmed for a claim."""
    cards = cards_of(session, member_ids)
    return {(c.member_id, c.card_print) for all_ in cards.values() for c in all_ if c.confirmed_at}


def _senders(session: Session, claim_ids: Collection[int]) -> Mapping[int, Collection[str | None]]:
    """By claim, the staff numbers of who sent its papers; None is the drop folder."""
    rows = session.execute(
        select(Packet.claim_id, User.staff_number)
        .outerjoin(User, User.id == Packet.sent_by)
        .where(any_of(Packet.claim_id, claim_ids), Packet.outcome == "taken")
    )
    found: defaultdict[int, set[str | None]] = defaultdict(set)
    for claim_id, number in rows:
        if claim_id is not None:
            found[claim_id].add(number)
    return found
