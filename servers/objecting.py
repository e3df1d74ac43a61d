"""The demonstration's objection: a member objects to what was paid, and his claim is decided anew.

Each act first looks at what the data already holds, as those of the demonstration do.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from language import _
from models import Claim, Objection
from models.states import ClaimState, ObjectionState
from servers import samples
from servers.progress import screen
from workflows.claims.acts import correction
from workflows.claims.objecting import objections
from workflows.claims.objecting.objections import NewObjection
from workflows.engine.office import Office
from workflows.people.accounts import user_by_login

OBJECTED = "02-clean-invoice"

Wait = Callable[[], None]


def object_to(office: Office, claim_id: int, wait: Wait) -> None:
    """From the objection to the papers that bear it out; `wait` lets work end."""
    _register(office, claim_id)
    _uphold(office, claim_id)
    wait()
    with office.sessions.read_only() as session:
        number, is_upheld = session.get_one(Claim, claim_id).number, _is_upheld(session, claim_id)
    if not is_upheld:
        return
    samples.drop_late(office, number)
    wait()
    _key_the_record(office, claim_id)
    wait()


def _register(office: Office, claim_id: int) -> None:
    with office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        if claim.state != ClaimState.PAID or _objection(session, claim_id) is not None:
            return
        days = {"days": samples.late_truth()["days_in_hospital"]}
        words = _("出院日期误写，实际住院 %(days)s 天，附医院更正的出院记录") % days
        name = claim.member.name if claim.member else ""
        said = NewObjection(office.today(), "member", name, words)
        clerk = user_by_login(session, "clerk")
        objection = objections.register(session, office, clerk, claim, said)
        told = {"number": objection.number, "claim": claim.number}
        screen.print(_("异议 %(number)s 已登记：案件 %(claim)s") % told)


def _uphold(office: Office, claim_id: int) -> None:
    """A supervisor hears it who had no part in the decision."""
    with office.sessions.unit_of_work() as session:
        objection = _objection(session, claim_id)
        if objection is not None and objection.state == ObjectionState.REGISTERED:
            hearer = user_by_login(session, "supervisor2")
            reason = _("以医院更正的出院记录为准")
            objections.uphold(session, office, hearer, objection, reason)
            screen.print(_("异议 %(number)s 成立") % {"number": objection.number})


def _key_the_record(office: Office, claim_id: int) -> None:
    """The two discharge records contradict each other: a clerk keys what the later one says."""
    with office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id, with_for_update=True)
        if claim.state != ClaimState.IN_QUESTION:
            return
        clerk, name = user_by_login(session, "clerk"), FieldName.DISCHARGED_ON
        day = samples.late_truth()[name]
        correction.correct_field(session, office, clerk, claim, name, day)
        correction.recheck(session, office, clerk, claim)


def _objection(session: Session, claim_id: int) -> Objection | None:
    query = select(Objection).filter_by(claim_id=claim_id).order_by(Objection.id)
    return session.scalars(query.limit(1)).first()


def _is_upheld(session: Session, claim_id: int) -> bool:
    objection = _objection(session, claim_id)
    return objection is not None and objection.state == ObjectionState.UPHELD
