"""Adjudication (核定): gathers the facts, asks the rules, and reserves what they would pay."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from language import _
from models import (
    Claim,
    Coverage,
    Decision,
    DecisionLine,
    DecisionReason,
    Document,
    Entitlement,
    LimitCounter,
    Member,
    Reservation,
)
from rules import Verdict, ceilings, entitlement_event, judge, plans
from rules.errors import BadInput, Refused
from rules.facts import Facts, from_json, to_json
from rules.money import Fen
from rules.plans import Plan
from rules.verdict import Benefit, Code, LimitUse, Outcome, Reason, ReasonKind
from workflows.claims.event import event_of, past_entry
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of, append, insert_all

_DEFAULT_PLAN = "main-2020"

_KEY = "member_id", "plan", "period_start", "benefit"
_key_of = attrgetter(*_KEY)
_Key = tuple[int, str, date, str]
"""Which of a member's limits a counter counts."""

READS = (
    selectinload(Claim.documents).selectinload(Document.pages),
    selectinload(Claim.fields),
    selectinload(Claim.decisions),
    selectinload(Claim.unit),
)


class _Judged(NamedTuple):
    """A claim, what was known of it, and what the rules say."""

    claim: Claim
    facts: Facts
    plan: Plan
    verdict: Verdict


def adjudicate(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Decide on complete claims: propose to pay or deny, or refer to a person."""
    # What is new in this unit of work has nothing to do with the members: it can wait.
    with session.no_autoflush:
        _lock_members(session, claims)
    for turn in _turns(claims):
        _decide(session, turn, office)


def _turns(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims, of each member one at a time: the next is judged by what the last was granted."""
    turns: list[list[Claim]] = []
    had: Counter[int | None] = Counter()
    for claim in claims:
        if had[claim.member_id] == len(turns):
            turns.append([])
        turns[had[claim.member_id]].append(claim)
        had[claim.member_id] += 1
    return turns


def _lock_members(session: Session, claims: Sequence[Claim]) -> None:
    """Read and lock the members of these claims, always in the same order.

    Everything a member may still get is decided one claim at a time; so what was granted to him
    is read when he is locked, not before.
    """
    members = session.scalars(
        select(Member)
        .where(any_of(Member.id, {claim.member_id for claim in claims}))
        .order_by(Member.id)
        .options(selectinload(Member.coverages), selectinload(Member.rights))
        .execution_options(populate_existing=True)
        .with_for_update(key_share=True)
    ).all()
    by_id = {member.id: member for member in members}
    _lock_counters(session, by_id)
    for claim in claims:
        set_committed_value(claim, "member", by_id.get(claim.member_id or 0))


def _lock_counters(session: Session, members: Mapping[int, Member]) -> None:
    """Read what the members have used of their limits, and let nobody else change it."""
    used: dict[int, list[LimitCounter]] = {member_id: [] for member_id in members}
    for counter in session.scalars(
        select(LimitCounter)
        .where(any_of(LimitCounter.member_id, used))
        .order_by(LimitCounter.id)
        .execution_options(populate_existing=True)
        .with_for_update()
    ):
        used[counter.member_id].append(counter)
    for member_id, member in members.items():
        set_committed_value(member, "counters", used[member_id])


def _decide(session: Session, claims: Sequence[Claim], office: Office) -> None:
    judged = [_judged(claim, office) for claim in claims]
    decisions = _write_down(session, office, judged)
    _reserve(session, [each for each in judged if each.verdict.outcome is Outcome.PAY], decisions)
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


def reverse(session: Session, claim: Claim, office: Office) -> None:
    """Supersede the decision in force, if any, and give back what it had reserved."""
    now = office.clock()
    session.execute(
        update(Decision)
        .where(Decision.claim_id == claim.id, Decision.superseded_at.is_(None))
        .values(superseded_at=now)
    )
    entitlement = session.scalar(
        select(Entitlement).filter_by(claim_id=claim.id, released_at=None).with_for_update()
    )
    if entitlement is None:
        return
    entitlement.released_at = now
    for reservation in session.scalars(
        select(Reservation).filter_by(entitlement_id=entitlement.id, released_at=None)
    ):
        reservation.released_at = now
        session.execute(
            update(LimitCounter)
            .where(LimitCounter.id == reservation.counter_id)
            .values(
                times=LimitCounter.times - reservation.times,
                days=LimitCounter.days - reservation.days,
                amount=LimitCounter.amount - reservation.amount,
            )
        )
    session.flush()


def facts_of(claim: Claim, office: Office) -> tuple[Facts, Plan]:
    """What the rules need to know of this claim, and the plan edition it falls under."""
    member = claim.member
    coverages = member.coverages if member else []
    event = event_of(office, claim)
    plan = plans.load(_plan_code(coverages, event))
    facts = {
        "plan": plan.code,
        "received_on": claim.received_on.isoformat(),
        "member": member and {"birth_date": member.birth_date.isoformat(), "sex": member.sex},
        "unit_city": claim.unit.city if claim.unit else None,
        "coverages": [
            {"start": c.starts_on.isoformat(), "end": c.ends_on.isoformat(), "shares": c.shares}
            for c in coverages
            if c.family == plan.family
        ],
        "history": _history(claim, plan),
        "event": event,
    }
    return from_json(facts), plan


def _plan_code(coverages: list[Coverage], event: Mapping[str, object]) -> str:
    """The plan of the cover on the day of the event; without any, of the latest cover.

    Of several plans one that answers for such an event, the main plan before the optional ones.
    """
    happened = event.get("admitted_on") or event.get("diagnosed_on") or event.get("happened_on")
    day = date.fromisoformat(happened) if isinstance(happened, str) else None
    on_day = [c.plan for c in coverages if day and c.starts_on <= day <= c.ends_on]
    main = plans.load(_DEFAULT_PLAN).family
    ranked = sorted(
        map(plans.load, on_day or [c.plan for c in reversed(coverages)]),
        key=lambda plan: (not _answers(plan, event), plan.family != main),
    )
    return ranked[0].code if ranked else _DEFAULT_PLAN


def _answers(plan: Plan, event: Mapping[str, object]) -> bool:
    """Whether the plan pays anything for events of this kind."""
    match event.get("kind"):
        case "hospital_stay":
            return bool(plan.hospital_allowance or plan.medical_expense)
        case "critical_illness":
            return plan.critical_illness is not None
        case _:
            return plan.accident is not None


def _history(claim: Claim, plan: Plan) -> list[dict[str, object]]:
    """What the member has been granted under the plan's family, paid or not yet, oldest first."""
    rights = (r for r in _other_rights(claim) if plans.load(r.plan).family == plan.family)
    return [entry for right in rights for entry in _one_by_one(right.past)]


def _other_rights(claim: Claim) -> list[Entitlement]:
    rights = claim.member.rights if claim.member else []
    return [
        right
        for right in rights
        if right.claim_id != claim.id
        and right.released_at is None
        and right.benefit != Benefit.SECOND_RELIEF
    ]


def _one_by_one(past: dict[str, object]) -> list[dict[str, object]]:
    """Several illnesses paid at once (R12) are one entry each to the rules."""
    illnesses = past.get("illness")
    return [past | {"illness": one} for one in illnesses] if isinstance(illnesses, list) else [past]


def _twin(claim: Claim, plan: Plan, facts: Facts) -> bool:
    """Whether another claim already holds the right to this event."""
    event = entitlement_event(facts)
    return any(r.plan == plan.code and r.event == event for r in _other_rights(claim))


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


def _write_down(session: Session, office: Office, judged: Sequence[_Judged]) -> dict[int, int]:
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
    written = {
        row.claim_id: row.id for row in insert_all(session, Decision, rows, "claim_id", "id")
    }
    for claim, _facts, _plan, verdict in judged:
        _explain(session, written[claim.id], verdict)
    return written


def _explain(session: Session, decision_id: int, verdict: Verdict) -> None:
    for number, line in enumerate(verdict.lines, 1):
        row = {"decision_id": decision_id, "number": number, "benefit": line.benefit.value}
        row |= {"article": line.article, "text": line.text, "amount": line.amount}
        append(session, DecisionLine, row)
    for number, reason in enumerate(verdict.reasons, 1):
        row = {"decision_id": decision_id, "number": number, "kind": reason.kind.value}
        row |= {"code": reason.code.value, "article": reason.article, "text": reason.text}
        append(session, DecisionReason, row)


def _reserve(session: Session, granted: Sequence[_Judged], decisions: Mapping[int, int]) -> None:
    """Write the rights that were granted, and what each takes of its member's limits."""
    rights = [_right(each, decisions[each.claim.id]) for each in granted]
    entitlements = {
        row.claim_id: row.id for row in insert_all(session, Entitlement, rights, "claim_id", "id")
    }
    counters = _count(session, granted)
    for each in granted:
        for takes in each.verdict.reservations:
            append(
                session,
                Reservation,
                {
                    "counter_id": counters[_key(each, takes)],
                    "entitlement_id": entitlements[each.claim.id],
                    "times": takes.times,
                    "days": takes.days,
                    "amount": takes.amount,
                },
            )
        session.expire(each.claim.member, ["rights", "counters"])


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


def _count(session: Session, granted: Sequence[_Judged]) -> dict[_Key, int]:
    """Add what was granted to the members' counters, made at their first use; their ids.

    The checks of the counters hold the limits.
    """
    known = {
        _key_of(counter): counter
        for each in granted
        if each.claim.member
        for counter in each.claim.member.counters
    }
    new: dict[_Key, dict[str, Any]] = {}
    for each in granted:
        for takes in each.verdict.reservations:
            key = _key(each, takes)
            if counter := known.get(key):
                counter.times += takes.times
                counter.days += takes.days
                counter.amount = Fen(counter.amount + takes.amount)
            else:
                new[key] = _new_counter(key, each.plan, takes)
    made = insert_all(session, LimitCounter, list(new.values()), *_KEY, "id")
    return {key: counter.id for key, counter in known.items()} | {
        _key_of(row): row.id for row in made
    }


def _key(judged: _Judged, takes: LimitUse) -> _Key:
    return judged.claim.member_id or 0, judged.plan.code, takes.start, takes.benefit.value


def _new_counter(key: _Key, plan: Plan, takes: LimitUse) -> dict[str, Any]:
    limits = ceilings(plan, takes.benefit)
    return {
        **dict(zip(_KEY, key, strict=True)),
        "times": takes.times,
        "days": takes.days,
        "amount": takes.amount,
        "times_limit": limits.times,
        "amount_limit": limits.amount,
    }
