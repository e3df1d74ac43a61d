"""What a plan file must hold: every figure beside its article, every ruling beside its reason."""

from datetime import date
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.dataclasses import dataclass

from language import _
from rules.errors import BadInput
from rules.facts import Rank
from rules.money import Fen, fen

T = TypeVar("T")
N = TypeVar("N", bound=int)


STRICT = ConfigDict(extra="forbid", strict=True)
"""An unknown key or a value of another type is an error."""


def _read_money(value: object) -> Fen:
    if not isinstance(value, str):
        raise ValueError(_('金额须写成带引号的文字，如 "50.00"'))
    try:
        return fen(value)
    except BadInput as error:
        raise ValueError(str(error)) from None


def _read_percent(value: object) -> int:
    return int(_read_money(value))


PlanText = Annotated[str, StringConstraints(min_length=1)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
ArticleNumber = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?(\.[1-9][0-9]?)*$")]
PlanMoney = Annotated[Fen, BeforeValidator(_read_money), Field(ge=1, le=100_000_000)]
BasisPoints = Annotated[int, BeforeValidator(_read_percent), Field(ge=1, le=10_000)]
PlanPercent = Annotated[int, Field(ge=1, le=100)]
PlanLevel = Annotated[int, Field(ge=1, le=3)]
Count = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=0, le=3660)]
Age = Annotated[int, Field(ge=0, le=120)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Marked:
    """What stands beside each figure; what is not confirmed must say what is not known."""

    article: ArticleNumber
    confirmed: bool = True
    note: str = ""

    @model_validator(mode="after")
    def _explain_doubt(self) -> Self:
        if not self.confirmed and not self.note:
            raise ValueError(_("confirmed = false 须有 note 说明"))
        return self

    @property
    def doubt(self) -> str:
        """What is not known of the figure; empty if it is confirmed."""
        return "" if self.confirmed else self.note


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Figure(Marked, Generic[T]):
    """A figure of the notice and the article it stands in."""

    value: T


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Limit(Marked, Generic[N]):
    """A figure that may be absent: without a value there is no limit.

    Of a limit that is absent and unconfirmed, `otherwise` is the limit under the other reading:
    where that would have cut, or where it is not known either, the verdict says so.
    """

    value: N | None = None
    otherwise: N | None = None

    def doubtful_beyond(self, used: int) -> bool:
        """Whether paying up to `used` rests on the unconfirmed absence of a limit."""
        if self.value is not None or self.confirmed:
            return False
        return self.otherwise is None or used > self.otherwise


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Ruling(Generic[T]):
    """How the office reads the notice where it is silent or can be read two ways."""

    id: Annotated[str, StringConstraints(pattern=r"^R[0-9]+$")]
    question: PlanText
    value: T
    reading: PlanText
    other: str
    reason: PlanText
    article: ArticleNumber
    confirmed: bool
    decided_on: date


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Rulings:
    """R1 to R26; a Literal with one word is a reading of which no other is programmed."""

    first_day: Ruling[Literal["threshold", "deduct"]]
    days: Ruling[Literal["discharge_minus_admission"]]
    day_cap: Ruling[Annotated[int, Field(ge=1, le=366)]]
    floor: Ruling[Literal["each_stay"]]
    stays: Ruling[Literal["first_received", "not_counted"]]
    local: Ruling[Literal["city_of_medical_insurance"]]
    transfer: Ruling[Annotated[int, Field(ge=0, le=30)]]
    period: Ruling[Literal["admission"]]
    windows: Ruling[Literal["start_is_day_one"]]
    renewal: Ruling[Annotated[int, Field(ge=0, le=366)]]
    once: Ruling[Literal["once_a_period_each_illness_once"]]
    several: Ruling[Literal["one_payment"]]
    diagnosed: Ruling[tuple[Word, ...]]
    both: Ruling[Literal["both_paid"]]
    cause: Ruling[tuple[Literal["illness", "accident"], ...]]
    schedule: Ruling[Literal["jrt_0083_2013"]]
    forty: Ruling[Literal["disability_only"]]
    then_death: Ruling[Literal["difference"]]
    burns: Ruling[Literal["trade_table"]]
    day_180: Ruling[Annotated[int, Field(ge=1, le=730)]]
    late: Ruling[Annotated[int, Field(ge=1, le=20)]]
    age: Ruling[Literal["on_start_date"]]
    leaving: Ruling[Literal["cover_stays"]]
    two_hundred: Ruling[Literal["eighty_percent"]]
    payee: Ruling[Literal["heirs_by_hand"]]
    start: Ruling[Literal["day_after_full_fee"]]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class EnrolmentTerms:
    """Who may join, what he pays and who bears it."""

    fee: Limit[PlanMoney]
    subsidy: Figure[PlanMoney] | None = None
    term_years: Figure[Count]
    addition: Figure[Literal["own_term_full_fee"]]
    shares: Figure[Count]
    age_least: Figure[Age]
    age_most: Figure[Age]
    sex: Figure[Literal["F", "M"]] | None = None
    engaged_over_months: Figure[Count] | None = None
    everyone_below: Figure[Annotated[int, Field(ge=1)]] | None = None
    participation: Figure[PlanPercent] | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class HospitalAllowance:
    """A sum for each day in hospital."""

    hospital_level: Figure[PlanLevel]
    longer_than_days: Figure[Days]
    local_rate: Figure[PlanMoney]
    local_most: Figure[PlanMoney]
    elsewhere_rate: Figure[PlanMoney]
    elsewhere_most: Figure[PlanMoney]
    least: Figure[PlanMoney]
    stays: Limit[Count]
    period_most: Limit[PlanMoney]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Rates:
    """Percentages by the rank of the hospital; the same three times where rank does not matter."""

    province: BasisPoints
    city: BasisPoints
    district: BasisPoints

    @property
    def same(self) -> bool:
        return self.province == self.city == self.district

    def of(self, rank: Rank) -> int:
        match rank:
            case "province":
                return self.province
            case "city":
                return self.city
            case "district":
                return self.district


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MedicalExpense:
    """A percentage of what stands on the settlement sheet of each hospital."""

    basis: Figure[Literal["fund_paid", "own_share_above_deductible"]]
    rates: Figure[Rates]
    least: Figure[PlanMoney] | None = None
    stays: Limit[Count]
    period_most: Limit[PlanMoney]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Window:
    """From this day of cover on (start = day 1) a listed illness pays this for each share."""

    from_day: Annotated[int, Field(ge=1, le=3660)]
    pays: PlanMoney
    article: ArticleNumber


@dataclass(frozen=True, kw_only=True, config=STRICT)
class IllnessTerms:
    """A sum at the first diagnosis of a listed illness."""

    illnesses: Figure[Word]
    complete: Figure[bool]
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    waiting: Figure[Days]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class BurnStep:
    """From this share of the body surface on, this percentage of the sum."""

    from_percent: Annotated[int, Field(ge=1, le=100)]
    pays: PlanPercent


@dataclass(frozen=True, kw_only=True, config=STRICT)
class BurnTable:
    """Third-degree burns by place."""

    head: Annotated[tuple[BurnStep, ...], Field(min_length=1)]
    body: Annotated[tuple[BurnStep, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AccidentTerms:
    """A sum for each share at death, a part of it at disability or burns."""

    death: Figure[PlanMoney]
    disability: Figure[PlanMoney]
    disability_in_hospital: Figure[PlanMoney]
    grades: Figure[Annotated[tuple[PlanPercent, ...], Field(min_length=10, max_length=10)]]
    raised_by: Figure[Annotated[int, Field(ge=0, le=9)]]
    burns: Figure[BurnTable]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Exclusion:
    """A cause that a person, never the machine, decides to refuse.

    `words` and ICD-10 ranges are the signs that make a person look (R33).
    """

    code: Word
    name: PlanText
    article: ArticleNumber
    words: tuple[PlanText, ...] = ()
    icd10: tuple[PlanText, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Plan:
    """One dated edition of one product."""

    code: Word
    family: Word
    name: PlanText
    source: PlanText
    """Where the edition is known from, for the office."""
    cited: PlanText | None = None
    """The number of the document that letters cite; None: no numbered document is known."""
    effective_from: date
    effective_to: date | None = None
    enrolment: EnrolmentTerms
    hospital_allowance: HospitalAllowance | None = None
    medical_expense: MedicalExpense | None = None
    critical_illness: IllnessTerms | None = None
    accident: AccidentTerms | None = None
    exclusions: tuple[Exclusion, ...] = ()
    rulings: Rulings
