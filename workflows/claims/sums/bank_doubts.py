"""Payments of which the bank said both, credited and returned, and what that holds up."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, LateReturn, Payment, ReplyFile, User
from models.states import PaymentState
from rules.errors import Refused
from workflows.engine.office import BEIJING
from workflows.engine.rows import any_of

_BANKS_WORDS = ("credit", "return")


def late_credits(session: Session, *which: ColumnElement[bool]) -> list[Payment]:
    """Those of these payments that came back and that the bank calls credited since; until a
    supervisor has asked the bank, the same right must not be paid again."""
    return _waiting(session, Payment.state == PaymentState.RETURNED, *which)


def refuse_late_credits(session: Session, *which: ColumnElement[bool]) -> None:
    """Refused while one of these payments is in that doubt."""
    if doubted := late_credits(session, *which):
        raise Refused(told_of_late_credits(doubted))


def told_of_late_credits(doubted: Sequence[Payment]) -> str:
    """Which payments are in that doubt, and who ends it."""
    words = {"references": "、".join(payment.reference for payment in doubted)}
    return _("银行对付款 %(references)s 先称退票、后称到账，须先由审批人员核实") % words


def refuse_doubted_rights(session: Session, right_ids: Collection[int]) -> None:
    """Refused while the bank's word on any payment of these rights waits to be asked about."""
    if doubted := _waiting(session, any_of(Payment.entitlement_id, right_ids)):
        references = "、".join(payment.reference for payment in doubted)
        words = {"references": references}
        raise Refused(_("银行对付款 %(references)s 前后说法不一，须先由审批人员核实") % words)


def first_word(session: Session, late: LateReturn) -> AuditEvent:
    """What was taken of the bank's answer to this payment before the one that is doubted."""
    said = select(AuditEvent).where(
        AuditEvent.subject == Payment.__tablename__,
        AuditEvent.subject_id == late.payment_id,
        AuditEvent.verb.in_(_BANKS_WORDS),
        AuditEvent.actor_id.is_distinct_from(late.dealt_by),
        AuditEvent.at <= session.get_one(ReplyFile, late.reply_file_id).loaded_at,
    )
    return session.scalars(said.order_by(AuditEvent.seq.desc()).limit(1)).one()


def notes_of_doubts(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """When the bank said what of a payment of these claims, and who asked it; oldest first."""
    rows = session.execute(
        select(LateReturn, Payment, ReplyFile.loaded_at, User.name)
        .join(Payment, Payment.id == LateReturn.payment_id)
        .join(ReplyFile, ReplyFile.id == LateReturn.reply_file_id)
        .outerjoin(User, User.id == LateReturn.dealt_by)
        .where(any_of(Payment.claim_id, claim_ids))
        .order_by(LateReturn.id)
    )
    notes: defaultdict[int, list[str]] = defaultdict(list)
    for late, payment, loaded_at, name in rows:
        first = first_word(session, late)
        words = {
            "reference": payment.reference,
            "first": first.at.astimezone(BEIJING).date().isoformat(),
            "second": loaded_at.astimezone(BEIJING).date().isoformat(),
            "name": name,
            "outcome": late.outcome,
        }
        if first.verb == "credit":
            said = _("付款 %(reference)s %(first)s 称到账，%(second)s 称退票") % words
        else:
            said = _("付款 %(reference)s %(first)s 称退票，%(second)s 称到账") % words
        notes[payment.claim_id].append(said + _settled(late) % words)
    return notes


def _settled(late: LateReturn) -> str:
    if late.dealt_at is None:
        return _("，待核实")
    if late.came_back:
        return _("，%(name)s确认款项已退回：%(outcome)s")
    return _("，%(name)s确认款项未退回：%(outcome)s")


def _waiting(session: Session, *which: ColumnElement[bool]) -> list[Payment]:
    query = select(Payment).join(LateReturn).where(LateReturn.dealt_at.is_(None), *which)
    return list(session.scalars(query.order_by(Payment.id)))
