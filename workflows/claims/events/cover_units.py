"""The unit of a claim: that of the member's cover on the day of the event (R32)."""

from collections.abc import Mapping, Sequence
from datetime import date

from models import CoverYear, Member, Unit
from rules import plans
from rules.owed import MAIN_PLAN

_DAYS = ("admitted_on", "happened_on", "diagnosed_on")


def unit_on(member: Member, day: date | None) -> Unit:
    """The unit of the cover on this day, the main plan's before others; else his unit of today."""
    year = _year_on(member, day)
    return year.unit if year else member.unit


def city_on(member: Member, day: date) -> str:
    """The city of the same cover; without cover that of his unit of today."""
    year = _year_on(member, day)
    return year.city if year else member.unit.city


def _year_on(member: Member, day: date | None) -> CoverYear | None:
    main = plans.load(MAIN_PLAN).family
    on_day = [each for each in member.coverages if day and each.starts_on <= day <= each.ends_on]
    covers = sorted(on_day, key=lambda each: each.family != main)
    return covers[0].cover_year if covers else None


def unit_of(member: Member, events: Sequence[Mapping[str, object]]) -> Unit:
    """The unit of the cover on the day of the first of these events that has one."""
    days = [found for event in events if (found := day_of(event))]
    return unit_on(member, days[0] if days else None)


def day_of(event: Mapping[str, object]) -> date | None:
    """The day of an event in the form the rules read; None where it is not known yet."""
    for name in _DAYS:
        try:
            return date.fromisoformat(str(event[name]))
        except (KeyError, ValueError):
            continue
    return None
