"""Who may join and when cover starts: articles 2, 4.1 and 5 with R22, R24 and R26."""

from datetime import date, timedelta

from rules.cover import age_on
from rules.facts import Sex
from rules.plans import Plan


def age_allows(plan: Plan, birth: date, start: date) -> bool:
    """R22: the age on the first day of cover, both ends inclusive."""
    terms = plan.enrolment
    return terms.age_least.value <= age_on(birth, start) <= terms.age_most.value


def sex_allows(plan: Plan, sex: Sex) -> bool:
    """Some plans are for women only."""
    return plan.enrolment.sex is None or plan.enrolment.sex.value == sex


def engagement_allows(plan: Plan, months: int) -> bool:
    """Article 2: temporary staff engaged for so long; a year to the day is in doubt for them."""
    least = plan.enrolment.engaged_over_months
    return least is None or months >= least.value


def must_enrol(plan: Plan, eligible: int) -> int:
    """Article 2, R24: how many of the eligible a unit must enrol at least."""
    terms = plan.enrolment
    if terms.everyone_below is not None and eligible < terms.everyone_below.value:
        return eligible
    share = terms.participation.value if terms.participation else 0
    return -(-eligible * share // 100)


def first_day(fee_complete_on: date, common_start: date | None = None) -> date:
    """R26: the day after the full fee has arrived, or the unit's common date if later."""
    day_after = fee_complete_on + timedelta(days=1)
    return day_after if common_start is None else max(day_after, common_start)
