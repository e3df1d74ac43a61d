"""All that is owed for one claim: each of its events under every plan of its day (R27, R28)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Self, cast

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
)
from rules.facts.claim import AnsweredOf, ClaimFacts, PaidUnder
from rules.halves import (
    is_nothing_alone,
    known_halves,
    own_days,
    parts_of,
    stays_of_others,
    unpaid_stay,
)
from rules.hospitals import Register
from rules.judging import as_question, judge
from rules.money import Fen
from rules.plans import Plan
from rules.stays import separate_stays
from rules.verdict import Benefit, Code, Outcome, Reason, Verdict

MAIN_PLAN = "main-2020"
"""Under it is denied what the claim of a person without any cover asks for."""


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
        judged = _judge_event(replace(claim, history=tuple(history)), number, event, hospitals)
        for part in judged:
            parts.append(part)
            if part.verdict.outcome is Outcome.PAY:
                granted += [
                    PaidUnder(part.plan.code, each) for each in paid_by(part.facts, part.verdict)
                ]
            elif is_nothing_alone(part.verdict) and isinstance(event, HospitalStay):
                granted.append(PaidUnder(part.plan.code, unpaid_stay(event, part.plan)))
        history += granted
    return tuple(parts)


def _judge_event(
    claim: ClaimFacts, number: int, event: Event, hospitals: Register | None
) -> list[JudgedPart]:
    """The event under each plan. Where a stay may be half of another and nobody has said so yet, it
    is judged both ways: the plans of the first day answer for a whole stay, and those of its own
    day for another one (R7, R8). What is denied either way is not asked about."""
    halves = known_halves(claim, event, plans.load(MAIN_PLAN))
    is_said = (number, Code.DUPLICATE_EVENT) in [(a.event, a.question) for a in claim.answers]
    if not halves or is_said:
        return _judge_under_plans(claim, number, event, halves, hospitals)
    apart, together = (
        {
            part.plan.family: part
            for part in _judge_under_plans(
                _saying(claim, number, answer), number, event, halves, hospitals
            )
        }
        for answer in ("another", "together")
    )
    found = []
    for family in together | apart:
        ways = [way[family] for way in (apart, together) if family in way]
        first = ways[0]
        facts = facts_under(first.plan, claim, number, event)
        if any(way.verdict.outcome is not Outcome.DENY for way in ways):
            verdict = as_question(first.verdict, facts, first.plan)
            found.append(first._replace(facts=facts, verdict=verdict))
        elif family in apart:
            found.append(first._replace(facts=facts))
    return found


def _saying(claim: ClaimFacts, number: int, answer: str) -> ClaimFacts:
    said = AnsweredOf(Code.DUPLICATE_EVENT, answer, event=number)
    return replace(claim, answers=(*claim.answers, said))


def _judge_under_plans(
    claim: ClaimFacts,
    number: int,
    event: Event,
    halves: Sequence[PaidUnder],
    hospitals: Register | None,
) -> list[JudgedPart]:
    """The event under each plan in force on its day. A stay that is said to be one with its halves
    counts from the first day of all of them, and the plans that paid for these answer too."""
    is_whole = any(
        a.event == number and a.question is Code.DUPLICATE_EVENT and a.answer == "together"
        for a in claim.answers
    )
    whole = halves if is_whole else ()
    on = min([event.on, *(cast("PaidStay", half.paid).admitted_on for half in whole)])
    paid = [plans.load(half.plan) for half in whole if half.paid.amount]
    found = []
    for plan in plans_for(claim, event, on, paid):
        facts = facts_under(plan, claim, number, event, on)
        found.append(JudgedPart(number, facts, plan, judge(facts, plan, hospitals)))
    return found


def outcome_of(outcomes: Sequence[Outcome]) -> Outcome:
    """What becomes of a claim with these parts: one question holds up the whole claim."""
    for outcome in (Outcome.REFER, Outcome.PAY):
        if outcome in outcomes:
            return outcome
    return Outcome.DENY


def plans_for(claim: ClaimFacts, event: Event, on: date, paid: Sequence[Plan]) -> list[Plan]:
    """Every plan in force on this day that pays for such events (R27), and those that paid for
    other halves of the stay.

    Where there is none, the one plan that says why not: of those in force on the day, else of all
    the member ever had, the latest, else the main plan.
    """
    on_day = [c.plan for c in claim.covers if c.start <= on <= c.end]
    in_force = _main_first(plans.load(code) for code in dict.fromkeys(on_day))
    answering = [plan for plan in in_force if answers(plan, event)]
    families = {plan.family for plan in answering}
    answering += {p.family: p for p in paid if p.family not in families}.values()
    if answering:
        return _main_first(iter(answering))
    ever = [plans.load(cover.plan) for cover in reversed(claim.covers)]
    ranked = sorted([*in_force, *ever], key=lambda plan: not answers(plan, event))
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
    first, *later = separate_stays(event, within)
    whole = replace(event, transfers=tuple(first[1:]))
    return [
        whole,
        *(replace(whole, **own_days(stay[0]), transfers=tuple(stay[1:])) for stay in later),
    ]


def facts_under(
    plan: Plan, claim: ClaimFacts, number: int, event: Event, on: date | None = None
) -> Facts:
    """What one plan needs to know of the event at this place in the claim, from 0: its own covers
    and payments, of all editions, and of the stays it did not pay their days alone.

    The city is that of the cover on this day, that of the event if there is none.
    """
    on = on or event.on
    covers = [c for c in claim.covers if plans.load(c.plan).family == plan.family]
    cities = [c.city for c in covers if c.start <= on <= c.end and c.city]
    history = [h.paid for h in claim.history if plans.load(h.plan).family == plan.family]
    if isinstance(event, HospitalStay):
        history += stays_of_others(plan, claim, history)
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
                parts=parts_of(stay),
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
                same_as=root if root != accident.happened_on else None,
            )


def _main_first(found: Iterator[Plan]) -> list[Plan]:
    main = plans.load(MAIN_PLAN).family
    return sorted(found, key=lambda plan: (plan.family != main, plan.code))
