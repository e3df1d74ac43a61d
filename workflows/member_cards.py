"""Whose card a member is paid to: what a person says of it counts once a second one has seen it.

The card that came with the member's first cover is on the register. Another one takes its place
there, or is paid to by a claim, once a person who did not bring it has confirmed it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from language import _
from models import Claim, Member, MemberCard, User
from models.states import CLAIM_AT_REST_STATES
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.row_stamps import execute_stamped
from workflows.engine.rows import any_of
from workflows.known_deaths import refuse_the_dead
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values.members import named_card, seal_named_card, set_card


def cards_of(
    session: Session, member_ids: Collection[int | None]
) -> Mapping[int, Sequence[MemberCard]]:
    """By member, the cards that people named and that stand, confirmed or not yet."""
    query = select(MemberCard).where(
        any_of(MemberCard.member_id, member_ids), MemberCard.dropped_at.is_(None)
    )
    found: defaultdict[int, list[MemberCard]] = defaultdict(list)
    with session.no_autoflush:
        for card in session.scalars(query.order_by(MemberCard.id)):
            found[card.member_id].append(card)
    return found


def is_confirmed(
    keys: KeyRing, member: Member, name: str, card_print: bytes, cards: Iterable[MemberCard]
) -> bool:
    """Whether this payee is the member with his card on the register, or was confirmed so."""
    if (name, card_print) == (member.name, member.card_print):
        return True
    name_print = keys.fingerprint(name)
    return any(
        (card.card_print, card.name_print) == (card_print, name_print)
        for card in cards
        if card.confirmed_at
    )


def mark_of(keys: KeyRing, name: str, account: str) -> str:
    """What a form sends back of the payee it showed, so that another one is noticed."""
    return keys.fingerprint(f"{name} {account}").hex()[:20]


def waiting_card(session: Session, member: Member) -> MemberCard | None:
    """The card that waits to take the place of the one on the register."""
    query = select(MemberCard).filter_by(member_id=member.id, claim_id=None, confirmed_at=None)
    return session.scalar(query.where(MemberCard.dropped_at.is_(None)))


def ask_for_card(
    session: Session, office: Office, person: User, member: Member, card: str, bank_name: str
) -> None:
    """Name another card for the register; it counts once another person has confirmed it.

    Who named it approves no open claim of the member. The caller has checked person and number.
    """
    now = office.clock()
    if before := waiting_card(session, member):
        before.dropped_at = now
        session.flush()
    row = new_card(office, member, member.name, card, bank_name)
    row.asked_by, row.asked_at = person.id, now
    session.add(row)
    _note_on_open_claims(session, member, [person])
    record(session, member, "ask_for_card", now, person.id)


def new_card(
    office: Office, member: Member, name: str, card: str, bank_name: str | None
) -> MemberCard:
    """A card of this member under this name, in the place of the one on the register."""
    ref = uuid4()
    return MemberCard(
        member_id=member.id,
        ref=ref,
        card=seal_named_card(office.keys, ref, card),
        card_print=office.keys.fingerprint(card),
        name_print=office.keys.fingerprint(name),
        bank_name=bank_name,
        replaced_print=member.card_print,
        asked_at=office.clock(),
    )


def confirm_card(
    session: Session, office: Office, person: User, member: Member, shown: int
) -> None:
    """Agree to the card that waits, by the id that was shown beside the one on the register."""
    row = _waiting(session, person, member, shown)
    row.confirmed_by, row.confirmed_at = person.id, office.clock()
    put_on_register(session, office, member, row, [person])
    record(session, member, "change_card", office.clock(), person.id, asked_by=row.asked_by)


def refuse_card(
    session: Session, office: Office, person: User, member: Member, shown: int, reason: str
) -> None:
    """Leave the card on the register, for a reason."""
    row = _waiting(session, person, member, shown)
    told = told_reason(reason, _("请写明原因"))
    row.dropped_at = office.clock()
    record(session, member, "refuse_card", office.clock(), person.id, reason=told)


def put_on_register(
    session: Session, office: Office, member: Member, row: MemberCard, people: Sequence[User]
) -> None:
    """Replace the card on the register by the confirmed one; others that were named fall away."""
    refuse_the_dead(session, member)
    execute_stamped(
        session,
        update(MemberCard)
        .where(MemberCard.member_id == member.id, MemberCard.id != row.id)
        .where(MemberCard.dropped_at.is_(None))
        .values(dropped_at=office.clock()),
    )
    keep_card(office, member, named_card(office.keys, row), row.bank_name)
    _note_on_open_claims(session, member, people)


def keep_card(office: Office, member: Member, card: str, bank_name: str | None) -> None:
    """Replace the card, and note when a card was replaced."""
    if member.card is not None:
        member.card_changed_at = office.clock()
    set_card(office.keys, member, card)
    member.bank_name = bank_name


def note_card_makers(
    session: Session, claims: Iterable[Claim], cards: Mapping[int, Sequence[MemberCard]]
) -> None:
    """Who named or confirmed a card of a claim's member approves no claim that is paid to it."""
    for claim in claims:
        rows = [row for row in cards.get(claim.member_id or 0, ()) if _concerns(row, claim)]
        ids = {each for row in rows for each in (row.asked_by, row.confirmed_by)} - {None}
        for person in session.scalars(select(User).where(User.id.in_(ids))) if ids else ():
            note_maker(session, claim, person, Made.CARD)


def _concerns(row: MemberCard, claim: Claim) -> bool:
    return row.confirmed_at is None or row.card_print == claim.card_print


def _note_on_open_claims(session: Session, member: Member, people: Sequence[User]) -> None:
    query = select(Claim).where(
        Claim.member_id == member.id, Claim.state.not_in(CLAIM_AT_REST_STATES)
    )
    for claim in session.scalars(query.order_by(Claim.id)):
        for person in people:
            note_maker(session, claim, person, Made.CARD)


def _waiting(session: Session, person: User, member: Member, shown: int) -> MemberCard:
    require(person, Act.DECIDE_CARDS)
    row = waiting_card(session, member)
    if row is None or row.id != shown:
        raise Refused(_("待确认的银行卡在显示之后已有变动，请重新核对"))
    if row.asked_by in own_accounts(session, person):
        raise OwnWork(_("换卡须由提出人以外的人确认"))
    return row
