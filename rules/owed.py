"""All that is owed for one claim: each of its events under every plan of its day (R27, R28)."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple, Self

from rules import plans
from rules.accidents import first_day
from rules.clauses import benefit_article
from rules.facts import (
    AccidentEvent,
    Answered,
    CoverPeriod,
    Event,
    Facts,
    HospitalStay,
    IllnessEvent,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
    Part,
)
from rules.facts.claim import ClaimFacts, PaidUnder
from rules.hospitals import Register
from rules.judging import judge
from rules.money import Fen
from rules.plans import Plan
from rules.stays import separate_stays
from rules.verdict import Benefit, Code, Outcome, Reason, ReasonKind, Verdict

MAIN_PLAN = "main-2020"
"""Under it is denied what the claim of a person without any cover asks for."""

NOTHING_ALONE = frozenset({Code.STAY_TOO_SHORT, Code.HOSPITAL_LEVEL, Code.STAY_DAY_CAP})
"""Why a stay that pays nothing may still be half of one that pays: for its days, too few or past
the cap, or for a hospital of too low a level between two others."""


class JudgedPart(NamedTuple):
    """One event under one plan: the facts that plan saw and what it answers.

    `event` is the event's place in the claim, from 0.
    """

    event: int
    facts: Facts
    plan: Plan
    verdict: Verdict

    @property
    def article(self) -> str:
        """The article that grants what the plan pays for the event."""
        return benefit_article(self.plan, self.facts.event)

    def unpaid(self, outcome: Outcome, reason: Reason) -> Self:
        """The same part without money, for a reason found beside other claims."""
        verdict = self.verdict._replace(
            outcome=outcome, amount=Fen(0), lines=(), reasons=(reason,), reservations=()
        )
        return self._replace(verdict=verdict)


def judge_claim(claim: ClaimFacts, hospitals: Register | None = None) -> tuple[JudgedPart, ...]:
    """The parts of the decision: by event, the main plan before the optional ones.

    An event is judged knowing what the events before it were granted, as if they had been received
    one after the other. A stay whose moves are further than a day apart is judged as several (R7),
    each under the plans of its own day.
    """
    history, parts = list(claim.history), []
    told = [(at, each) for at, event in enumerate(claim.events) for each in one_by_one(event)]
    for number, event in told:
        granted: list[PaidUnder] = []
        for plan in plans_for(claim, event):
            facts = facts_under(plan, replace(claim, history=tuple(history)), number, event)
            verdict = judge(facts, plan, hospitals)
            parts.append(JudgedPart(number, facts, plan, verdict))
            if verdict.outcome is Outcome.PAY:
                granted += [PaidUnder(plan.code, each) for each in paid_by(facts, verdict)]
            elif is_nothing_alone(verdict) and isinstance(event, HospitalStay):
                granted.append(PaidUnder(plan.code, unpaid_stay(event, plan)))
        history += granted
    return tuple(parts)


def outcome_of(outcomes: Sequence[Outcome]) -> Outcome:
    """What becomes of a claim with these parts: one question holds up the whole claim."""
    for outcome in (Outcome.REFER, Outcome.PAY):
        if outcome in outcomes:
            return outcome
    return Outcome.DENY


def plans_for(claim: ClaimFacts, event: Event) -> list[Plan]:
    """Every plan in force on the day of the event that pays for such events (R27).

    Where there is none, the one plan that says why not: of those in force on the day, else of all
    the member ever had, the latest, else the main plan.
    """
    on_day = [c.plan for c in claim.covers if c.start <= event.on <= c.end]
    in_force = _main_first(plans.load(code) for code in dict.fromkeys(on_day))
    if answering := [plan for plan in in_force if answers(plan, event)]:
        return answering
    ever = [plans.load(cover.plan) for cover in reversed(claim.covers)]
    ranked = sorted(in_force or ever, key=lambda plan: not answers(plan, event))
    return ranked[:1] or [plans.load(MAIN_PLAN)]


def answers(plan: Plan, event: Event) -> bool:
    """Whether the plan pays anything for events of this kind."""
    match event:
        case HospitalStay():
            return bool(plan.hospital_allowance or plan.medical_expense)
        case IllnessEvent():
            return plan.critical_illness is not None
        case AccidentEvent():
            return plan.accident is not None


def one_by_one(event: Event) -> list[Event]:
    """The separate stays of an event (R7), or the event alone."""
    if not isinstance(event, HospitalStay) or not event.transfers:
        return [event]
    within = plans.load(MAIN_PLAN).rulings.transfer.value
    first, *later = separate_stays(event.parts, within)
    whole = replace(event, transfers=tuple(first[1:]))
    return [whole, *(replace(whole, **_own(stay[0]), transfers=tuple(stay[1:])) for stay in later)]


def _own(part: Part) -> dict[str, Any]:
    return {each.name: getattr(part, each.name) for each in fields(Part)}


def facts_under(plan: Plan, claim: ClaimFacts, number: int, event: Event) -> Facts:
    """What one plan needs to know of the event at this place in the claim, from 0: its own covers
    and payments, of all editions."""
    covers = [c for c in claim.covers if plans.load(c.plan).family == plan.family]
    cities = [c.city for c in covers if c.start <= event.on <= c.end and c.city]
    history = [h.paid for h in claim.history if plans.load(h.plan).family == plan.family]
    return Facts(
        plan=plan.code,
        received_on=claim.received_on,
        member=claim.member,
        unit_city=cities[0] if cities else claim.unit_city,
        coverages=tuple(CoverPeriod(c.start, c.end, c.shares, c.handed_in_on) for c in covers),
        history=tuple(history),
        event=event,
        payee=claim.payee,
        answers=tuple(
            Answered(a.question, a.answer, a.reason) for a in claim.answers if a.event == number
        ),
    )


def paid_by(facts: Facts, verdict: Verdict) -> Iterator[Paid]:
    """What a later claim of the same member has to know of this verdict, once it is granted.

    Several illnesses paid at once (R12) are one payment each to later claims.
    """
    match facts.event:
        case HospitalStay() as stay:
            days = sum(use.days for use in verdict.reservations)
            is_expense = verdict.lines[0].benefit is Benefit.MEDICAL_EXPENSE
            continues = not any(use.times for use in verdict.reservations)
            paid = PaidStay(
                stay.on,
                days,
                verdict.amount,
                discharged_on=stay.ended_on,
                continues=continues,
                parts=_parts_of(stay),
            )
            yield replace(paid, benefit="medical_expense") if is_expense else paid
        case IllnessEvent() as illness:
            for each in illness.illnesses:
                yield PaidIllness(each, illness.diagnosed_on, verdict.amount)
        case AccidentEvent() as accident:
            root = first_day(accident, facts)
            yield PaidAccident(
                accident.happened_on,
                accident.outcome,
                verdict.amount,
                place=accident.place,
                description=accident.description,
                same_as=root if root < accident.happened_on else None,
            )


def is_nothing_alone(verdict: Verdict) -> bool:
    """Whether a stay is denied for reasons that do not keep it from being half of another (R7)."""
    why = {reason.code for reason in verdict.reasons if reason.kind is ReasonKind.DENY}
    return verdict.outcome is Outcome.DENY and bool(why) and why <= NOTHING_ALONE


def unpaid_stay(stay: HospitalStay, plan: Plan) -> PaidStay:
    """What a later claim has to know of a stay that pays nothing alone."""
    paid = PaidStay(stay.on, 0, Fen(0), discharged_on=stay.ended_on, parts=_parts_of(stay))
    return paid if plan.hospital_allowance else replace(paid, benefit="medical_expense")


def _parts_of(stay: HospitalStay) -> tuple[Part, ...]:
    return tuple(Part(**_own(each)) for each in stay.parts)


def _main_first(found: Iterator[Plan]) -> list[Plan]:
    main = plans.load(MAIN_PLAN).family
    return sorted(found, key=lambda plan: (plan.family != main, plan.code))
