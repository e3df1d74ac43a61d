"""The demonstration's objection: the bank pays, a member objects, and the difference is paid.

Each act first looks at what the data already holds, as those of the demonstration do.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking import simulator
from banking.formats import BankFile
from documents.reading.fields import FieldName
from language import _
from models import Batch, Claim, Objection, Payment
from models.states import BatchState, ClaimState, ObjectionState, PaymentState
from rules.money import yuan
from servers import samples
from servers.progress import screen
from workflows.claims.acts import correction
from workflows.claims.approving import approval, approval_queue
from workflows.claims.objecting import objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.paying import bank_reply, batches, payment_files
from workflows.engine.office import Office
from workflows.people.accounts import user_by_login

OBJECTED = "02-clean-invoice"
ANSWERED_IN = "ccb-list"

Wait = Callable[[], None]


def object_and_top_up(office: Office, wait: Wait) -> None:
    """From the first batch, frozen, to a second one with the difference; `wait` lets work end."""
    with office.sessions.unit_of_work() as session:
        claim = samples.claim_of(session, office, OBJECTED)
        claim_id = claim.id if claim else None
    if claim_id is None:
        return
    _pay_first_batch(office)
    wait()
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
    _approve(office, claim_id)
    wait()
    _freeze_difference(office, claim_id)


def _pay_first_batch(office: Office) -> None:
    """Another cashier releases the batch, and the simulated bank credits all of it."""
    with office.sessions.unit_of_work() as session:
        batch = session.scalars(select(Batch).order_by(Batch.id).limit(1)).first()
        if batch is not None and batch.state == BatchState.FROZEN:
            batches.release(
                session, office, user_by_login(session, "cashier2"), batch, batch.digest
            )
    with office.sessions.unit_of_work() as session:
        batch = session.scalars(select(Batch).order_by(Batch.id).limit(1)).first()
        sent = select(Payment.id).filter_by(state=PaymentState.SENT)
        if batch is None or session.scalar(sent.filter_by(batch_id=batch.id).limit(1)) is None:
            return
        cashier = user_by_login(session, "cashier")
        file = payment_files.write_file(session, office, cashier, batch)
        screen.print(_path(office, batch, file), soft_wrap=True)
        reply = simulator.answer(file.content, ANSWERED_IN, {}, (), office.clock())
        bank_reply.load_reply(session, office, cashier, batch, reply)
        words = {"number": batch.number, "count": batch.count}
        screen.print(_("批次 %(number)s 已放行，银行回盘：%(count)s 笔到账") % words)


def _path(office: Office, batch: Batch, file: BankFile) -> str:
    folder = office.settings.out_folder / batch.number
    return _("银行文件：%(path)s") % {"path": payment_files.save_file(folder, file)}


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


def _approve(office: Office, claim_id: int) -> None:
    """A supervisor approves who neither approved nor heard before."""
    with office.sessions.unit_of_work() as session:
        waiting = approval_queue.queue(session, office)
        own = [item for item in waiting if item.claim_id == claim_id]
        if own:
            supervisor = user_by_login(session, "supervisor3")
            approved = approval.approve(session, office, supervisor, own, own)
            screen.print(_("重新核定 %(sum)s 元，已审批") % {"sum": yuan(approved.sum)})


def _freeze_difference(office: Office, claim_id: int) -> None:
    with office.sessions.unit_of_work() as session:
        queued = select(Payment.amount).filter_by(claim_id=claim_id, state=PaymentState.QUEUED)
        difference = session.scalar(queued)
        if difference is not None:
            batches.freeze(session, office, user_by_login(session, "cashier"))
            screen.print(_("补付 %(sum)s 元") % {"sum": yuan(difference)})


def _objection(session: Session, claim_id: int) -> Objection | None:
    query = select(Objection).filter_by(claim_id=claim_id).order_by(Objection.id)
    return session.scalars(query.limit(1)).first()


def _is_upheld(session: Session, claim_id: int) -> bool:
    objection = _objection(session, claim_id)
    return objection is not None and objection.state == ObjectionState.UPHELD
