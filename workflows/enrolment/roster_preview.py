"""The preview (预览) of a roster: faults, participation, fees, and changes from last year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.rosters.check import RosterCheck, RosterFault, check_roster, plan_of
from documents.rosters.roster_file import RosterRow
from models import Enrolment
from models.states import EnrolmentState
from rules import plans
from rules.enrolment import fee_for, last_day
from rules.money import Fen
from rules.plans import Plan
from workflows.engine.office import Office
from workflows.enrolment.consent import without_consent
from workflows.enrolment.known_members import (
    Hindrances,
    KnownMember,
    WhyNotEnrolled,
    hindrances,
    known_by_print,
)
from workflows.enrolment.last_year import Comparison, compare
from workflows.enrolment.participation import (
    Participation,
    expected_start,
    participation,
    waiting_beside,
)


@dataclass(frozen=True)
class FeesDue:
    """The fees for the sound rows, in fen, by who pays them (article 5)."""

    members: int
    from_unit: Fen
    from_members: Fen
    subsidy: Fen

    @property
    def whole(self) -> Fen:
        return Fen(self.from_unit + self.from_members + self.subsidy)


@dataclass(frozen=True)
class RowElsewhere:
    """A row whose person is a member of another unit; only the office sees it so.

    `why` is what forbids the row beside that, `is_moving` that the office has confirmed his move.
    """

    row: RosterRow
    member: KnownMember
    why: WhyNotEnrolled | None
    is_moving: bool

    @property
    def can_move(self) -> bool:
        """Whether nothing but the member's unit forbids the row, and his move is not confirmed."""
        return self.why is None and not self.is_moving


@dataclass(frozen=True)
class RowsTwice:
    """The sound rows whose people stand also on this other roster, which waits for a decision: only
    one of the two will enrol them."""

    number: str
    rows: tuple[RosterRow, ...]


@dataclass(frozen=True)
class Preview:
    """What the office would enrol if it accepted the roster now; rows with a fault are left out."""

    listed: tuple[RosterRow, ...]
    sound: tuple[RosterRow, ...]
    faults: tuple[RosterFault, ...]
    notes: tuple[str, ...]
    starts_on: date
    ends_on: date
    participation: Participation
    fees: FeesDue
    without_consent: int
    comparison: Comparison
    elsewhere: tuple[RowElsewhere, ...]
    twice: tuple[RowsTwice, ...]

    @property
    def left_out(self) -> int:
        return len(self.listed) - len(self.sound)


@dataclass(frozen=True)
class _LookedThrough:
    check: RosterCheck
    faults: tuple[RosterFault, ...]
    sound: tuple[RosterRow, ...]
    prints: dict[int, bytes]
    known: dict[bytes, KnownMember]
    elsewhere: tuple[RowElsewhere, ...]


def preview(session: Session, office: Office, enrolment: Enrolment) -> Preview:
    """Check the roster's file, and compare it with the stored members and covers."""
    plan, start = plans.load(enrolment.plan), expected_start(enrolment)
    seen = _look_through(session, office, enrolment)
    sound = seen.sound
    beside = sum(
        len(_look_through(session, office, each).sound)
        for each in waiting_beside(session, enrolment)
    )
    return Preview(
        listed=seen.check.rows,
        sound=sound,
        faults=seen.faults,
        notes=seen.check.notes,
        starts_on=start,
        ends_on=last_day(plan, start),
        participation=participation(session, enrolment, plan, len(sound), beside),
        fees=_fees(enrolment, plan, sound),
        without_consent=without_consent(sound, enrolment),
        comparison=compare(session, office, enrolment, plan, sound, seen.prints, seen.known),
        elsewhere=seen.elsewhere,
        twice=tuple(_twice(session, office, enrolment, sound)),
    )


