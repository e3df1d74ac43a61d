"""What the letters say about an objection, about a revised decision, and about money asked back."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.letters.contents import (
    Note,
    ObjectionAnswer,
    ObjectionWithdrawn,
    RecoveryNotice,
)
from documents.letters.writing import dates_in_words
from language import _
from models import (
    Claim,
    Decision,
    DecisionPart,
    DecisionReason,
    Entitlement,
    Heir,
    Letter,
    Objection,
    PayingAccount,
    Recovery,
    Revision,
)
from models.states import LIVE_PAYMENT_STATES, ObjectionState, RecoveryState
from rules.errors import Refused
from rules.money import Fen, yuan
from rules.notice import cite, quote
from rules.shares import share_text
from rules.verdict import Outcome
from workflows.books.paying_account import account_for
from workflows.claims.events.events_read import kind_of
from workflows.claims.letters.decided_parts import decided_part, ground_told, is_internal
from workflows.claims.letters.occasions import ids_in
from workflows.claims.letters.terms import last_day_to_object
from workflows.claims.sums.balances import paid_before, paid_under
from workflows.claims.sums.payees import heir_share
from workflows.engine.office import Office
from workflows.sealed_values.claims import heir_person, said_in
from workflows.sealed_values.decisions import facts_in, line_text, reason_text


def objection_answer(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> ObjectionAnswer:
    """Whether the objection was upheld, and why."""
    objection = session.get_one(Objection, *ids_in(letter.occasion))
    return ObjectionAnswer(
        **common,
        objector=said_in(office.keys, objection)[0],
        objection_number=objection.number,
        made_on=objection.made_on,
        letter_on=objection.letter_on,
        is_upheld=objection.state == ObjectionState.UPHELD,
        reason=dates_in_words(objection.reason or ""),
    )


def objection_withdrawn(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> ObjectionWithdrawn:
    """On which day the objection was taken back."""
    objection = session.get_one(Objection, *ids_in(letter.occasion))
    assert objection.withdrawal_on is not None
    return ObjectionWithdrawn(
        **common,
        objector=said_in(office.keys, objection)[0],
        objection_number=objection.number,
        made_on=objection.made_on,
        letter_on=objection.letter_on,
        withdrawn_on=objection.withdrawal_on,
        object_by=objection.object_by,
    )


def told_of_paid_before(claim: Claim, decision: Decision) -> Iterator[Note]:
    """Of a revised decision: what was paid before it, less what was asked back before it, what now,
    and what it asks back itself."""
    sums = before_and_now(claim, decision)
    if sums is None:
        return
    back = _asked_back(
        decision, (each for each in claim.recoveries if each.decision_id == decision.id)
    )
    words = {"before": yuan(Fen(sums[0] + back)), "now": yuan(sums[1]), "back": yuan(back)}
    if sums[1]:
        yield Note(_("此前已给付%(before)s元，本次补付%(now)s元") % words, "")
    else:
        yield Note(_("此前已给付%(before)s元，本次无须再付") % words, "")
    if back:
        yield Note(_("多付的%(back)s元，另行通知您退回") % words, "")


def before_and_now(claim: Claim, decision: Decision) -> tuple[Fen, Fen] | None:
    """What was paid before this decision, less what was asked back up to it, and what it pays; None
    where nothing was paid before. A letter that is written anew says the same."""
    now = sum(p.amount for p in paid_under(claim, decision) if p.state in LIVE_PAYMENT_STATES)
    paid = sum(payment.amount for payment in paid_before(claim, decision))
    before = paid - _asked_back(decision, claim.recoveries)
    return (Fen(before), Fen(now)) if before else None


def heir_had_before(claim: Claim, decision: Decision, heir: Heir) -> Fen:
    """What the heir was paid before this decision, less what was asked back of him up to it."""
    paid = sum(
        payment.amount
        for payment in paid_before(claim, decision)
        if payment.heir and payment.heir.id_print == heir.id_print
    )
    his = (each for each in claim.recoveries if each.heir and each.heir.id_print == heir.id_print)
    return Fen(paid - _asked_back(decision, his))


def _asked_back(decision: Decision, recoveries: Iterable[Recovery]) -> Fen:
    """What of these was asked back up to this decision; of what was written off before it only what
    had come in, since the rest stayed with the member."""
    return Fen(
        sum(
            each.received
            if each.state == RecoveryState.WRITTEN_OFF and each.decision_id < decision.id
            else each.amount
            for each in recoveries
            if each.decision_id <= decision.id and each.state != RecoveryState.CALLED_OFF
        )
    )


def recovery_notice(
    session: Session, office: Office, letter: Letter, claim: Claim, common: dict[str, Any]
) -> RecoveryNotice:
    """How much is asked back of one right, why, by when and to which account."""
    recovery = session.get_one(Recovery, *ids_in(letter.occasion))
    decision = session.get_one(Decision, recovery.decision_id)
    part = part_of_right(decision, recovery.entitlement)
    granted = part.amount if part.decision_id == decision.id else Fen(0)
    heir = recovery.heir
    account = account_to_pay_to(session, office, recovery)
    if heir:
        common["greeting"] = heir_person(office.keys, heir).name
        granted = Fen(_held_before(session, claim, recovery, heir) - recovery.amount)
    return RecoveryNotice(
        **common,
        recovery_number=recovery.number,
        share=share_text(heir_share(heir)) if heir else None,
        part=decided_part(part),
        paid=Fen(granted + recovery.amount),
        granted=granted,
        amount=recovery.amount,
        reasons=tuple(_why_asked_back(session, decision, part)),
        due_on=recovery.due_on,
        account_holder=account.name,
        account=account.account,
        bank_name=account.bank,
        object_by=last_day_to_object(office, common["issued_on"]),
    )


def account_to_pay_to(session: Session, office: Office, recovery: Recovery) -> PayingAccount:
    """Money comes back to the account that pays for the plan today."""
    account = account_for(session, recovery.entitlement.plan, office.today())
    if account is None:
        raise Refused(_("没有付款账户，追回通知书不能写明退款账户"))
    return account


def _held_before(session: Session, claim: Claim, recovery: Recovery, heir: Heir) -> Fen:
    """What the heir had of the right before this recovery: paid to him, less asked back before."""
    paid = sum(
        payment.amount
        for payment in claim.payments
        if payment.entitlement_id == recovery.entitlement_id
        and payment.state in LIVE_PAYMENT_STATES
        and payment.decision_id < recovery.decision_id
        and payment.heir
        and payment.heir.id_print == heir.id_print
    )
    earlier = (
        select(func.coalesce(func.sum(Recovery.amount), 0))
        .join(Heir, Heir.id == Recovery.heir_id)
        .where(
            Recovery.entitlement_id == recovery.entitlement_id,
            Recovery.id < recovery.id,
            Recovery.state != RecoveryState.CALLED_OFF,
            Heir.id_print == heir.id_print,
        )
    )
    return Fen(paid - int(session.scalar(earlier) or 0))


def part_of_right(decision: Decision, right: Entitlement) -> DecisionPart:
    """What the decision says of what this right was for, or the part that granted it before."""
    if right.decision_id == decision.id:
        return right.granted_by
    former = right.granted_by
    same = (part for part in decision.parts if _is_about(part, former))
    return next(same, former)


def _is_about(part: DecisionPart, former: DecisionPart) -> bool:
    """Whether both are about one event under one plan, a stay not being one with an illness."""
    was = facts_in(former)["event"]
    event = facts_in(part).get("event", was)
    own = part.event, part.plan, kind_of(event)
    return own == (former.event, former.plan, kind_of(was))


def _why_asked_back(session: Session, decision: Decision, part: DecisionPart) -> Iterator[str]:
    reason = session.scalar(select(Revision.reason).filter_by(decision_id=decision.id))
    if reason:
        yield _("重新办理的原因：%(reason)s") % {"reason": dates_in_words(reason)}
    if part.decision_id == decision.id:
        told = [each for each in part.reasons if not is_internal(part, each)]
        lines = [_resting_on(line_text(line), cite(line.article)) for line in part.lines]
        yield from map(dates_in_words, [*lines, *(_reason_told(part, each) for each in told)])


def _reason_told(part: DecisionPart, reason: DecisionReason) -> str:
    """A note on what is paid, or the ground of a denial, which quotes its clause in words."""
    if part.outcome == Outcome.PAY:
        return _resting_on(reason_text(reason), cite(reason.article))
    quoted = quote(reason.article, reason.code)
    rests_on = cite(reason.article) + (f"：“{quoted}”" if quoted else "")
    return _resting_on(ground_told(part, reason), rests_on)


def _resting_on(text: str, rests_on: str) -> str:
    """The sentence with what it rests on; second relief rests on no article."""
    words = {"text": text, "clause": rests_on}
    return _("%(text)s（依据%(clause)s）") % words if rests_on else text
