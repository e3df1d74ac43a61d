"""What happens to a member: a stay, an illness or an accident, as a case writes it."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from rules.facts.case_fields import (
    Day,
    FactMoney,
    Flag,
    Grade,
    Level,
    PageNumber,
    Percent,
    Text,
    unless,
)

Rank = Literal["province", "city", "district"]
"""Whose hospital it is; some optional plans pay by it."""


CAUSES = ("illness", "accident")
"""What a stay is caused by; any other word is for a person to read."""


class EventKind(StrEnum):
    """What may happen to a member: the word a case and a claim tell it by."""

    STAY = "hospital_stay"
    ILLNESS = "critical_illness"
    ACCIDENT = "accident"


class AccidentOutcome(StrEnum):
    """What an accident led to."""

    DISABILITY = "disability"
    DEATH = "death"
    BURN = "burn"


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
    transfers: Annotated[tuple[Part, ...], unless(())] = ()
    exclusion: Text | None = None
    exclusion_words: Text | None = None
    exclusion_page: PageNumber | None = None
    further_signs: Annotated[tuple[ExclusionSign, ...], unless(())] = ()
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
    words of a diagnosis, and whether it is the first diagnosis is not known. `first_doubted`: a
    person says that it is not, which two people answer; `ground` is why.
    """

    illnesses: Annotated[
        tuple[Text, ...],
        BeforeValidator(_one_or_more),
        Field(alias="illness", min_length=1),
        PlainSerializer(_one_or_list),
    ]
    diagnosed_on: Day
    first_diagnosis: Flag | None = None
    first_doubted: Annotated[Flag, unless(False)] = False
    ground: Text | None = None
    to_name: Annotated[Flag, unless(False)] = False
    exclusion: Text | None = None
    exclusion_words: Text | None = None
    exclusion_page: PageNumber | None = None
    further_signs: Annotated[tuple[ExclusionSign, ...], unless(())] = ()
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
    treatment_ended: Annotated[Flag, unless(True)] = True
    place: Text | None = None
    description: Text | None = None
    exclusion: Text | None = None
    exclusion_words: Text | None = None
    exclusion_page: PageNumber | None = None
    further_signs: Annotated[tuple[ExclusionSign, ...], unless(())] = ()
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
    """Of an illness that is named it is known whether this is the first diagnosis, or doubted."""
    if event.first_diagnosis is None and not (event.to_name or event.first_doubted):
        raise PydanticCustomError("missing_below", "missing", {"field": "first_diagnosis"})
    return event


Event = Annotated[
    HospitalStay
    | Annotated[IllnessEvent, AfterValidator(_named)]
    | Annotated[AccidentEvent, AfterValidator(_of_its_outcome)],
    Field(discriminator="kind"),
]
