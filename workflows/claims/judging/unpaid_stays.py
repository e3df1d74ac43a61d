"""Stays that were denied and may be half of another one of the member (R7)."""

from collections.abc import Collection, Iterator
from typing import NamedTuple, cast

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from models import Claim, Decision, DecisionPart, DecisionReason
from rules import plans
from rules.facts import HospitalStay
from rules.facts.case import event_from_json
from rules.facts.claim import PaidUnder
from rules.halves import NOTHING_ALONE, is_nothing_alone, unpaid_stay
from rules.owed import JudgedPart
from rules.verdict import Outcome, ReasonKind
from workflows.engine.rows import any_of
from workflows.sealed_values.decisions import facts_in


class UnpaidStay(NamedTuple):
    """A stay that a claim was denied, as a later claim of the member has to know of it."""

    member_id: int
    claim_id: int
    stay: PaidUnder


def unpaid_stays(session: Session, member_ids: Collection[int | None]) -> list[UnpaidStay]:
    """Those of these members, by decisions in force."""
    other = aliased(DecisionReason)
    codes = [code.value for code in NOTHING_ALONE]
    of_part = (other.decision_id == DecisionPart.decision_id) & (other.part == DecisionPart.number)
    denies = of_part & (other.kind == ReasonKind.DENY.value)
    # What is new in this unit of work is known by its parts already.
    with session.no_autoflush:
        rows = session.execute(
            select(Claim.member_id, Claim.id, DecisionPart)
            .join(Decision, Decision.claim_id == Claim.id)
            .join(DecisionPart, DecisionPart.decision_id == Decision.id)
            .where(
                any_of(Claim.member_id, member_ids),
                Decision.superseded_at.is_(None),
                Decision.outcome != Outcome.REFER.value,
                DecisionPart.outcome == Outcome.DENY.value,
                exists().where(denies),
                ~exists().where(denies, other.code.not_in(codes)),
            )
            .order_by(Decision.id, DecisionPart.number)
        )
        found = []
        for member_id, claim_id, part in rows:
            facts = facts_in(part)
            event = event_from_json(facts["event"]) if "event" in facts else None
            if isinstance(event, HospitalStay):
                stay = PaidUnder(part.plan, unpaid_stay(event, plans.load(part.plan)))
                found.append(UnpaidStay(cast("int", member_id), claim_id, stay))
        return found


def denied_now(claim: Claim, parts: Collection[JudgedPart]) -> Iterator[UnpaidStay]:
    """What the member's next claim has to know of a claim judged with these parts."""
    for part in parts:
        event = part.facts.event
        if claim.member_id and is_nothing_alone(part.verdict) and isinstance(event, HospitalStay):
            stay = PaidUnder(part.plan.code, unpaid_stay(event, part.plan))
            yield UnpaidStay(claim.member_id, claim.id, stay)
