"""The year's campaign (article 6): three phases, planned for all units and noted for each."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import N_, _
from models import Milestone, Unit, User
from rules.errors import BadInput, Refused
from workflows.engine.office import Office
from workflows.people.rights import Act, may_for, require

PHASES = {
    "publicity": N_("宣传发动"),
    "enrolment": N_("参保"),
    "operation": N_("组织运行"),
}


def plan(
    session: Session, office: Office, person: User, year: int, days: Mapping[str, date]
) -> int:
    """Set the day by which every unit with a union is to reach each phase; how many units.

    Planning again changes the days; phases already reached stay reached.
    """
    require(person, Act.PLAN_CAMPAIGN)
    if set(days) != set(PHASES):
        raise BadInput(_("请填写三个阶段的日期"))
    in_order = [days[phase] for phase in PHASES]
    if any(later < earlier for earlier, later in pairwise(in_order)):
        raise BadInput(_("后一阶段的日期不能早于前一阶段"))
    units = session.scalars(select(Unit.id).where(Unit.has_union).order_by(Unit.id)).all()
    if not units:
        raise Refused(_("还没有登记单位"))
    common = {"year": year, "noted_by": person.id, "noted_at": office.clock()}
    rows = [
        common | {"unit_id": unit_id, "phase": phase, "planned_on": day}
        for unit_id in units
        for phase, day in days.items()
    ]
    upsert = insert(Milestone)
    session.execute(
        upsert.on_conflict_do_update(
            constraint="uq_milestone_unit_id_year_phase",
            set_={"planned_on": upsert.excluded.planned_on},
        ),
        rows,
    )
    return len(units)


def reach(
    session: Session, office: Office, person: User, ids: Sequence[int], on: date | None
) -> int:
    """Note that these units reached these phases on this day; None clears the notes."""
    require(person, Act.NOTE_EVENTS)
    if not ids:
        raise BadInput(_("请先勾选单位和阶段"))
    if on is not None and on > office.today():
        raise Refused(_("完成日期不能晚于今天"))
    query = select(Milestone).where(Milestone.id.in_(ids)).order_by(Milestone.id)
    found = session.scalars(query.with_for_update()).all()
    if not all(may_for(person, one.unit_id, Act.NOTE_EVENTS) for one in found):
        raise Refused(_("只能登记本单位的阶段"))
    for milestone in found:
        milestone.reached_on = on
        milestone.noted_by, milestone.noted_at = person.id, office.clock()
    return len(found)
