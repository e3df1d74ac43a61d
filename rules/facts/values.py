"""The facts a verdict rests on, in the words of the office; nothing here decides."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rules.money import Fen

Rank = Literal["province", "city", "district"]
"""Whose hospital it is; some optional plans pay by it."""

RANKS: tuple[Rank, ...] = ("province", "city", "district")

CAUSES = ("illness", "accident")
"""What a stay is caused by; any other word is for a person to read."""


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
    birth_date: date
    sex: Sex


@dataclass(frozen=True, slots=True)
class CoverPeriod:
    """One cover period; both days inclusive."""

    start: date
    end: date
    shares: int = 1


@dataclass(frozen=True, slots=True)
class Hospital:
    """As the papers name it; None means the papers do not say, and the register is asked."""

    name: str
    city: str | None = None
    level: int | None = None
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the settlement sheet of one hospital says; None is a sum that was not read."""

    fund_paid: Fen | None = None
    own_share: Fen | None = None
    deductible: Fen | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The days in one hospital."""

    hospital: Hospital
    admitted_on: date
    discharged_on: date
    settlement: Settlement = Settlement()


@dataclass(frozen=True, slots=True)
class HospitalStay:
    """A stay, moved between hospitals or not; parts in order of date."""

    cause: str
    parts: tuple[Part, ...]
    exclusion: str | None = None

    @property
    def on(self) -> date:
        """The day that chooses the cover period (R8)."""
        return self.parts[0].admitted_on

    @property
    def ended_on(self) -> date:
        """The day the time limit runs from (R21)."""
        return self.parts[-1].discharged_on


@dataclass(frozen=True, slots=True)
class IllnessEvent:
    """A diagnosis of one illness or several at once (R12)."""

    illnesses: tuple[str, ...]
    diagnosed_on: date
    first_diagnosis: bool
    exclusion: str | None = None

    @property
    def on(self) -> date:
        return self.diagnosed_on

    @property
    def ended_on(self) -> date:
        return self.diagnosed_on


@dataclass(frozen=True, slots=True)
class Burn:
    """A third-degree burn: head, neck and hands count as head."""

    area: Literal["head", "body"]
    percent: Decimal


@dataclass(frozen=True, slots=True)
class AccidentEvent:
    """An accident with its outcome; no grades means the appraiser found none."""

    happened_on: date
    outcome: AccidentOutcome
    grades: tuple[int, ...] = ()
    burn: Burn | None = None
    in_hospital_for_illness: bool = False
    treatment_ended: bool = True
    exclusion: str | None = None

    @property
    def on(self) -> date:
        return self.happened_on

    @property
    def ended_on(self) -> date:
        return self.happened_on


Event = HospitalStay | IllnessEvent | AccidentEvent


@dataclass(frozen=True, slots=True)
class PaidStay:
    """A stay paid earlier: by the day, or by what its settlement sheet said."""

    admitted_on: date
    paid_days: int
    amount: Fen
    benefit: Literal["hospital_allowance", "medical_expense"] = "hospital_allowance"


@dataclass(frozen=True, slots=True)
class PaidIllness:
    """A critical illness paid earlier."""

    illness: str
    diagnosed_on: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class PaidAccident:
    """An accident paid earlier."""

    happened_on: date
    outcome: AccidentOutcome
    amount: Fen


Paid = PaidStay | PaidIllness | PaidAccident


@dataclass(frozen=True, slots=True)
class Facts:
    """One claim as the rules see it.

    `coverages` are all periods of the member under the plan, whatever their edition, oldest first
    and without overlap; `history` is what was paid before under it, in order of receipt.
    `member` and `unit_city` are None for a person on no roster, who has no cover either.
    """

    plan: str
    received_on: date
    member: MemberFacts | None
    unit_city: str | None
    coverages: tuple[CoverPeriod, ...]
    history: tuple[Paid, ...]
    event: Event
    payee: PayeeKind = PayeeKind.MEMBER
