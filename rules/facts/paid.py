"""What was paid before for a member, and what pays nothing alone but may be half of another."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from rules.facts.case_fields import Day, FactMoney, Flag, PaidDays, Text, unless
from rules.facts.events import AccidentOutcome, Part


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
    continues: Annotated[Flag, unless(False)] = False
    parts: Annotated[tuple[Part, ...], unless(())] = ()


@dataclass(frozen=True, slots=True)
class PaidIllness:
    """A critical illness paid earlier."""

    illness: Text
    diagnosed_on: Day
    amount: FactMoney
    benefit: Literal["critical_illness"] = "critical_illness"


@dataclass(frozen=True, slots=True)
class PaidAccident:
    """An accident paid earlier; `same_as` is the day that names the accident it belongs to, that of
    the outcome decided first (R30)."""

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
