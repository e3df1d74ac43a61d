"""Prevention activities of a year, and their sums for each unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import Session

from console.not_found import NotFound
from language import _
from models import Activity, Unit, User
from workflows.activities import KINDS
from workflows.people.rights import Act, may_for
from workflows.people.visibility import sees_own_unit_only


@dataclass(frozen=True)
class ActivityRow:
    id: int
    kind: str
    word: str
    title: str
    held_on: date
    place: str
    unit_id: int | None
    unit: str
    signed_in: int | None
    may_change: bool


@dataclass(frozen=True)
class UnitActivities:
    """What one unit, or the office, held in the year."""

    unit: str
    lectures: int
    events: int
    signed_in: int


def activities_of_year(session: Session, person: User, year: int) -> list[ActivityRow]:
    """The activities of the year, latest first; a unit clerk sees none of other units."""
    query = (
        select(Activity, Unit.name)
        .outerjoin(Unit, Unit.id == Activity.unit_id)
        .where(Activity.held_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Activity.held_on.desc(), Activity.id.desc())
    )
    if sees_own_unit_only(person):
        query = query.where(or_(Activity.unit_id.is_(None), Activity.unit_id == person.unit_id))
    return [_row(person, activity, unit) for activity, unit in session.execute(query)]


def activities_by_unit(rows: Sequence[ActivityRow]) -> list[UnitActivities]:
    """The report of the year: the office first, then the units by name."""
    held: dict[tuple[bool, str], list[ActivityRow]] = {}
    for row in rows:
        held.setdefault((row.unit_id is not None, row.unit), []).append(row)
    return [
        UnitActivities(
            unit=unit,
            lectures=sum(row.kind == "lecture" for row in theirs),
            events=sum(row.kind == "event" for row in theirs),
            signed_in=sum(row.signed_in or 0 for row in theirs),
        )
        for (_is_unit, unit), theirs in sorted(held.items())
    ]


def activity_years(session: Session, this_year: int) -> list[int]:
    """The years that have activities, and this one; the newest first."""
    found = session.scalars(select(extract("year", Activity.held_on)).distinct())
    return sorted({int(year) for year in found} | {this_year}, reverse=True)


def activity_numbered(session: Session, person: User, activity_id: int) -> Activity:
    """The activity, if this person may see it."""
    activity = session.get(Activity, activity_id, with_for_update=True)
    foreign = activity is not None and activity.unit_id not in (None, person.unit_id)
    if activity is None or (foreign and sees_own_unit_only(person)):
        raise NotFound(str(activity_id))
    return activity


def units_that_hold(session: Session, person: User) -> list[Unit]:
    """The units this person may note an activity for."""
    query = select(Unit).where(Unit.has_union).order_by(Unit.name)
    if sees_own_unit_only(person):
        query = query.where(Unit.id == person.unit_id)
    return list(session.scalars(query))


def _row(person: User, activity: Activity, unit: str | None) -> ActivityRow:
    return ActivityRow(
        id=activity.id,
        kind=activity.kind,
        word=_(KINDS[activity.kind]),
        title=activity.title,
        held_on=activity.held_on,
        place=activity.place,
        unit_id=activity.unit_id,
        unit=unit or _("办事处"),
        signed_in=activity.signed_in,
        may_change=may_for(person, activity.unit_id, Act.NOTE_EVENTS),
    )