def _twice(
    session: Session, office: Office, enrolment: Enrolment, sound: Sequence[RosterRow]
) -> Iterator[RowsTwice]:
    """By each other roster of the unit and this kind of plan that waits to be accepted; rows that
    were enrolled are faults by then."""
    codes = plans.codes_of(plans.load(enrolment.plan).family)
    others = select(Enrolment).where(
        Enrolment.unit_id == enrolment.unit_id,
        Enrolment.plan.in_(codes),
        Enrolment.state.in_((EnrolmentState.CHECKED, EnrolmentState.SHORT)),
        # The parts of one file have their rows once.
        (Enrolment.sha256 != enrolment.sha256) | (Enrolment.handed_in_at != enrolment.handed_in_at),
    )
    for other in session.scalars(others.order_by(Enrolment.id)):
        check = check_file(office, other, asked_plan(session, other), other.unit.name)
        listed = {row.id_number for row in check.rows}
        if rows := tuple(row for row in sound if row.id_number in listed):
            yield RowsTwice(other.number, rows)


def _look_through(session: Session, office: Office, enrolment: Enrolment) -> _LookedThrough:
    asked = asked_plan(session, enrolment)
    check = check_file(office, enrolment, asked, enrolment.unit.name)
    rows, faults = check.rows, check.faults
    prints = {row.row: office.keys.fingerprint(row.id_number) for row in rows if row.id_number}
    known = known_by_print(session, list(prints.values()))
    bad = {fault.row for fault in faults}
    open_rows = [row for row in rows if row.row not in bad]
    members = [(row, known[prints[row.row]]) for row in open_rows if prints[row.row] in known]
    ids = [member.id for _row, member in members]
    found = hindrances(session, enrolment, check.plan, expected_start(enrolment), ids)
    more = list(_known_faults(check, members, found))
    bad |= {fault.row for fault in more}
    return _LookedThrough(
        check,
        tuple(sorted((*faults, *more), key=lambda fault: fault.row)),
        tuple(row for row in open_rows if row.row not in bad),
        prints,
        known,
        tuple(
            RowElsewhere(row, member, found.beside_the_unit(row, member), member.id in found.moving)
            for row, member in members
            if member.unit_id != enrolment.unit_id
        ),
    )


def asked_plan(session: Session, enrolment: Enrolment) -> Plan:
    """The plan for which the file was handed in: that of the first enrolment made from it."""
    code = session.scalars(
        select(Enrolment.plan)
        .filter_by(
            unit_id=enrolment.unit_id,
            sha256=enrolment.sha256,
            handed_in_at=enrolment.handed_in_at,
        )
        .order_by(Enrolment.id)
        .limit(1)
    ).one()
    return plans.load(code)


def check_file(office: Office, enrolment: Enrolment, asked: Plan, unit_name: str) -> RosterCheck:
    """The rows of the stored file that it takes, with the faults that the file alone shows."""
    content, start = office.store.get(enrolment.sha256), expected_start(enrolment)
    whole = check_roster(content, asked, start, unit_name, office.limits)
    plan = plans.load(enrolment.plan)
    taken = None if enrolment.sheet_rows is None else frozenset(enrolment.sheet_rows)
    rows = tuple(
        row
        for row in whole.rows
        if not row.stays_out and plan_of(row, asked).family == plan.family
        if taken is None or row.row in taken
    )
    ours = {row.row for row in rows}
    faults = tuple(fault for fault in whole.faults if fault.row in ours)
    return RosterCheck(plan, rows, faults, whole.columns, whole.notes)


def _fees(enrolment: Enrolment, plan: Plan, sound: Sequence[RosterRow]) -> FeesDue:
    fees = [fee_for(plan, row.shares) for row in sound]
    own, subsidy = sum(fee.own for fee in fees), sum(fee.subsidy for fee in fees)
    theirs = sum(enrolment.member_part * (row.shares) for row in sound)
    return FeesDue(len(sound), Fen(own - theirs), Fen(theirs), Fen(subsidy))


def _known_faults(
    check: RosterCheck, members: Sequence[tuple[RosterRow, KnownMember]], found: Hindrances
) -> Iterator[RosterFault]:
    """The faults of the rows that only the stored data show."""
    for row, member in members:
        if why := found.against(row, member):
            yield RosterFault(row.row, check.columns[why.field].heading, why.code, why.text)
