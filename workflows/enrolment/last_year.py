"""What changed from last year: who joined, left, or came with another card or ID number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.check_digits import birth_date_of, sex_of
from documents.rosters.roster_file import RosterRow
from models import Coverage, CoverYear, Enrolment, Member
from models.states import EnrolmentKind
from rules.cover import age_on
from rules.enrolment import last_day
from rules.plans import Plan
from rules.renewal import continued_from
from workflows.engine.office import Office
from workflows.enrolment.known_members import (
    KnownMember,
)
from workflows.enrolment.participation import expected_start


@dataclass(frozen=True)
class Leaver:
    """A member of last year who is not on the roster; `left_on` is None if no leaving is noted."""

    member_id: int
    name: str
    left_on: date | None


@dataclass(frozen=True)
class Renumbered:
    """A row with a new ID number and the name, birth date and sex of a member of last year."""

    row: RosterRow
    member_id: int


@dataclass(frozen=True)
class Ageing:
    """A row whose person reaches the plan's highest age in the period; `age` is that at its end."""

    row: RosterRow
    age: int


@dataclass(frozen=True)
class Comparison:
    """The sound rows compared with the members covered in the year before."""

    joined: tuple[RosterRow, ...]
    left: tuple[Leaver, ...]
    changed_card: tuple[RosterRow, ...]
    changed_id: tuple[Renumbered, ...]
    ageing: tuple[Ageing, ...]


def compare(
    session: Session,
    office: Office,
    enrolment: Enrolment,
    plan: Plan,
    sound: Sequence[RosterRow],
    prints: dict[int, bytes],
    known: dict[bytes, KnownMember],
) -> Comparison:
    """The sound rows compared with the members of last year, by ID number first, then by person."""
    start = expected_start(enrolment)
    last = _members_of_last_year(session, enrolment, plan, start)
    here = {prints[row.row] for row in sound}
    gone = {print_: member for print_, member in last.items() if print_ not in here}
    alike = {(m.name, m.birth_date, m.sex): m.id for m in gone.values()}
    joined = tuple(row for row in sound if prints[row.row] not in last) if last else ()
    changed_card = tuple(
        row
        for row in sound
        if (member := known.get(prints[row.row])) is not None
        and row.card
        and member.card_print not in (None, office.keys.fingerprint(row.card))
    )
    renumbered = tuple(
        Renumbered(row, member_id)
        for row in joined
        if (member_id := alike.get((row.name, birth_date_of(row.id_number), sex_of(row.id_number))))
        is not None
    )
    ends_on, most = last_day(plan, start), plan.enrolment.age_most.value
    ages = ((row, age_on(birth_date_of(row.id_number), ends_on)) for row in sound)
    return Comparison(
        joined=joined,
        left=tuple(Leaver(m.id, m.name, m.left_on) for m in gone.values()),
        changed_card=changed_card,
        changed_id=renumbered,
        ageing=tuple(Ageing(row, age) for row, age in ages if age >= most),
    )


def _members_of_last_year(
    session: Session, enrolment: Enrolment, plan: Plan, start: date
) -> dict[bytes, KnownMember]:
    """For a renewal, the members covered through the unit when the year before ended."""
    if enrolment.kind != EnrolmentKind.RENEWAL:
        return {}
    rows = session.execute(
        select(*KnownMember.COLUMNS)
        .join(Coverage, Coverage.member_id == Member.id)
        .join(CoverYear)
        .where(
            CoverYear.unit_id == enrolment.unit_id,
            Coverage.family == plan.family,
            Coverage.ends_on.between(continued_from(plan, start), start - timedelta(days=1)),
        )
        .order_by(Member.id)
    )
    return {row.id_print: KnownMember(*row) for row in rows}
