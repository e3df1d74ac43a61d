"""The facts a verdict rests on, in the words of the office and as a case writes them.

What is None is not written. `kind` and `benefit` tell the classes apart when a case is read.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    with_config,
)
from pydantic_core import PydanticCustomError

from language import _
from rules.facts.fields import (
    Day,
    FactMoney,
    Flag,
    Grade,
    Level,
    PageNumber,
    PaidDays,
    Percent,
    SaidText,
    Shares,
    Text,
)
from rules.verdict import Code

Rank = Literal["province", "city", "district"]
"""Whose hospital it is; some optional plans pay by it."""


CAUSES = ("illness", "accident")
"""What a stay is caused by; any other word is for a person to read."""


def _unless(usual: object) -> Any:
    """A field that is written only where it is not as usual."""
    return Field(exclude_if=lambda value: value == usual)


class EventKind(StrEnum):
    """What may happen to a member: the word a case and a claim tell it by."""

    STAY = "hospital_stay"
    ILLNESS = "critical_illness"
    ACCIDENT = "accident"


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"


class AccidentOutcome(StrEnum):
    """What an accident led to."""

    DISABILITY = "disability"
    DEATH = "death"
    BURN = "burn"


class PayeeKind(StrEnum):
    """Who would get the money; heirs are confirmed by a person."""

    MEMBER = "member"
    HEIRS = "heirs"
    CONFIRMED_HEIRS = "confirmed_heirs"


@dataclass(frozen=True, slots=True)
class MemberFacts:
    birth_date: Day
    sex: Sex


@dataclass(frozen=True, slots=True)
class CoverPeriod:
    """One cover period; both days inclusive.

    `handed_in_on` is the day on which what bought it came to the office: its roster, or a later
    entry of a receipt that was late; None where that is not known (R31).
    """

    start: Day
    end: Day
    shares: Annotated[Shares, _unless(1)] = 1
    handed_in_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Hospital:
    """As the papers name it; None means the papers do not say, and the register is asked."""

    name: Text
    city: Text | None = None
    level: Level | None = None
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The days in one hospital, and the sums of its settlement sheet; None was not read."""

    hospital: Hospital
    admitted_on: Day
    discharged_on: Day
    fund_paid: FactMoney | None = None
    own_share: FactMoney | None = None
    deductible: FactMoney | None = None


@dataclass(frozen=True, slots=True)
class ExclusionSign:
    """A sign of an exclusion (R33): what may be excluded, the words that say so, and their page."""

    exclusion: Text
    words: Text | None = None
    page: PageNumber | None = None


@dataclass(frozen=True, slots=True)
class HospitalStay(Part):
    """The days in the first hospital, then in those the patient was moved to, in order of date."""

    cause: Text = field(kw_only=True)
    transfers: Annotated[tuple[Part, ...], _unless(())] = ()
    exclusion: Text | None = None
    exclusion_words: Text | None = None
    exclusion_page: PageNumber | None = None
    further_signs: Annotated[tuple[ExclusionSign, ...], _unless(())] = ()
    kind: Literal["hospital_stay"] = "hospital_stay"

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self, *self.transfers)

    @property
    def on(self) -> date:
        """The day that chooses the cover period (R8)."""
        return self.admitted_on

    @property
    def ended_on(self) -> date:
        """The day the time limit runs from (R21)."""
        last = self.transfers[-1] if self.transfers else self
        return last.discharged_on


def _one_or_more(illness: object) -> object:
    return (illness,) if isinstance(illness, str) else illness


def _one_or_list(illnesses: tuple[str, ...]) -> str | list[str]:
    return illnesses[0] if len(illnesses) == 1 else list(illnesses)


@dataclass(frozen=True, slots=True)
class IllnessEvent:
    """A diagnosis of one illness or several at once (R12).

    While a person has still `to_name` it, the illnesses are only what the papers suggest, or the
    words of a diagnosis, and whether it is the first diagnosis is not known.
    """

    illnesses: Annotated[
        tuple[Text, ...],
        BeforeValidator(_one_or_more),
        Field(alias="illness", min_length=1),
        PlainSerializer(_one_or_list),
    ]
    diagnosed_on: Day
    first_diagnosis: Flag | None = None
    to_name: Annotated[Flag, _unless(False)] = False
    exclusion: Text | None = None
    exclusion_words: Text | None = None
    exclusion_page: PageNumber | None = None
    further_signs: Annotated[tuple[ExclusionSign, ...], _unless(())] = ()
    kind: Literal["critical_illness"] = "critical_illness"

    @property
    def on(self) -> date:
        return self.diagnosed_on

    @property
    def ended_on(self) -> date:
        return self.diagnosed_on


