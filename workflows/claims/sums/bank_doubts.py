"""Payments of which the bank said both, credited and returned, and what that holds up."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, or_, select, union
from sqlalchemy.orm import Session

from banking.results import BankOutcome
from language import _
from models import AuditEvent, BankWord, LateReturn, Payment, ReplyCase, User
from models.states import PaymentState
from rules.errors import Refused
from workflows.engine.office import BEIJING
from workflows.engine.rows import any_of

_BANKS_WORDS = ("credit", "return")
_SAYS_THE_CONTRARY = or_(
    *(
        and_(Payment.state == state, ReplyCase.outcome == outcome)
        for state, outcome in (
            (PaymentState.CREDITED, BankOutcome.RETURNED),
            (PaymentState.RETURNED, BankOutcome.CREDITED),
        )
    )
)


def late_credits(session: Session, *which: ColumnElement[bool]) -> list[Payment]:
    """Those of these payments that came back and that the bank calls credited since, if only in a
    line that nobody has looked at; until a supervisor has asked the bank, the same right must not
    be paid again."""
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


def refuse_open_words(session: Session, payments: Collection[Payment]) -> None:
    """Refused while the bank said something of one of these payments that no person has settled:
    in an odd line that names it, or in a word that waits for a supervisor."""
    words = select(BankWord.payment_id).where(BankWord.agreed.is_(None))
    lines = select(ReplyCase.payment_id).where(ReplyCase.answer.is_(None))
    lines = lines.where(ReplyCase.outcome != BankOutcome.UNKNOWN)
    open_ = select(Payment.reference).where(
        any_of(Payment.id, [each.id for each in payments]), Payment.id.in_(union(words, lines))
    )
    if found := session.scalars(open_.order_by(Payment.id)).all():
        told = {"references": "、".join(found)}
        raise Refused(_("银行对付款 %(references)s 另有答复待办理，请先办理") % told)


def refuse_contrary_lines(session: Session, word: BankWord) -> None:
    """Refused while an odd line that names the payment of the word says the contrary."""
    contrary = select(ReplyCase.place).where(
        ReplyCase.payment_id == word.payment_id,
        ReplyCase.answer.is_(None),
        ReplyCase.outcome.not_in((word.outcome, BankOutcome.UNKNOWN)),
    )
    if places := session.scalars(contrary.order_by(ReplyCase.id)).all():
        told = {"places": "、".join(places), "reference": word.payment.reference}
        raise Refused(
            _("回盘第 %(places)s 行对付款 %(reference)s 的说法相反，请先在退票与差异中办理") % told
        )


def first_word(session: Session, late: LateReturn) -> AuditEvent:
    """What was taken of the bank's answer to this payment before the one that is doubted."""
    said = select(AuditEvent).where(
        AuditEvent.subject == Payment.__tablename__,
        AuditEvent.subject_id == late.payment_id,
        AuditEvent.verb.in_(_BANKS_WORDS),
        AuditEvent.actor_id.is_distinct_from(late.dealt_by),
        AuditEvent.at <= late.noted_at,
    )
    return session.scalars(said.order_by(AuditEvent.seq.desc()).limit(1)).one()


def notes_of_doubts(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """When the bank said what of a payment of these claims, and who asked it; oldest first."""
    rows = session.execute(
        select(LateReturn, Payment, User.name)
        .join(Payment, Payment.id == LateReturn.payment_id)
        .outerjoin(User, User.id == LateReturn.dealt_by)
        .where(any_of(Payment.claim_id, claim_ids))
        .order_by(LateReturn.id)
    )
    notes: defaultdict[int, list[str]] = defaultdict(list)
    for late, payment, name in rows:
        first = first_word(session, late)
        words = {
            "reference": payment.reference,
            "first": first.at.astimezone(BEIJING).date().isoformat(),
            "second": late.noted_at.astimezone(BEIJING).date().isoformat(),
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
    late = select(LateReturn.payment_id).where(LateReturn.dealt_at.is_(None))
    lines = select(ReplyCase.payment_id).join(Payment, Payment.id == ReplyCase.payment_id)
    lines = lines.where(ReplyCase.answer.is_(None), _SAYS_THE_CONTRARY)
    query = select(Payment).where(Payment.id.in_(union(late, lines)), *which)
    return list(session.scalars(query.order_by(Payment.id)))
