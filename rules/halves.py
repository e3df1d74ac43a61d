"""Stays decided before that may be halves of one with another: what a later claim knows of them."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, cast

from rules.facts import Event, HospitalStay, Paid, PaidStay, Part
from rules.facts.claim import ClaimFacts, PaidUnder
from rules.money import Fen
from rules.plans import Plan
from rules.stays import chained, may_meet
from rules.verdict import Code, Outcome, ReasonKind, Verdict

NOTHING_ALONE = frozenset(
    {
        Code.STAY_TOO_SHORT,
        Code.HOSPITAL_LEVEL,
        Code.STAY_DAY_CAP,
        Code.STAY_LIMIT,
        Code.NOT_COVERED_ON_EVENT,
        Code.NOT_A_MEMBER,
    }
)
"""Why a stay that pays nothing may still be half of one that pays, or the half whose first day
says that the whole one does not (R8)."""


def is_nothing_alone(verdict: Verdict) -> bool:
    """Whether a stay is denied for reasons that do not keep it from being half of another (R7)."""
    why = {reason.code for reason in verdict.reasons if reason.kind is ReasonKind.DENY}
    return verdict.outcome is Outcome.DENY and bool(why) and why <= NOTHING_ALONE


def unpaid_stay(stay: HospitalStay, plan: Plan) -> PaidStay:
    """What a later claim has to know of a stay that pays nothing alone."""
    return _nothing_paid(plan, stay.on, stay.ended_on, parts_of(stay))


def known_halves(claim: ClaimFacts, event: Event, plan: Plan) -> list[PaidUnder]:
    """The decided stays of the member, under any plan, that may be one with this stay, by what this
    plan calls a move (R7)."""
    if not isinstance(event, HospitalStay):
        return []
    known = [(each, each.paid) for each in claim.history if isinstance(each.paid, PaidStay)]
    may = [paid for _each, paid in known if may_meet(event.parts, paid)]
    found = chained(plan, event.parts, may) if may else []
    return [each for each, paid in known if paid in found]


def stays_of_others(plan: Plan, claim: ClaimFacts, own: Sequence[Paid]) -> list[PaidStay]:
    """The stays that only other plans have decided on: they may be half of one of this plan."""
    known = {paid.parts for paid in own if isinstance(paid, PaidStay)}
    found: dict[tuple[Part, ...], PaidStay] = {}
    for paid in (each.paid for each in claim.history):
        if isinstance(paid, PaidStay) and paid.parts and paid.parts not in known:
            until = cast("date", paid.discharged_on)
            found[paid.parts] = _nothing_paid(plan, paid.admitted_on, until, paid.parts)
    return list(found.values())


def parts_of(stay: HospitalStay) -> tuple[Part, ...]:
    """Its days in each hospital."""
    return tuple(Part(**own_days(each)) for each in stay.parts)


def own_days(part: Part) -> dict[str, Any]:
    """The days in one hospital with its sums, by name."""
    return {each.name: getattr(part, each.name) for each in fields(Part)}


def _nothing_paid(plan: Plan, on: date, until: date, parts: tuple[Part, ...]) -> PaidStay:
    paid = PaidStay(on, 0, Fen(0), discharged_on=until, parts=parts)
    return paid if plan.hospital_allowance else replace(paid, benefit="medical_expense")