@dataclass(frozen=True, slots=True)
class AccidentEvent:
    """An accident with its outcome.

    A disability has grades, none of them where the appraiser found none; a third-degree burn has
    an area, where head stands for head, neck and hands, and its percentage of the body surface.
    Place and description are as the unit or the police wrote them.
    """

    happened_on: Day
    outcome: AccidentOutcome
    grades: tuple[Grade, ...] | None = None
    area: Literal["head", "body"] | None = None
    percent: Percent | None = None
    in_hospital_for_illness: Flag = False
    treatment_ended: Annotated[Flag, _unless(True)] = True
    place: Text | None = None
    description: Text | None = None
    exclusion: Text | None = None
    exclusion_words: Text | None = None
    exclusion_page: PageNumber | None = None
    further_signs: Annotated[tuple[ExclusionSign, ...], _unless(())] = ()
    kind: Literal["accident"] = "accident"

    @property
    def on(self) -> date:
        return self.happened_on

    @property
    def ended_on(self) -> date:
        return self.happened_on


_SAID_OF = {
    AccidentOutcome.DISABILITY: ("grades",),
    AccidentOutcome.BURN: ("area", "percent"),
    AccidentOutcome.DEATH: (),
}


def _of_its_outcome(event: AccidentEvent) -> AccidentEvent:
    """What is said of another outcome does not count: a person has overruled the outcome since."""
    own = _SAID_OF[event.outcome]
    for name in own:
        if getattr(event, name) is None:
            raise PydanticCustomError("missing_below", "missing", {"field": name})
    return replace(
        event,
        grades=event.grades if "grades" in own else None,
        area=event.area if "area" in own else None,
        percent=event.percent if "percent" in own else None,
    )


def _named(event: IllnessEvent) -> IllnessEvent:
    """Of an illness that is named it is known whether this is the first diagnosis."""
    if event.first_diagnosis is None and not event.to_name:
        raise PydanticCustomError("missing_below", "missing", {"field": "first_diagnosis"})
    return event


Event = Annotated[
    HospitalStay
    | Annotated[IllnessEvent, AfterValidator(_named)]
    | Annotated[AccidentEvent, AfterValidator(_of_its_outcome)],
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class PaidStay:
    """A stay paid earlier: by the day, or by what its settlement sheet said.

    `discharged_on` is not known of stays paid before it was kept: then the paid days must do.
    One that `continues` another counts with it as one stay (R7). `parts` are its days in each
    hospital, where they were kept. One that pays nothing alone, too short for instance, stands here
    with its parts and no sum, since it may be half of another.
    """

    admitted_on: Day
    paid_days: PaidDays
    amount: FactMoney
    benefit: Literal["hospital_allowance", "medical_expense"] = "hospital_allowance"
    discharged_on: Day | None = None
    continues: Annotated[Flag, _unless(False)] = False
    parts: Annotated[tuple[Part, ...], _unless(())] = ()


@dataclass(frozen=True, slots=True)
class PaidIllness:
    """A critical illness paid earlier."""

    illness: Text
    diagnosed_on: Day
    amount: FactMoney
    benefit: Literal["critical_illness"] = "critical_illness"


@dataclass(frozen=True, slots=True)
class PaidAccident:
    """An accident paid earlier; `same_as` is the first day of the accident it belongs to (R30)."""

    happened_on: Day
    outcome: AccidentOutcome
    amount: FactMoney
    benefit: Literal["accident"] = "accident"
    place: Text | None = None
    description: Text | None = None
    same_as: Day | None = None

    @property
    def root(self) -> date:
        """The day that names the accident, however many outcomes it had."""
        return self.same_as or self.happened_on


Paid = Annotated[PaidStay | PaidIllness | PaidAccident, Field(discriminator="benefit")]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person answered to a question that the rules asked of the event, and why."""

    question: Code
    answer: Text
    reason: SaidText | None = None


def ends_after_start(period: CoverPeriod) -> CoverPeriod:
    """The period, if it is one; both days inclusive."""
    if period.end < period.start:
        raise ValueError(_("end 早于 start"))
    return period


Period = TypeVar("Period", bound=CoverPeriod)


def in_order(coverages: tuple[Period, ...]) -> tuple[Period, ...]:
    """The periods of one family of plans, oldest first; ValueError where two overlap."""
    periods = tuple(sorted(coverages, key=lambda period: period.start))
    for earlier, later in pairwise(periods):
        if later.start <= earlier.end:
            dates = {"later": later.start, "earlier": earlier.end}
            raise ValueError(_("保障期重叠：%(later)s 不晚于 %(earlier)s") % dates)
    return periods


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Facts:
    """One claim as the rules see it.

    `coverages` are all periods of the member under the plan, of any edition, oldest first
    and without overlap; `history` is what was paid before under it, in order of receipt.
    `member` and `unit_city` are None for a person on no roster, who has no cover either.
    """

    plan: Text
    received_on: Day
    member: MemberFacts | None
    unit_city: Text | None
    coverages: Annotated[
        tuple[Annotated[CoverPeriod, AfterValidator(ends_after_start)], ...],
        AfterValidator(in_order),
    ]
    history: tuple[Paid, ...]
    event: Event
    payee: Annotated[PayeeKind, _unless(PayeeKind.MEMBER)] = PayeeKind.MEMBER
    answers: Annotated[tuple[Answered, ...], _unless(())] = ()
