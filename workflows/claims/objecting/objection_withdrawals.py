"""An objection is taken back on the objector's written word, and by two people: who registers that
word, and a supervisor without a part in the decision who has seen it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from language import _
from models import Claim, Objection, User
from models.states import ObjectionState
from rules.errors import OwnWork, Refused
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.objecting.objections import had_a_part, locked, papers_of_objection
from workflows.claims.packets.uploads import upload_with_objection
from workflows.claims.papers.late_papers import wait_for_a_look
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require, require_for


def ask_to_withdraw(
    session: Session,
    office: Office,
    person: User,
    objection: Objection,
    written_on: date,
    reason: str,
    files: Sequence[tuple[str, bytes]] = (),
) -> None:
    """Register that the objector takes it back, by the day of his writing and why; `files` are that
    writing. Until a supervisor confirms it, the objection waits to be heard."""
    claim = locked(session, objection)
    require_for(person, claim.unit_id, Act.OBJECT)
    _refuse_unless_open(objection)
    if session.get_one(User, objection.registered_by).unit_id != person.unit_id:
        raise Refused(_("异议由登记的一方撤回：单位登记的由单位，办事处登记的由办事处"))
    if not objection.made_on <= written_on <= office.today():
        days = {"made": objection.made_on.isoformat(), "today": office.today().isoformat()}
        raise Refused(
            _("撤回的日期须在提出异议的 %(made)s 当日或之后，且不晚于今天 %(today)s") % days
        )
    objection.withdrawal_reason = told_reason(reason, _("请写明撤回异议的原因"))
    objection.withdrawal_on, objection.withdrawal_by = written_on, person.id
    told = {"written_on": written_on.isoformat(), "reason": objection.withdrawal_reason}
    record(session, objection, "ask_to_withdraw", office.clock(), person.id, **told)
    if files:
        upload_with_objection(session, office, person, objection, files)


def confirm_withdrawal(
    session: Session, office: Office, person: User, objection: Objection
) -> None:
    """The objector's writing has been seen: the objection ends, and he is told so by letter.

    The papers it brought then wait for a person to look at them.
    """
    claim = _require_asked(session, person, objection)
    told = (objection.withdrawal_by, objection.registered_by)
    if own_accounts(session, person).intersection(told):
        raise OwnWork(_("登记异议或登记撤回的人不能确认撤回，须由他人确认"))
    if had_a_part(session, person, claim):
        raise OwnWork(_("本人参与过此案的办理或审批，异议的撤回须由他人确认"))
    objection.reason = objection.withdrawal_reason
    advance(session, objection, "withdraw", office, person, reason=objection.reason)
    occasion = occasions.of_objection(objection.id)
    want_letters(session, office, LetterKind.OBJECTION_WITHDRAWN, {claim: occasion})
    if papers_of_objection(session, objection):
        wait_for_a_look(claim, office.clock())


def refuse_withdrawal(session: Session, office: Office, person: User, objection: Objection) -> None:
    """The objector did not write so, or it is not certain: the objection waits to be heard."""
    _require_asked(session, person, objection)
    objection.withdrawal_on = objection.withdrawal_by = objection.withdrawal_reason = None
    record(session, objection, "refuse_withdrawal", office.clock(), person.id)


def _require_asked(session: Session, person: User, objection: Objection) -> Claim:
    require(person, Act.HEAR)
    claim = locked(session, objection)
    _refuse_unless_open(objection)
    if objection.withdrawal_by is None:
        words = {"number": objection.number}
        raise Refused(_("异议 %(number)s 没有待确认的撤回") % words)
    return claim


def _refuse_unless_open(objection: Objection) -> None:
    if objection.state != ObjectionState.REGISTERED:
        raise Refused(_("异议 %(number)s 已经了结") % {"number": objection.number})
