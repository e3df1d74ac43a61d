"""Supervisors pause reminders of a unit or of a rung, and lift the pauses."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Renewal, RenewalPause, Unit, User
from models.states import RenewalState
from rules.errors import BadInput, Refused
from rules.renewal import rungs
from workflows.engine.office import Office
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.renewal.reminders import held, let_out, locked_look


def pause(
    session: Session,
    office: Office,
    person: User,
    unit_id: int | None,
    rung: int | None,
    reason: str,
) -> RenewalPause:
    """Hold back reminders of this unit, at this rung, or of this unit at this rung.

    None for either means all of them, but not for both. Raises Refused or BadInput.
    """
    require(person, Act.PAUSE_RENEWALS)
    told = told_reason(reason, _("请写明暂停的理由"))
    _check(session, unit_id, rung)
    # A concurrent look finishes first: it has sent its reminders or will see this pause.
    locked_look(session, office)
    if _in_force(session, unit_id, rung) is not None:
        raise Refused(_("已经暂停，无需再次暂停"))
    found = RenewalPause(
        unit_id=unit_id,
        rung=rung,
        reason=told,
        paused_by=person.id,
        paused_at=office.clock(),
    )
    session.add(found)
    session.flush()
    return found


def lift(session: Session, office: Office, person: User, pause_id: int) -> int:
    """End a pause, and release at once the reminders it held that are still useful; how many."""
    require(person, Act.PAUSE_RENEWALS)
    locked_look(session, office)
    found = session.get(RenewalPause, pause_id, with_for_update=True, populate_existing=True)
    if found is None or found.lifted_at is not None:
        raise Refused(_("没有这项暂停，或已经解除"))
    found.lifted_by, found.lifted_at = person.id, office.clock()
    session.flush()
    return let_out(session, office, held(session))


def held_by(session: Session, pause: RenewalPause) -> int:
    """How many due reminders this pause holds back."""
    query = select(Renewal.id).where(Renewal.state == RenewalState.HELD)
    if pause.unit_id is not None:
        query = query.where(Renewal.unit_id == pause.unit_id)
    if pause.rung is not None:
        query = query.where(Renewal.rung == pause.rung)
    return len(session.scalars(query).all())


def _check(session: Session, unit_id: int | None, rung: int | None) -> None:
    if unit_id is None and rung is None:
        raise Refused(_("请选择要暂停的单位或提醒"))
    if unit_id is not None and session.get(Unit, unit_id) is None:
        raise BadInput(_("没有这个单位：%(unit)s") % {"unit": unit_id})
    if rung is not None and rung not in rungs():
        raise BadInput(_("没有这一次提醒：%(rung)s") % {"rung": rung})


def _in_force(session: Session, unit_id: int | None, rung: int | None) -> RenewalPause | None:
    return session.scalar(
        select(RenewalPause).where(
            RenewalPause.unit_id.is_not_distinct_from(unit_id),
            RenewalPause.rung.is_not_distinct_from(rung),
            RenewalPause.lifted_at.is_(None),
        )
    )
