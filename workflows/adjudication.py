"""Adjudication (核定): gathers the facts, asks the rules, and reserves what they would pay."""

from collections.abc import Mapping, Sequence
from datetime import date

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
from rules.verdict import Benefit, Code, Kind, Reason
from rules.verdict import Decision as Outcome
from rules.verdict import Reservation as Takes
from workflows.appended import append
from workflows.engine import advance
from workflows.event import event_of, past_entry
from workflows.office import Office
from workflows.row_ids import next_id

_DEFAULT_PLAN = "main-2020"

READS = (
    selectinload(Claim.documents).selectinload(Document.pages),
    selectinload(Claim.fields),
    selectinload(Claim.decisions),
    selectinload(Claim.unit),
)


def adjudicate(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Decide on complete claims: propose to pay or deny, or refer to a person."""
    # What is new in this unit of work has nothing to do with the members: it can wait.
    with session.no_autoflush:
        _lock_members(session, claims)
    for claim in claims:
        _decide(session, claim, office)


def _lock_members(session: Session, claims: Sequence[Claim]) -> None:
    """Read and lock the members of these claims, always in the same order.

    Everything a member may still get is decided one claim at a time; so what was granted to him
    is read when he is locked, not before.
    """
    members = session.scalars(
        select(Member)
        .where(Member.id.in_({claim.member_id for claim in claims}))
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
        .where(LimitCounter.member_id.in_(used))
        .order_by(LimitCounter.id)
        .execution_options(populate_existing=True)
        .with_for_update()
    ):
        used[counter.member_id].append(counter)
    for member_id, member in members.items():
        set_committed_value(member, "counters", used[member_id])


def _decide(session: Session, claim: Claim, office: Office) -> None:
    facts, plan, verdict = _judged(claim, office)
    decision = _write_down(session, office, claim, facts, verdict)
    if verdict.decision is Outcome.PAY:
        _reserve(session, claim, decision, facts, plan, verdict)
    verb = "refer" if verdict.decision is Outcome.REFER else "propose"
    advance(session, claim, verb, office, outcome=verdict.decision.value, amount=verdict.amount)


def try_out(claim: Claim, office: Office) -> Verdict:
    """What would be decided on the claim as it stands (试算); nothing of it is kept.

    BadInput where a value the rules need is not there yet.
    """
    if claim.benefit == Benefit.SECOND_RELIEF:
        raise Refused(_("二次救助由评审会决定，不能试算"))
    try:
        return _judged(claim, office)[2]
    except BadInput as error:
        raise BadInput(_("现有字段还不够试算，请先补齐或更正")) from error


def _judged(claim: Claim, office: Office) -> tuple[Facts, Plan, Verdict]:
    facts, plan = facts_of(claim, office)
    verdict = judge(facts, plan)
    # Also before a denial: a repeated claim must not be told that its own twin used up the limit.
    if verdict.decision is not Outcome.REFER and _twin(claim, plan, facts):
        verdict = _referred(verdict)
    return facts, plan, verdict


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
        "member": {
            "birth_date": member.birth_date.isoformat() if member else "1970-01-01",
            "sex": member.sex if member else "M",
        },
        "unit_city": claim.unit.city if claim.unit else "长春市",
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
        decision=Outcome.REFER,
        amount=Fen(0),
        lines=(),
        reasons=(Reason(Code.DUPLICATE_EVENT, "4.1", sentence, Kind.REFER),),
        reservations=(),
    )


def _write_down(
    session: Session, office: Office, claim: Claim, facts: Facts, verdict: Verdict
) -> Decision:
    if claim.decisions:
        reverse(session, claim, office)
    decision = Decision(
        id=next_id(session, "decision"),
        claim_id=claim.id,
        number=len(claim.decisions) + 1,
        plan=verdict.plan,
        outcome=verdict.decision.value,
        amount=verdict.amount,
        facts=to_json(facts),
        period_start=verdict.period[0] if verdict.period else None,
        period_end=verdict.period[1] if verdict.period else None,
        made_at=office.clock(),
    )
    claim.decisions.append(decision)
    for number, line in enumerate(verdict.lines, 1):
        row = {"decision_id": decision.id, "number": number, "benefit": line.benefit.value}
        row |= {"article": line.article, "text": line.text, "amount": line.amount}
        append(session, DecisionLine, row)
    for number, reason in enumerate(verdict.reasons, 1):
        row = {"decision_id": decision.id, "number": number, "kind": reason.kind.value}
        row |= {"code": reason.code.value, "article": reason.article, "text": reason.text}
        append(session, DecisionReason, row)
    return decision


def _reserve(
    session: Session,
    claim: Claim,
    decision: Decision,
    facts: Facts,
    plan: Plan,
    verdict: Verdict,
) -> None:
    assert claim.member is not None
    entitlement = Entitlement(
        id=next_id(session, "entitlement"),
        member=claim.member,
        plan=plan.code,
        benefit=claim.benefit,
        event=entitlement_event(facts),
        claim_id=claim.id,
        decision=decision,
        amount=verdict.amount,
        past=past_entry(facts, verdict),
    )
    session.add(entitlement)
    for takes in verdict.reservations:
        counter = _counter(session, claim.member, plan, takes)
        counter.times += takes.times
        counter.days += takes.days
        counter.amount = Fen(counter.amount + takes.amount)
        append(
            session,
            Reservation,
            {
                "counter_id": counter.id,
                "entitlement_id": entitlement.id,
                "times": takes.times,
                "days": takes.days,
                "amount": takes.amount,
            },
        )


def _counter(session: Session, member: Member, plan: Plan, takes: Takes) -> LimitCounter:
    """The member's counter of the period, made at its first use; its checks hold the limit."""
    for counter in member.counters:
        if (counter.plan, counter.period_start, counter.benefit) == (
            plan.code,
            takes.start,
            takes.benefit.value,
        ):
            return counter
    limits = ceilings(plan, takes.benefit)
    counter = LimitCounter(
        id=next_id(session, "limit_counter"),
        member_id=member.id,
        plan=plan.code,
        period_start=takes.start,
        benefit=takes.benefit.value,
        times=0,
        days=0,
        amount=Fen(0),
        times_limit=limits.times,
        amount_limit=limits.amount,
    )
    member.counters.append(counter)
    return counter
