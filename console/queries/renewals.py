"""The calendar of reminders: those to come, those held back, those sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from console import labels
from language import N_, _
from models import CoverYear, Renewal, Unit, User
from models.machines.enrolment import RENEWAL
from models.states import RenewalState
from rules import plans
from rules.errors import HuzhuError
from rules.renewal import due_on, rung_in_words, rungs, rungs_within
from workflows.engine.office import Office
from workflows.renewal.notice_writing import number_of
from workflows.renewal.reminder_pauses import held_by
from workflows.renewal.reminders import is_paused, open_pauses, years_due
from workflows.renewal.renewed_years import renewed

AHEAD = timedelta(days=90)
BACK = timedelta(days=30)
_SHOWN = 300
_WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))


@dataclass(frozen=True)
class ComingReminder:
    """One reminder that will be sent on a day, if nothing changes."""

    on: date
    rung: int
    rung_word: str
    plan_word: str
    unit_id: int
    unit: str
    is_paused: bool


@dataclass(frozen=True)
class ReminderGroup:
    """The reminders of one day that say the same to several units."""

    rung_word: str
    plan_word: str
    rows: tuple[ComingReminder, ...]

    @property
    def paused(self) -> int:
        return sum(row.is_paused for row in self.rows)


@dataclass(frozen=True)
class ReminderDay:
    """All reminders of one day."""

    on: date
    weekday: str
    in_days: int
    groups: tuple[ReminderGroup, ...]


@dataclass(frozen=True)
class Square:
    """One day of the calendar sheet: how many go out and how many are held back."""

    on: date
    out: int
    paused: int
    is_past: bool
    is_today: bool


@dataclass(frozen=True)
class Week:
    """One row of the calendar sheet; `month` is named where one begins."""

    month: int | None
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class DueReminder:
    """One reminder that has come due, and its state."""

    id: int
    due_on: date
    unit_id: int
    unit: str
    plan_word: str
    rung_word: str
    number: str
    state: str
    word: str
    at: datetime | None
    has_papers: bool
    is_parked: bool


@dataclass(frozen=True)
class PauseRow:
    """One pause in force."""

    id: int
    unit: str
    rung_word: str
    reason: str
    by: str
    at: datetime
    holds: int


def coming_reminders(
    session: Session, office: Office, unit_id: int | None = None
) -> list[ComingReminder]:
    """The reminders of the next days, in order of day, rung, plan and unit."""
    today = office.today()
    years = [y for y in years_due(session, today, today + AHEAD) if unit_id in (None, y.unit_id)]
    done, pauses = renewed(session, years), open_pauses(session)
    names = _names(session, {year.unit_id for year in years})
    found = [
        ComingReminder(
            on=due_on(year.ends_on, rung),
            rung=rung,
            rung_word=rung_in_words(rung),
            plan_word=plan_word(year.plan),
            unit_id=year.unit_id,
            unit=names[year.unit_id],
            is_paused=is_paused(pauses, year.unit_id, rung),
        )
        for year in years
        if year.id not in done
        for rung in rungs_within(year.ends_on, today, today + AHEAD)
    ]
    return sorted(found, key=lambda row: (row.on, row.rung, row.plan_word, row.unit))


def days_of_reminders(rows: Sequence[ComingReminder], office: Office) -> Iterator[ReminderDay]:
    """The reminders by day, and on each day by what they say."""
    for on, of_day in groupby(rows, key=lambda row: row.on):
        groups = tuple(
            ReminderGroup(rung_word, plan, tuple(same))
            for (rung_word, plan), same in groupby(
                of_day, lambda row: (row.rung_word, row.plan_word)
            )
        )
        yield ReminderDay(on, _(_WEEKDAYS[on.weekday()]), (on - office.today()).days, groups)


def weeks_of_reminders(rows: Sequence[ComingReminder], office: Office) -> list[Week]:
    """The calendar sheet: whole weeks, Monday first, from this one to the last day looked at."""
    today = office.today()
    monday, last = today - timedelta(days=today.weekday()), today + AHEAD
    found: list[Week] = []
    while monday <= last:
        squares = tuple(_square(rows, monday + timedelta(days=at), today) for at in range(7))
        begins = next((each.on for each in squares if each.on.day == 1), None)
        month = begins or (monday if not found else None)
        found.append(Week(month.month if month else None, squares))
        monday += timedelta(days=7)
    return found


def gone_reminders(
    session: Session, office: Office, unit_id: int | None = None
) -> list[DueReminder]:
    """The reminders of the last days and all that are on their way, newest first."""
    moving = (RenewalState.HELD, RenewalState.WANTED, RenewalState.WRITTEN)
    query = select(Renewal).where(
        (Renewal.due_on > office.today() - BACK) | Renewal.state.in_(moving)
    )
    return _gone(session, office, query if unit_id is None else query.filter_by(unit_id=unit_id))


def notices_for_unit(session: Session, office: Office, unit_id: int) -> list[DueReminder]:
    """The notices a unit can fetch from its page, newest first, however old."""
    on_its_page = (RenewalState.WRITTEN, RenewalState.SENT, RenewalState.POSTED)
    query = select(Renewal).where(Renewal.unit_id == unit_id, Renewal.state.in_(on_its_page))
    return _gone(session, office, query)


def running_pauses(session: Session) -> list[PauseRow]:
    """The pauses in force."""
    return [
        PauseRow(
            id=found.id,
            unit=session.get_one(Unit, found.unit_id).name if found.unit_id else _("所有单位"),
            rung_word=_("各次提醒") if found.rung is None else rung_in_words(found.rung),
            reason=found.reason,
            by=session.get_one(User, found.paused_by).name,
            at=found.paused_at,
            holds=held_by(session, found),
        )
        for found in open_pauses(session)
    ]


def units_with_cover(session: Session) -> list[tuple[int, str]]:
    """The units that have had cover, by name."""
    query = select(Unit.id, Unit.name).where(Unit.id.in_(select(CoverYear.unit_id)))
    return [(id_, name) for id_, name in session.execute(query.order_by(Unit.name))]


def rung_choices() -> list[tuple[int, str]]:
    """Every rung with its name."""
    return [(rung, rung_in_words(rung)) for rung in rungs()]


def plan_word(code: str) -> str:
    """The name of a plan; the code if no plan file has it any more."""
    try:
        return plans.load(code).name
    except HuzhuError:
        return code


def _square(rows: Sequence[ComingReminder], on: date, today: date) -> Square:
    held = [row.is_paused for row in rows if row.on == on]
    return Square(on, held.count(False), held.count(True), on < today, on == today)


def _gone(session: Session, office: Office, query: Select[Renewal]) -> list[DueReminder]:
    rows = session.scalars(
        query.options(joinedload(Renewal.unit), joinedload(Renewal.cover_year))
        .order_by(Renewal.due_on.desc(), Renewal.id.desc())
        .limit(_SHOWN)
    )
    return [
        DueReminder(
            id=row.id,
            due_on=row.due_on,
            unit_id=row.unit_id,
            unit=row.unit.name,
            plan_word=plan_word(row.cover_year.plan),
            rung_word=rung_in_words(row.rung),
            number=number_of(office, row) if row.number is not None else "",
            state=row.state,
            word=labels.state(RENEWAL, row.state),
            at=row.mailed_at or row.written_at,
            has_papers=row.letter_sha256 is not None,
            is_parked=row.parked_at is not None,
        )
        for row in rows
    ]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    query = select(Unit.id, Unit.name).where(Unit.id.in_(ids))
    return dict(session.execute(query).all())
