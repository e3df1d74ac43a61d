"""Whether two events may be one and the same, or two halves of one."""

from collections.abc import Collection
from datetime import date, timedelta

from rules.facts import AccidentEvent, Event, HospitalStay, IllnessEvent, PaidStay

_Span = tuple[date, date]


def is_one(one: Event, other: Event, within: int, between: Collection[PaidStay]) -> bool:
    """Stays that overlap or follow within so many days (R7), by themselves or through the stays
    between them; accidents of a day, one diagnosis."""
    match one, other:
        case HospitalStay(), HospitalStay():
            gap = timedelta(within)
            end = (other.on, other.ended_on)
            return any(_meet(span, end, gap) for span in _reached(one, between, gap))
        case (AccidentEvent(), AccidentEvent()) | (IllnessEvent(), IllnessEvent()):
            return one.on == other.on
        case _:
            return False


def meets(event: Event, stay: PaidStay, within: int) -> bool:
    """Whether the event is a stay that this one overlaps, or follows within so many days."""
    ended_on = stay.discharged_on or stay.admitted_on
    span = (stay.admitted_on, ended_on)
    return isinstance(event, HospitalStay) and _meet(
        (event.on, event.ended_on), span, timedelta(within)
    )


def _reached(stay: HospitalStay, between: Collection[PaidStay], gap: timedelta) -> list[_Span]:
    """The days of the stay, and of those that it meets one through another."""
    reached = [(stay.on, stay.ended_on)]
    left = {(each.admitted_on, each.discharged_on or each.admitted_on) for each in between}
    for span in reached:
        met = {each for each in left if _meet(span, each, gap)}
        reached.extend(met)
        left -= met
    return reached


def _meet(one: _Span, other: _Span, gap: timedelta) -> bool:
    return one[0] <= other[1] + gap and other[0] <= one[1] + gap
