"""The facts a verdict rests on, in the words of the office and as a case writes them.

What is None is not written. `kind` and `benefit` tell the classes apart when a case is read.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, TypeVar

from pydantic import AfterValidator, ConfigDict, with_config

from language import N_, _
from rules.facts.case_fields import Day, SaidText, Shares, Text, unless
from rules.facts.events import Event
from rules.facts.paid import Paid
from rules.verdict import Code


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"


SEX_WORDS: dict[str, str] = {Sex.FEMALE: N_("女"), Sex.MALE: N_("男")}


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
    shares: Annotated[Shares, unless(1)] = 1
    handed_in_on: Day | None = None


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
    payee: Annotated[PayeeKind, unless(PayeeKind.MEMBER)] = PayeeKind.MEMBER
    answers: Annotated[tuple[Answered, ...], unless(())] = ()
