"""Prevention activities (病前预防): lectures and events, and how many signed in (article 1)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from language import N_, _
from models import Activity, User
from rules.errors import BadInput, Forbidden, Refused
from workflows.engine.office import Office
from workflows.people.rights import Act, may_for, require

KINDS = {"lecture": N_("健康讲座"), "event": N_("文体活动")}


@dataclass(frozen=True)
class NotedActivity:
    """What a person notes about an activity.

    `unit_id` None: the office held it for all. `signed_in` None: not held yet, or not counted.
    """

    kind: str
    title: str
    held_on: date
    place: str
    unit_id: int | None
    signed_in: int | None


def note(session: Session, office: Office, person: User, held: NotedActivity) -> Activity:
    """Write an activity down."""
    _may_note(person, held.unit_id)
    _check(office, held)
    activity = Activity()
    session.add(activity)
    _fill(office, person, activity, held)
    session.flush()
    return activity


def change(
    session: Session, office: Office, person: User, activity: Activity, held: NotedActivity
) -> None:
    """Correct an activity, or add how many signed in."""
    _may_note(person, activity.unit_id)
    _may_note(person, held.unit_id)
    _check(office, held)
    _fill(office, person, activity, held)


def remove(session: Session, person: User, activity: Activity) -> None:
    """Remove an activity that was noted by mistake."""
    _may_note(person, activity.unit_id)
    session.delete(activity)


def _may_note(person: User, unit_id: int | None) -> None:
    require(person, Act.NOTE_EVENTS)
    if not may_for(person, unit_id, Act.NOTE_EVENTS):
        raise Forbidden(_("只能登记本单位的活动"))


def _check(office: Office, held: NotedActivity) -> None:
    if held.kind not in KINDS:
        raise BadInput(_("没有这种活动：%(kind)s") % {"kind": held.kind})
    if not held.title.strip() or not held.place.strip():
        raise BadInput(_("请填写活动名称和地点"))
    if held.signed_in is not None and held.signed_in < 0:
        raise BadInput(_("签到人数不能小于零"))
    if held.signed_in is not None and held.held_on > office.today():
        raise Refused(_("活动还没有举办，不能登记签到人数"))


def _fill(office: Office, person: User, activity: Activity, held: NotedActivity) -> None:
    activity.kind, activity.unit_id = held.kind, held.unit_id
    activity.title, activity.place = held.title.strip(), held.place.strip()
    activity.held_on, activity.signed_in = held.held_on, held.signed_in
    activity.noted_by, activity.noted_at = person.id, office.clock()
