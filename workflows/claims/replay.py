"""Judges all stored claims under a trial edition of a plan and says whose result would differ."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, Decision, DecisionPart, DecisionReason
from rules import plans
from rules.facts.case import from_json
from rules.judging import judge
from rules.money import Fen
from rules.plans import Plan
from rules.verdict import Benefit, Code, Outcome
from workflows.sealed_values.decisions import facts_in

_BESIDE_ANOTHER = DecisionReason.code.in_((Code.DUPLICATE_EVENT, Code.SAME_PERSON_SUSPECTED))


@dataclass(frozen=True)
class Difference:
    """One part whose result would change: what was decided, and what would be."""

    number: str
    before: str
    before_amount: Fen
    after: str
    after_amount: Fen


@dataclass(frozen=True)
class Replayed:
    """What a replay came to; `sum` is how much more (or less) would be paid in all."""

    judged: int
    differences: tuple[Difference, ...]
    sum: Fen


def replay(session: Session, plan: Plan) -> Replayed:
    """Judge again every part of a decision in force that falls under this plan's family."""
    judged, found = 0, []
    for number, part in _parts(session):
        if plans.load(part.plan).family != plan.family:
            continue
        judged += 1
        difference = _difference(number, part, plan)
        if difference is not None:
            found.append(difference)
    change = sum(each.after_amount - each.before_amount for each in found)
    return Replayed(judged, tuple(found), Fen(change))


def _difference(number: str, part: DecisionPart, plan: Plan) -> Difference | None:
    verdict = judge(replace(from_json(facts_in(part)), plan=plan.code), plan)
    after = verdict.outcome.value
    if (after, verdict.amount) == (part.outcome, part.amount):
        return None
    return Difference(number, part.outcome, part.amount, after, verdict.amount)


def _parts(session: Session) -> Iterator[tuple[str, DecisionPart]]:
    yield from session.execute(
        select(Claim.number, DecisionPart)
        .join(Decision, Decision.claim_id == Claim.id)
        .join(DecisionPart, DecisionPart.decision_id == Decision.id)
        # What the relief committee or a supervisor decides, no plan does.
        .where(Decision.superseded_at.is_(None), Claim.benefit != Benefit.SECOND_RELIEF)
        .where(Decision.proposed_by.is_(None), Claim.erased_at.is_(None))
        # What was found beside another claim, no plan changes.
        .where((DecisionPart.outcome == Outcome.PAY) | ~DecisionPart.reasons.any(_BESIDE_ANOTHER))
        .order_by(Claim.id, DecisionPart.number)
        .execution_options(yield_per=1000)
    )
