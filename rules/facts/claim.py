"""A whole claim as a case writes it: several events, every cover with its plan (R27, R28)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    with_config,
)

from language import _
from rules import plans
from rules.errors import BadInput, FieldFault
from rules.facts.case import read
from rules.facts.case_fields import Day, Text
from rules.facts.events import Event
from rules.facts.paid import Paid
from rules.facts.values import (
    Answered,
    CoverPeriod,
    MemberFacts,
    PayeeKind,
    ends_after_start,
    in_order,
)


def _known(code: str) -> str:
    try:
        plans.load(code)
    except BadInput:
        raise ValueError(_("没有这个计划")) from None
    return code


PlanCode = Annotated[Text, AfterValidator(_known)]


@dataclass(frozen=True, slots=True)
class PlanCover(CoverPeriod):
    """A cover period under an edition of a plan; `city` is where its unit is insured (R6, R32)."""

    plan: PlanCode = field(kw_only=True)
    city: Text | None = None


@dataclass(frozen=True, slots=True)
class PaidUnder:
    """A payment made earlier, and the plan edition it was made under."""

    plan: PlanCode
    paid: Paid


@dataclass(frozen=True, slots=True)
class AnsweredOf(Answered):
    """An answer, and the place of the event in the claim that it is about, from 0."""

    event: int = field(kw_only=True)


def _apart(entry: object) -> object:
    """The plan stands among what was paid: {"plan": …, "benefit": …, "amount": …}."""
    if not isinstance(entry, Mapping):
        return entry
    paid = {key: value for key, value in entry.items() if key != "plan"}
    return {key: value for key, value in entry.items() if key == "plan"} | {"paid": paid}


def _one_at_a_time(covers: tuple[PlanCover, ...]) -> tuple[PlanCover, ...]:
    """Oldest first; never two at once of one family, also not of two editions."""
    families = {cover.plan: plans.load(cover.plan).family for cover in covers}
    for family in set(families.values()):
        in_order(tuple(cover for cover in covers if families[cover.plan] == family))
    return tuple(sorted(covers, key=lambda cover: cover.start))


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A whole claim as the rules see it: whose it is, and every event it asks for.

    `covers` are all the member ever had, oldest first; `history` is what was paid before, in order
    of receipt. `unit_city` stands in where a cover names no city. `member` and `unit_city` are None
    for a person on no roster, who has no cover either.
    """

    received_on: Day
    member: MemberFacts | None
    unit_city: Text | None
    covers: Annotated[
        tuple[Annotated[PlanCover, AfterValidator(ends_after_start)], ...],
        AfterValidator(_one_at_a_time),
        Field(alias="coverages"),
    ]
    history: tuple[Annotated[PaidUnder, BeforeValidator(_apart)], ...]
    events: Annotated[tuple[Event, ...], Field(min_length=1)]
    payee: PayeeKind = PayeeKind.MEMBER
    answers: tuple[AnsweredOf, ...] = ()


_CLAIM = TypeAdapter(ClaimFacts)


def claim_from_json(case: Mapping[str, object]) -> ClaimFacts:
    """The facts of a case with several events; BadInput names the first field that does not fit."""
    claim = read(_CLAIM, case)
    _refuse_too_many_shares(case)
    _refuse_answers_about_no_event(claim)
    families = {plans.load(cover.plan).family for cover in claim.covers}
    for number, paid in enumerate(claim.history):
        if plans.load(paid.plan).family not in families:
            path, wrong = f"history[{number}].plan", _("会员没有参加过此计划：%(plan)s")
            raise _fault(path, wrong % {"plan": paid.plan})
    return claim


def _refuse_answers_about_no_event(claim: ClaimFacts) -> None:
    """FieldFault where an answer is about an event that the case does not have."""
    for number, given in enumerate(claim.answers):
        if not 0 <= given.event < len(claim.events):
            words = {"event": given.event, "last": len(claim.events) - 1}
            wrong = _("没有这个事件，应为 0 至 %(last)s：%(event)s") % words
            raise _fault(f"answers[{number}].event", wrong)


def _refuse_too_many_shares(case: Mapping[str, Any]) -> None:
    """FieldFault where a cover, as the case orders them, has more shares than its plan sells."""
    for number, cover in enumerate(case["coverages"]):
        most, held = plans.load(cover["plan"].strip()).enrolment.shares.value, cover.get("shares")
        if (held or 1) > most:
            words = {"plan": cover["plan"], "most": most, "shares": held}
            wrong = _("计划 %(plan)s 每人最多 %(most)s 份：%(shares)s") % words
            raise _fault(f"coverages[{number}].shares", wrong)


def _fault(path: str, wrong: str) -> FieldFault:
    return FieldFault(_("%(field)s：%(wrong)s") % {"field": path, "wrong": wrong}, path, wrong)
