"""The list of enrolments: the state and the fees of each roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from console import labels
from console.queries.counts import StateCount
from models import Enrolment, EnrolmentLine, FeeReceipt, User
from models.machines.enrolment import ENROLMENT
from models.states import EnrolmentState, FeePayer
from rules import plans
from rules.money import Fen
from workflows.engine.office import BEIJING
from workflows.enrolment.fees import Account
from workflows.enrolment.roster_cards import rosters_with_cards
from workflows.people.visibility import sees_own_unit_only

ROWS = 100


@dataclass(frozen=True)
class EnrolmentRow(Account):
    """One roster, and the account of the unit's and its members' part."""

    number: str
    unit: str
    plan: str
    kind: str
    state: str
    word: str
    handed_in_on: date
    members: int
    cover: tuple[date, date] | None
    is_parked: bool


def enrolments_found(
    session: Session,
    person: User,
    state: str = "",
    unit_id: int | None = None,
    *,
    cards: bool = False,
) -> list[EnrolmentRow]:
    """The latest enrolments the person may see, newest first; `cards`: those with cards that wait
    for a person."""
    query = select(Enrolment).options(joinedload(Enrolment.unit), joinedload(Enrolment.cover_year))
    if sees_own_unit_only(person):
        query = query.where(Enrolment.unit_id == person.unit_id)
    if unit_id is not None:
        query = query.where(Enrolment.unit_id == unit_id)
    if state:
        query = query.where(Enrolment.state == state)
    if cards:
        query = query.where(Enrolment.id.in_(rosters_with_cards()))
    found = session.scalars(query.order_by(Enrolment.id.desc()).limit(ROWS)).all()
    received, members = _received(session, found), _members(session, found)
    return [_row(each, received.get(each.id, 0), members.get(each.id)) for each in found]


def enrolment_counts(session: Session, person: User) -> list[StateCount]:
    """The number of enrolments in each state that has any."""
    query = select(Enrolment.state, func.count()).group_by(Enrolment.state)
    if sees_own_unit_only(person):
        query = query.where(Enrolment.unit_id == person.unit_id)
    found = dict(session.execute(query).all())
    return [
        StateCount(state, labels.state(ENROLMENT, state), found[state])
        for state in ENROLMENT.states
        if state in found
    ]


def _row(enrolment: Enrolment, received: int, members: int | None) -> EnrolmentRow:
    year = enrolment.cover_year
    is_due = enrolment.state != EnrolmentState.WITHDRAWN
    return EnrolmentRow(
        number=enrolment.number,
        unit=enrolment.unit.name,
        plan=plans.load(enrolment.plan).name,
        kind=labels.enrolment_kind(enrolment.kind),
        state=enrolment.state,
        word=labels.state(ENROLMENT, enrolment.state),
        handed_in_on=enrolment.handed_in_at.astimezone(BEIJING).date(),
        members=enrolment.rows if members is None else members,
        due=Fen(enrolment.fee_due if is_due else 0),
        received=Fen(received),
        cover=(year.starts_on, year.ends_on) if year else None,
        is_parked=enrolment.parked_at is not None,
    )


def _received(session: Session, found: Sequence[Enrolment]) -> dict[int, int]:
    query = (
        select(FeeReceipt.enrolment_id, func.sum(FeeReceipt.amount))
        .where(FeeReceipt.enrolment_id.in_([each.id for each in found]))
        .where(FeeReceipt.payer == FeePayer.UNIT)
        .group_by(FeeReceipt.enrolment_id)
    )
    return {enrolment: int(total) for enrolment, total in session.execute(query)}


def _members(session: Session, found: Sequence[Enrolment]) -> dict[int, int]:
    query = (
        select(EnrolmentLine.enrolment_id, func.count())
        .where(EnrolmentLine.enrolment_id.in_([each.id for each in found]))
        .where(EnrolmentLine.struck_at.is_(None))
        .group_by(EnrolmentLine.enrolment_id)
    )
    return dict(session.execute(query).all())
