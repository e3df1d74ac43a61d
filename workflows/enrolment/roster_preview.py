"""The preview (预览) of a roster: faults, participation, fees, and changes from last year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import distinct, func, or_, select, union
from sqlalchemy.orm import Session

from documents.check_digits import birth_date_of, sex_of
from documents.rosters.check import RosterCheck, RosterFault, check_roster, plan_of
from documents.rosters.roster_file import RosterRow
from models import Coverage, CoverYear, Enrolment, EnrolmentLine, Member
from models.states import ENROLLED_NOT_COVERED, EnrolmentKind, EnrolmentState
from rules import plans
from rules.cover import age_on
from rules.enrolment import fee_for, last_day, must_enrol
from rules.money import Fen
from rules.plans import Plan
from rules.renewal import continued_from
from workflows.engine.office import BEIJING, Office
from workflows.enrolment.consent import without_consent
from workflows.enrolment.known_members import (
    Known,
    hindrances,
    known_by_print,
    reason_against,
)


@dataclass(frozen=True)
class Participation:
    """Article 2, R24. `covered` counts the unit's members who have cover or a line already."""

    eligible: int
    needed: int
    covered: int
    joining: int

    @property
    def reached(self) -> int:
        return self.covered + self.joining

    @property
    def short(self) -> int:
        return max(self.needed - self.reached, 0)

    @property
    def over(self) -> int:
        """How many more than the unit's staff in service: the headcount or the roster is wrong."""
        return max(self.reached - self.eligible, 0)


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


@dataclass(frozen=True)
class Preview:
    """What the office would enrol if it accepted the roster now; rows with a fault are left out."""

    rows: int
    sound: tuple[RosterRow, ...]
    faults: tuple[RosterFault, ...]
    starts_on: date
    ends_on: date
    participation: Participation
    fees: FeesDue
    without_consent: int
    comparison: Comparison

    @property
    def left_out(self) -> int:
        return self.rows - len(self.sound)


def preview(session: Session, office: Office, enrolment: Enrolment) -> Preview:
    """Check the roster's file, and compare it with the stored members and covers."""
    plan, start = plans.load(enrolment.plan), expected_start(enrolment)
    check = check_file(office, enrolment, asked_plan(session, enrolment))
    rows, faults = check.rows, check.faults
    prints = {row.row: office.keys.fingerprint(row.id_number) for row in rows if row.id_number}
    known = known_by_print(session, list(prints.values()))
    bad = {fault.row for fault in faults}
    open_rows = [row for row in rows if row.row not in bad]
    more = _known_faults(session, enrolment, check, open_rows, prints, known)
    bad |= {fault.row for fault in more}
    sound = tuple(row for row in open_rows if row.row not in bad)
    return Preview(
        rows=len(rows),
        sound=sound,
        faults=tuple(sorted((*faults, *more), key=lambda fault: fault.row)),
        starts_on=start,
        ends_on=last_day(plan, start),
        participation=participation(session, enrolment, plan, len(sound)),
        fees=_fees(enrolment, plan, sound),
        without_consent=without_consent(sound, enrolment),
        comparison=_compare(session, office, enrolment, plan, sound, prints, known),
    )


def expected_start(enrolment: Enrolment) -> date:
    """The likely first day of cover; the rows are checked for this day.

    It is the unit's common first day, which may lie in the past because the fee may arrive before
    the list. Without one it is the day after the roster arrived. Ages are checked again when cover
    begins.
    """
    if enrolment.asked_start is not None:
        return enrolment.asked_start
    return enrolment.handed_in_at.astimezone(BEIJING).date() + timedelta(days=1)


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


def check_file(office: Office, enrolment: Enrolment, asked: Plan) -> RosterCheck:
    """The rows of the stored file for this plan, with the faults that the file alone shows."""
    whole = check_roster(office.store.get(enrolment.sha256), asked, expected_start(enrolment))
    plan = plans.load(enrolment.plan)
    rows = tuple(
        row for row in whole.rows if not row.stays_out and plan_of(row, asked).family == plan.family
    )
    ours = {row.row for row in rows}
    faults = tuple(fault for fault in whole.faults if fault.row in ours)
    return RosterCheck(plan, rows, faults, whole.columns)


