"""Judges all stored claims under a trial edition of a plan and says whose result would differ."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, Decision
from rules import judge
from rules.facts import from_json
from rules.money import Fen
from rules.plans import Plan
from rules.verdict import Benefit


@dataclass(frozen=True)
class Difference:
    """One claim whose result would change: what was decided, and what would be."""

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
    """Judge the facts of every decision in force, of any edition of this plan's family."""
    judged, found = 0, []
    for number, decision in _decisions(session):
        judged += 1
        difference = _difference(number, decision, plan)
        if difference is not None:
            found.append(difference)
    change = sum(each.after_amount - each.before_amount for each in found)
    return Replayed(judged, tuple(found), Fen(change))


def _difference(number: str, decision: Decision, plan: Plan) -> Difference | None:
    verdict = judge(replace(from_json(decision.facts), plan=plan.code), plan)
    after = verdict.outcome.value
    if (after, verdict.amount) == (decision.outcome, decision.amount):
        return None
    return Difference(number, decision.outcome, decision.amount, after, verdict.amount)


def _decisions(session: Session) -> Iterator[tuple[str, Decision]]:
    yield from session.execute(
        select(Claim.number, Decision)
        .join(Decision, Decision.claim_id == Claim.id)
        # What the relief committee decides, no plan does.
        .where(Decision.superseded_at.is_(None), Claim.benefit != Benefit.SECOND_RELIEF)
        .order_by(Claim.id)
        .execution_options(yield_per=1000)
    )
