"""Adjudication (核定): gathers the facts, asks the rules, writes the decision, reserves limits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from language import _
from models import Claim, Decision, DecisionLine, DecisionReason, Document, Entitlement
from rules import Verdict, entitlement_event, judge
from rules.errors import BadInput, Refused
from rules.facts import Facts, to_json
from rules.money import Fen
from rules.plans import Plan
from rules.verdict import Benefit, Code, Outcome, Reason, ReasonKind
from workflows.claims.event import past_entry
from workflows.claims.facts import facts_of, other_rights
from workflows.claims.limits import Grant, lock_members, release, reserve
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import NewRow, append, inserted, with_its

READS = (
    with_its(Claim.documents, Document.pages),
    with_its(Claim.fields),
    with_its(Claim.decisions),
    with_its(Claim.unit),
)


class _Judged(NamedTuple):
    """A claim, what was known of it, and what the rules say."""

    claim: Claim
    facts: Facts
    plan: Plan
    verdict: Verdict


def adjudicate(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Decide on complete claims: propose to pay or deny, or refer to a person."""
    lock_members(session, claims)
    for turn in _turns(claims):
        _decide(session, turn, office)


def _turns(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims in turns, with at most one claim of a member in each.

    Two claims of one member may ask for the same event, or for what is left of the same limit. So
    the second is judged after the first one's right is written, as if it came a day later; claims
    of different members share a turn, and with it its statements.
    """
    turns: list[list[Claim]] = []
    had: Counter[int | None] = Counter()
    for claim in claims:
        if had[claim.member_id] == len(turns):
            turns.append([])
        turns[had[claim.member_id]].append(claim)
        had[claim.member_id] += 1
    return turns


def _decide(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Judge the claims, write the decisions, reserve what they grant, and move the claims on.

    The order of writing follows the foreign keys: decisions at once, then rights, counters and
    reservations; the decisions' lines and reasons, the events and the claims' new states with the
    next flush.
    """
    judged = [_judged(claim, office) for claim in claims]
    decisions = _write_decisions(session, office, judged)
    granted = [each for each in judged if each.verdict.outcome is Outcome.PAY]
    _grant(session, granted, decisions)
    for claim, _facts, _plan, verdict in judged:
        verb = "refer" if verdict.outcome is Outcome.REFER else "propose"
        outcome, amount = verdict.outcome.value, verdict.amount
        advance(session, claim, verb, office, outcome=outcome, amount=amount)


def try_out(claim: Claim, office: Office) -> Verdict:
    """What would be decided on the claim as it stands (试算); nothing of it is kept.

    BadInput where a value the rules need is not there yet.
    """
    if claim.benefit == Benefit.SECOND_RELIEF:
        raise Refused(_("二次救助由评审会决定，不能试算"))
    try:
        return _judged(claim, office).verdict
    except BadInput as error:
        raise BadInput(_("现有字段还不够试算，请先补齐或更正")) from error


def _judged(claim: Claim, office: Office) -> _Judged:
    facts, plan = facts_of(claim, office)
    verdict = judge(facts, plan)
    # Also before a denial: a repeated claim must not be told that its own twin used up the limit.
    if verdict.outcome is not Outcome.REFER and _twin(claim, plan, facts):
        verdict = _referred(verdict)
    return _Judged(claim, facts, plan, verdict)


def _twin(claim: Claim, plan: Plan, facts: Facts) -> bool:
    """Whether another claim already holds the right to this event."""
    event = entitlement_event(facts)
    return any(r.plan == plan.code and r.event == event for r in other_rights(claim))


def _referred(verdict: Verdict) -> Verdict:
    """The same verdict as a question, since another claim holds the right to this event."""
    sentence = _("同一事件已有另一案件取得给付权利")
    return verdict._replace(
        outcome=Outcome.REFER,
        amount=Fen(0),
        lines=(),
        reasons=(Reason(Code.DUPLICATE_EVENT, "4.1", sentence, ReasonKind.REFER),),
        reservations=(),
    )


def _write_decisions(session: Session, office: Office, judged: Sequence[_Judged]) -> dict[int, int]:
    """Write the decisions, each in the place of the claim's last one; their ids by claim."""
    rows = []
    for claim, facts, _plan, verdict in judged:
        if claim.decisions:
            reverse(session, claim, office)
        period_start, period_end = verdict.period or (None, None)
        rows.append(
            {
                "claim_id": claim.id,
                "number": len(claim.decisions) + 1,
                "plan": verdict.plan,
                "outcome": verdict.outcome.value,
                "amount": verdict.amount,
                "facts": to_json(facts),
                "period_start": period_start,
                "period_end": period_end,
                "made_at": office.clock(),
            }
        )
        session.expire(claim, ["decisions"])
    statement = insert(Decision).returning(Decision.claim_id, Decision.id)
    ids = dict(inserted(session, statement, rows))
    for claim, _facts, _plan, verdict in judged:
        _explain(session, ids[claim.id], verdict)
    return ids


@dataclass(frozen=True)
class NewDecisionLine(NewRow):
    """A line of a decision to append."""

    table = DecisionLine

    decision_id: int
    number: int
    benefit: str
    article: str
    text: str
    amount: Fen


@dataclass(frozen=True)
class NewDecisionReason(NewRow):
    """A reason of a decision to append."""

    table = DecisionReason

    decision_id: int
    number: int
    kind: str
    code: str
    article: str
    text: str


def _explain(session: Session, id_: int, verdict: Verdict) -> None:
    for number, line in enumerate(verdict.lines, 1):
        benefit, article = line.benefit.value, line.article
        append(session, NewDecisionLine(id_, number, benefit, article, line.text, line.amount))
    for number, reason in enumerate(verdict.reasons, 1):
        kind, code = reason.kind.value, reason.code.value
        append(session, NewDecisionReason(id_, number, kind, code, reason.article, reason.text))


def _grant(session: Session, granted: Sequence[_Judged], decisions: Mapping[int, int]) -> None:
    """Write the rights, and take from the members' limits what they grant.

    A unique key admits one live right for an event, should a judgement overlook a twin.
    """
    rows = [_right(each, decisions[each.claim.id]) for each in granted]
    statement = insert(Entitlement).returning(Entitlement.claim_id, Entitlement.id)
    rights = dict(inserted(session, statement, rows))
    grants = [
        Grant(rights[claim.id], claim.member, plan, verdict.reservations)
        for claim, _facts, plan, verdict in granted
        if claim.member
    ]
    reserve(session, grants)


def _right(judged: _Judged, decision_id: int) -> dict[str, object]:
    claim, facts, plan, verdict = judged
    return {
        "member_id": claim.member_id,
        "plan": plan.code,
        "benefit": claim.benefit,
        "event": entitlement_event(facts),
        "claim_id": claim.id,
        "decision_id": decision_id,
        "amount": verdict.amount,
        "past": past_entry(facts, verdict),
    }


def reverse(session: Session, claim: Claim, office: Office) -> None:
    """Supersede the decision in force, if any, and give back what it had reserved.

    The caller holds the claim's row lock. The right is locked as well, so that of two acts that
    would take it back, a correction and a return by the bank for instance, the second finds
    nothing left to give back.
    """
    now = office.clock()
    session.execute(
        update(Decision)
        .where(Decision.claim_id == claim.id, Decision.superseded_at.is_(None))
        .values(superseded_at=now)
    )
    right = session.scalar(
        select(Entitlement).filter_by(claim_id=claim.id, released_at=None).with_for_update()
    )
    if right is not None:
        release(session, right, now)