def participation(
    session: Session, enrolment: Enrolment, plan: Plan, joining: int
) -> Participation:
    """How many of the eligible workers would be enrolled, and how many must be."""
    start = expected_start(enrolment)
    covered = (
        select(Coverage.member_id)
        .join(CoverYear)
        .join(Member)
        .where(
            CoverYear.unit_id == enrolment.unit_id,
            Coverage.family == plan.family,
            Coverage.starts_on <= start,
            Coverage.ends_on >= start,
            or_(Member.left_on.is_(None), Member.left_on > start),
        )
    )
    on_the_way = select(EnrolmentLine.member_id).where(
        EnrolmentLine.enrolment_id.in_(
            _on_the_way(session, enrolment, plans.codes_of(plan.family), start)
        ),
        EnrolmentLine.struck_at.is_(None),
    )
    both = union(covered, on_the_way).subquery()
    count = session.scalar(select(func.count(distinct(both.c.member_id)))) or 0
    eligible = eligible_now(enrolment)
    return Participation(eligible, must_enrol(plan, eligible), count, joining)


def eligible_now(enrolment: Enrolment) -> int:
    """The base of the rate (R24): until the roster is accepted, as the register has it now."""
    if enrolment.state == EnrolmentState.CHECKED:
        return enrolment.unit.headcount or enrolment.eligible
    return enrolment.eligible


def _on_the_way(
    session: Session, enrolment: Enrolment, codes: Sequence[str], start: date
) -> list[int]:
    """The ids of the unit's other rosters whose cover, once paid, would include this day."""
    others = session.scalars(
        select(Enrolment).where(
            Enrolment.unit_id == enrolment.unit_id,
            Enrolment.id != enrolment.id,
            Enrolment.plan.in_(codes),
            Enrolment.state.in_(ENROLLED_NOT_COVERED),
        )
    )
    begins = {other: expected_start(other) for other in others}
    return [
        other.id
        for other, first in begins.items()
        if first <= start <= last_day(plans.load(other.plan), first)
    ]


def _fees(enrolment: Enrolment, plan: Plan, sound: Sequence[RosterRow]) -> FeesDue:
    fees = [fee_for(plan, row.shares) for row in sound]
    own, subsidy = sum(fee.own for fee in fees), sum(fee.subsidy for fee in fees)
    theirs = sum(enrolment.member_part * (row.shares) for row in sound)
    return FeesDue(len(sound), Fen(own - theirs), Fen(theirs), Fen(subsidy))


def _known_faults(
    session: Session,
    enrolment: Enrolment,
    check: RosterCheck,
    rows: Sequence[RosterRow],
    prints: dict[int, bytes],
    known: dict[bytes, Known],
) -> list[RosterFault]:
    """The faults of the rows that only the stored data show."""
    plan, start = check.plan, expected_start(enrolment)
    ids = [member.id for member in known.values()]
    reasons = hindrances(session, enrolment, plan, start, last_day(plan, start), ids)
    found = ((row, known.get(prints[row.row])) for row in rows)
    against = ((row, reason_against(row, member, reasons)) for row, member in found if member)
    return [
        RosterFault(row.row, check.columns[reason.field].heading, reason.code, reason.text)
        for row, reason in against
        if reason is not None
    ]


def _compare(
    session: Session,
    office: Office,
    enrolment: Enrolment,
    plan: Plan,
    sound: Sequence[RosterRow],
    prints: dict[int, bytes],
    known: dict[bytes, Known],
) -> Comparison:
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
) -> dict[bytes, Known]:
    """For a renewal, the members covered through the unit when the year before ended."""
    if enrolment.kind != EnrolmentKind.RENEWAL:
        return {}
    rows = session.execute(
        select(*Known.COLUMNS)
        .join(Coverage, Coverage.member_id == Member.id)
        .join(CoverYear)
        .where(
            CoverYear.unit_id == enrolment.unit_id,
            Coverage.family == plan.family,
            Coverage.ends_on.between(continued_from(plan, start), start - timedelta(days=1)),
        )
        .order_by(Member.id)
    )
    return {row.id_print: Known(*row) for row in rows}
