"""What a roster says of known members otherwise than the register: it waits until cover begins."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session

from documents.rosters.roster_file import RosterRow
from models import (
    Claim,
    Coverage,
    Enrolment,
    EnrolmentLine,
    KnownDeath,
    Member,
    Relief,
    RosterChange,
    User,
)
from models.states import EnrolmentState
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.known_deaths import known_dead
from workflows.member_cards import keep_card
from workflows.member_locks import locked
from workflows.sealed_values.members import (
    forget_person,
    keep_said_card,
    keep_said_phone,
    phone_of,
    said_card,
    said_phone,
    set_phone,
)

_HOLDERS = (Coverage, Claim, Relief, KnownDeath)
"""What else names a member who is on a roster."""


def propose(
    session: Session,
    office: Office,
    enrolment: Enrolment,
    known: Sequence[tuple[Member, RosterRow]],
) -> None:
    """Keep beside the roster where these rows differ from the register; no member changes."""
    moving = _changes(session, enrolment, [member.id for member, _row in known])
    for member, row in known:
        change = moving.get(member.id) or RosterChange(
            enrolment_id=enrolment.id, member_id=member.id
        )
        change.comes_back = member.left_on is not None
        if row.card and member.card_print != office.keys.fingerprint(row.card):
            keep_said_card(office.keys, change, row.card, row.bank_name or None)
        if row.phone and phone_of(office.keys, member) != row.phone:
            keep_said_phone(office.keys, change, row.phone)
        if change.comes_back or change.card or change.phone:
            session.add(change)


def come_into_force(
    session: Session, office: Office, enrolment: Enrolment, covered: Collection[int]
) -> None:
    """Carry out, now that cover begins, what needs no other person; another card goes on waiting.

    `covered` are the members whose cover this roster began.
    """
    changes = _changes(session, enrolment, covered)
    dead = known_dead(session, changes) if changes else set()
    for member in session.scalars(locked(any_of(Member.id, changes.keys() - dead))):
        change = changes[member.id]
        fields = []
        if change.comes_back and member.left_on is not None:
            member.left_on = None
            fields.append("left_on")
        if phone := said_phone(office.keys, change):
            set_phone(office.keys, member, phone)
            fields.append("phone")
        if _takes_first_card(office, member, change):
            fields.append("card")
        if fields:
            number, by = enrolment.number, enrolment.accepted_by
            record(session, member, "change", office.clock(), by, enrolment=number, fields=fields)
        _move(session, office, enrolment, member, change)


def leave_nothing_behind(
    session: Session, office: Office, person: User, enrolment: Enrolment
) -> None:
    """Drop what the withdrawn roster proposed, and forget the people whom only it has named."""
    session.execute(delete(RosterChange).filter_by(enrolment_id=enrolment.id))
    session.flush()
    lines = select(EnrolmentLine.member_id).filter_by(enrolment_id=enrolment.id)
    named = session.scalars(locked(any_of(Member.id, session.scalars(lines).all()))).all()
    # Asked under the locks: a roster that names one of them at this moment is first or waits.
    only_here = set(session.scalars(_named_nowhere_else([member.id for member in named])))
    for member in named:
        if member.id in only_here:
            forget_person(office.keys, member)
            record(session, member, "forget", office.clock(), person.id, enrolment=enrolment.number)


def _takes_first_card(office: Office, member: Member, change: RosterChange) -> bool:
    """Take over the card of a member of this unit who has none; say whether it was."""
    card = said_card(office.keys, change)
    if card is None or member.card is not None or change.from_unit_id is not None:
        return False
    keep_card(office, member, card, change.bank_name)
    change.card_decided_at = office.clock()
    return True


def _move(
    session: Session, office: Office, enrolment: Enrolment, member: Member, change: RosterChange
) -> None:
    """Move the member as the office confirmed, unless he has left that unit meanwhile."""
    if change.from_unit_id is None or change.from_unit_id != member.unit_id:
        return
    member.unit_id = enrolment.unit_id
    record(
        session,
        member,
        "transfer",
        office.clock(),
        change.moved_by,
        enrolment=enrolment.number,
        from_unit=change.from_unit_id,
        to_unit=enrolment.unit_id,
    )


def _changes(
    session: Session, enrolment: Enrolment, member_ids: Collection[int]
) -> dict[int, RosterChange]:
    query = select(RosterChange).filter_by(enrolment_id=enrolment.id)
    found = session.scalars(query.where(any_of(RosterChange.member_id, member_ids)))
    return {change.member_id: change for change in found}


def _named_nowhere_else(member_ids: Collection[int]) -> Select[int]:
    """Those of these members whom nothing names but withdrawn rosters and struck lines."""
    on_a_roster = (
        exists()
        .where(EnrolmentLine.member_id == Member.id, EnrolmentLine.struck_at.is_(None))
        .where(Enrolment.id == EnrolmentLine.enrolment_id)
        .where(Enrolment.state != EnrolmentState.WITHDRAWN)
    )
    others = (exists().where(each.member_id == Member.id) for each in _HOLDERS)
    return select(Member.id).where(
        any_of(Member.id, member_ids), ~on_a_roster, *(~each for each in others)
    )
