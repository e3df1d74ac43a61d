"""Members of other units whom a roster names: they move when the office has confirmed it.

Until then their rows are left out. A confirmed move counts when the roster's cover begins.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from language import _
from models import Enrolment, RosterChange, User
from models.states import EnrolmentState
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.enrolment.roster_preview import RowElsewhere, preview
from workflows.people.rights import Act, require


def confirm_moves(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    rows: Collection[int] | None = None,
) -> int:
    """Confirm for the office that the people of these rows work in the roster's unit now.

    None confirms all of them. Their rows can then be enrolled. Returns how many; Refused if one of
    the rows cannot be enrolled for another reason, or the roster is accepted already.
    """
    require(person, Act.TRANSFER)
    if enrolment.state != EnrolmentState.CHECKED:
        raise Refused(_("只有待确认的名册可以确认转入"))
    waiting = {each.row.row: each for each in movable(session, office, enrolment)}
    for row in waiting.keys() if rows is None else rows:
        if row not in waiting:
            raise Refused(_("名册第 %(row)s 行没有可以确认的转入") % {"row": row})
    chosen = sorted(waiting if rows is None else rows)
    if not chosen:
        raise Refused(_("没有可以确认的转入"))
    for row in chosen:
        member = waiting[row].member
        change = RosterChange(
            enrolment_id=enrolment.id,
            member_id=member.id,
            from_unit_id=member.unit_id,
            moved_by=person.id,
            moved_at=office.clock(),
        )
        session.merge(change)
    record(session, enrolment, "confirm_moves", office.clock(), person.id, rows=chosen)
    return len(chosen)


def movable(session: Session, office: Office, enrolment: Enrolment) -> list[RowElsewhere]:
    """The rows that nothing but the member's unit forbids, not confirmed so far."""
    found = preview(session, office, enrolment).elsewhere
    return [each for each in found if each.can_move]
