"""What happens to a member: a stay, an illness or an accident, as a case writes it."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from language import _
from rules.facts.case_fields import (
    Day,
    Degree,
    FactMoney,
    Flag,
    Grade,
    Level,
    PageNumber,
    Percent,
    Text,
    unless,
)
from rules.facts.one_body import beyond_the_whole, told_twice

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


BurnArea = Literal["head", "body"]
"""A row of the table of burns: head stands for head, neck and hands, body for the rest."""


@dataclass(frozen=True, slots=True)
class Burn:
    """One burnt region: its degree, its percentage of the whole body surface, and its name as the
    papers or a person wrote it."""

    area: BurnArea
    percent: Percent
    degree: Annotated[Degree, unless(3)] = 3
    place: Text | None = None


def _of_one_body(burns: tuple[Burn, ...]) -> tuple[Burn, ...]:
    """The burns, where they can be those of one person."""
    if place := told_twice(burns):
        raise PydanticCustomError("twice", _("同一部位填写了两次"), {"tag": place})
    if whole := beyond_the_whole(burns):
        raise PydanticCustomError("over", _("各部位面积相加超过 100%"), {"tag": f"{whole}%"})
    return burns


@dataclass(frozen=True, slots=True)
class AccidentEvent:
    """An accident with its outcome.

    A disability has grades, none of them where the appraiser found none; burns have their regions,
    or the area and percentage of the one burn of the third degree.
    Place and description are as the unit or the police wrote them.
    """

    happened_on: Day
    outcome: AccidentOutcome
    grades: tuple[Grade, ...] | None = None
    area: BurnArea | None = None
    percent: Percent | None = None
    burns: Annotated[tuple[Burn, ...], AfterValidator(_of_one_body), unless(())] = ()
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
    def burnt(self) -> tuple[Burn, ...]:
        """Each burnt region, also where a case tells the one by its area and percentage."""
        if self.area is None or self.percent is None:
            return self.burns
        return (Burn(self.area, self.percent),)

    @property
    def on(self) -> date:
        return self.happened_on

    @property
    def ended_on(self) -> date:
        return self.happened_on


def _of_its_outcome(event: AccidentEvent) -> AccidentEvent:
    """What is said of another outcome does not count: a person has overruled the outcome since."""
    is_burn = event.outcome is AccidentOutcome.BURN
    if event.outcome is AccidentOutcome.DISABILITY and event.grades is None:
        raise PydanticCustomError("missing_below", "missing", {"field": "grades"})
    if is_burn:
        _require_burns(event)
    return replace(
        event,
        grades=event.grades if event.outcome is AccidentOutcome.DISABILITY else None,
        area=event.area if is_burn else None,
        percent=event.percent if is_burn else None,
        burns=event.burns if is_burn else (),
    )


def _require_burns(event: AccidentEvent) -> None:
    """Either the regions, or the area and the percentage of the only one."""
    for name in ("area", "percent"):
        told = getattr(event, name)
        if told is None and not event.burns:
            raise PydanticCustomError("missing_below", "missing", {"field": name})
        if told is not None and event.burns:
            said = {"field": name, "tag": told}
            raise PydanticCustomError("both", _("已按部位填写 burns，不能再填此项"), said)


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
