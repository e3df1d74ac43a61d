"""Who may join, what is due, and how long cover lasts: articles 2, 4.1 and 5, R22, R24, R26."""

from dataclasses import dataclass
from datetime import date, timedelta

from language import _
from rules.cover import age_on
from rules.errors import Refused
from rules.facts import Sex
from rules.money import Fen
from rules.plans import Plan


@dataclass(frozen=True)
class Fee:
    """What one member's shares cost, and how much of it the subsidy bears."""

    whole: Fen
    subsidy: Fen

    @property
    def own(self) -> Fen:
        """The part of the unit and its members."""
        return Fen(self.whole - self.subsidy)


def age_allows(plan: Plan, birth: date, start: date) -> bool:
    """R22: the age on the first day of cover, both ends inclusive."""
    terms = plan.enrolment
    return terms.age_least.value <= age_on(birth, start) <= terms.age_most.value


def sex_allows(plan: Plan, sex: Sex) -> bool:
    """Some plans are for women only."""
    return plan.enrolment.sex is None or plan.enrolment.sex.value == sex


def engagement_allows(plan: Plan, months: int) -> bool:
    """Article 2: temporary staff are engaged for over a year; twelve months are not over it."""
    limit = plan.enrolment.engaged_over_months
    return limit is None or months > limit.value


def must_enrol(plan: Plan, eligible: int) -> int:
    """Article 2, R24: how many of the eligible a unit must enrol at least."""
    terms = plan.enrolment
    if terms.everyone_below is not None and eligible < terms.everyone_below.value:
        return eligible
    share = terms.participation.value if terms.participation else 0
    return -(-eligible * share // 100)


def fee_for(plan: Plan, shares: int) -> Fee:
    """Article 4.1 for each share, article 5 for each member; Refused where no fee is known."""
    fee = plan.enrolment.fee.value
    if fee is None:
        raise Refused(
            _(
                "计划 %(code)s 的会费标准未定，不能按名册参保；请先核定会费并写入计划文件，"
                "已经生效的保障可用 huzhu take-over 接管"
            )
            % {"code": plan.code}
        )
    whole = Fen(fee * shares)
    subsidy = plan.enrolment.subsidy.value if plan.enrolment.subsidy else Fen(0)
    return Fee(whole, min(whole, subsidy))


def first_day(fee_complete_on: date, common_start: date | None = None) -> date:
    """R26: the day after the full fee has arrived, or the unit's common date if later."""
    day_after = fee_complete_on + timedelta(days=1)
    return day_after if common_start is None else max(day_after, common_start)


def last_day(plan: Plan, start: date) -> date:
    """The day before the first day's anniversary at the end of the term."""
    year = start.year + plan.enrolment.term_years.value
    if (start.month, start.day) == (2, 29):
        return date(year, 2, 28)
    return start.replace(year=year) - timedelta(days=1)
