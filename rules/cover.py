"""Cover periods: which one an event falls into, and since when waiting days have been running."""

from calendar import monthrange
from datetime import date

from rules.facts import CoverPeriod
from rules.plans import Plan
from rules.renewal import continued_from


def covering(coverages: tuple[CoverPeriod, ...], on: date) -> CoverPeriod | None:
    """The period that holds this day, both ends inclusive (R8)."""
    for period in coverages:
        if period.start <= on <= period.end:
            return period
    return None


def chain_start(plan: Plan, coverages: tuple[CoverPeriod, ...], period: CoverPeriod) -> date:
    """The first day of the unbroken renewals that lead to this period (R10)."""
    start = period.start
    for earlier in reversed(coverages):
        if earlier.start < start:
            if earlier.end < continued_from(plan, start):
                break
            start = earlier.start
    return start


def age_on(birth: date, on: date) -> int:
    """Full years; a birthday counts from its own day, 29 February from 1 March."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def later_by_years(day: date, than: date, years: int) -> bool:
    """Whether over so many years lie between."""
    return day > last_day_of_years(than, years)


def last_day_of_years(day: date, years: int) -> date:
    """The day on which so many years end; from 29 February it is the 28th (民法典 202)."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
