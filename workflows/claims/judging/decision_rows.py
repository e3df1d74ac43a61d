"""The rows of decisions: each with its parts, lines and reasons, and the rights it grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from documents.sealing import KeyRing
from models import Claim, Decision, DecisionLine, DecisionPart, DecisionReason, Entitlement
from rules.entitlement import entitlement_event
from rules.facts.case import paid_to_json, to_json
from rules.money import Fen
from rules.owed import JudgedPart, outcome_of, paid_by
from rules.verdict import Outcome
from workflows.claims.judging.twins import event_key
from workflows.engine.rows import NewRow, append, insert_rows, inserted
from workflows.sealed_values.decisions import (
    are_of_death,
    seal_facts,
    seal_line,
    seal_past,
    seal_reason,
)


class JudgedClaim(NamedTuple):
    """A claim, and what the rules say of each event under each plan."""

    claim: Claim
    parts: Sequence[JudgedPart]

    @property
    def outcome(self) -> Outcome:
        """What becomes of the whole claim."""
        return outcome_of([part.verdict.outcome for part in self.parts])

    @property
    def amount(self) -> Fen:
        """What is paid in all; nothing while a part is a question."""
        paid = sum(part.verdict.amount for part in self.parts)
        return Fen(paid if self.outcome is Outcome.PAY else 0)


@dataclass(frozen=True)
class NewDecision(NewRow):
    """A decision to insert; the claim's decisions are numbered from 1."""

    table = Decision

    claim_id: int
    number: int
    outcome: str
    amount: Fen
    made_at: datetime
    superseded_at: datetime | None = None
    proposed_by: int | None = None


@dataclass(frozen=True)
class NewDecisionPart(NewRow):
    """A part of a decision to insert: one event under one plan; the period is inclusive."""

    table = DecisionPart

    decision_id: int
    number: int
    event: int
    plan: str
    outcome: str
    amount: Fen
    facts: bytes
    of_death: bool
    period_start: date | None
    period_end: date | None


@dataclass(frozen=True)
class NewDecisionLine(NewRow):
    """A line of a decision to append."""

    table = DecisionLine

    decision_id: int
    part: int
    number: int
    benefit: str
    article: str
    text: bytes
    amount: Fen


@dataclass(frozen=True)
class NewDecisionReason(NewRow):
    """A reason of a decision to append."""

    table = DecisionReason

    decision_id: int
    part: int
    number: int
    kind: str
    code: str
    article: str
    text: bytes


@dataclass(frozen=True)
class NewRight(NewRow):
    """A right to insert: what a part grants that pays."""

    table = Entitlement

    member_id: int | None
    plan: str
    benefit: str
    event_print: bytes
    claim_id: int
    decision_id: int
    part: int
    amount: Fen
    past: bytes


def write_decisions(
    session: Session, keys: KeyRing, judged: Sequence[JudgedClaim], at: datetime
) -> dict[int, int]:
    """Write the decisions with their parts, lines and reasons; their ids by claim."""
    statement = insert(Decision).returning(Decision.claim_id, Decision.id)
    ids = dict(inserted(session, statement, [_decision(each, at) for each in judged]))
    parts = [
        _part(keys, ids[each.claim.id], number, part)
        for each in judged
        for number, part in enumerate(each.parts, 1)
    ]
    insert_rows(session, parts)
    for each in judged:
        session.expire(each.claim, ["decisions"])
        _explain(session, keys, ids[each.claim.id], each)
    return ids


def write_rights(session: Session, rights: Sequence[NewRight]) -> dict[tuple[int, int], int]:
    """Write the rights; their ids by claim and part."""
    statement = insert(Entitlement).returning(
        Entitlement.claim_id, Entitlement.part, Entitlement.id
    )
    return {(claim_id, part): id_ for claim_id, part, id_ in inserted(session, statement, rights)}


def _decision(judged: JudgedClaim, at: datetime) -> NewDecision:
    """The decision that follows the claim's last one."""
    claim = judged.claim
    number = len(claim.decisions) + 1
    return NewDecision(claim.id, number, judged.outcome.value, judged.amount, at)


def _part(keys: KeyRing, decision_id: int, number: int, part: JudgedPart) -> NewDecisionPart:
    verdict, facts = part.verdict, to_json(part.facts)
    return NewDecisionPart(
        decision_id,
        number,
        part.event,
        part.plan.code,
        verdict.outcome.value,
        verdict.amount,
        seal_facts(keys, decision_id, number, facts),
        are_of_death(facts),
        *(verdict.period or (None, None)),
    )


def _explain(session: Session, keys: KeyRing, decision_id: int, judged: JudgedClaim) -> None:
    for part, each in enumerate(judged.parts, 1):
        for number, line in enumerate(each.verdict.lines, 1):
            text = seal_line(keys, line.text, decision_id, part, number)
            of_line = line.benefit.value, line.article, text, line.amount
            append(session, NewDecisionLine(decision_id, part, number, *of_line))
        for number, reason in enumerate(each.verdict.reasons, 1):
            text = seal_reason(keys, reason.text, decision_id, part, number)
            of_reason = reason.kind.value, reason.code.value, reason.article, text
            append(session, NewDecisionReason(decision_id, part, number, *of_reason))


def right(keys: KeyRing, claim: Claim, decision_id: int, number: int, part: JudgedPart) -> NewRight:
    """The right that a part grants which pays."""
    verdict, paid = part.verdict, paid_to_json(tuple(paid_by(part.facts, part.verdict)))
    past = {"event": entitlement_event(part.facts), "paid": paid}
    return NewRight(
        claim.member_id,
        part.plan.code,
        verdict.lines[0].benefit.value,
        event_key(keys, claim, part),
        claim.id,
        decision_id,
        number,
        verdict.amount,
        seal_past(keys, decision_id, number, past),
    )
