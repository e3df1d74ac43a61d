"""Payments that must not leave now (暂缓): to the dead, in doubt, or with papers not looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Claim, Payment
from workflows.claims.papers.late_papers import unseen_since_approved
from workflows.claims.sums.bank_doubts import late_credits, told_of_late_credits
from workflows.engine.rows import any_of
from workflows.known_deaths import known_dead


@dataclass(frozen=True)
class Held:
    """Payments that wait for one reason, and the reason in words that name them."""

    payments: tuple[Payment, ...]
    words: str


def held_back(session: Session, payments: Sequence[Payment]) -> list[Held]:
    """Those of these payments that must not leave now, by reason; one may have several."""
    return [
        *_to_the_dead(session, payments),
        *_doubted(session, payments),
        *_unseen(session, payments),
    ]


def _to_the_dead(session: Session, payments: Sequence[Payment]) -> Iterator[Held]:
    """Payments to a member who has died, and not to his heirs."""
    own = [payment for payment in payments if payment.heir_id is None]
    ids = [payment.claim_id for payment in own]
    rows = session.execute(select(Claim.id, Claim.member_id).where(any_of(Claim.id, ids)))
    member_of = dict(rows.all())
    dead = known_dead(session, set(member_of.values()))
    if held := tuple(payment for payment in own if member_of[payment.claim_id] in dead):
        words = {"references": _references(held)}
        yield Held(
            held, _("会员已身故，付款 %(references)s 不能付给本人，请作废批次并退回案件") % words
        )


def _doubted(session: Session, payments: Sequence[Payment]) -> Iterator[Held]:
    """Payments that pay a right again of which the bank calls a return credited."""
    rights = [payment.entitlement_id for payment in payments]
    if doubted := late_credits(session, any_of(Payment.entitlement_id, rights)):
        held = {payment.entitlement_id for payment in doubted}
        again = tuple(payment for payment in payments if payment.entitlement_id in held)
        yield Held(again, told_of_late_credits(doubted))


def _unseen(session: Session, payments: Sequence[Payment]) -> Iterator[Held]:
    """Payments whose member has papers that came after the approval and were not looked at."""
    decided = [payment.decision_id for payment in payments]
    unseen = unseen_since_approved(session, decided)
    if held := tuple(payment for payment in payments if payment.decision_id in unseen):
        numbers = dict.fromkeys(each for payment in held for each in unseen[payment.decision_id])
        words = {"references": _references(held), "numbers": "、".join(numbers)}
        sentence = _(
            "付款 %(references)s 批准之后，会员的案件 %(numbers)s 又收到后补材料：须先看过；"
            "有影响的，作废批次并退回案件"
        )
        yield Held(held, sentence % words)


def _references(payments: Sequence[Payment]) -> str:
    return "、".join(payment.reference for payment in payments)
