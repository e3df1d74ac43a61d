"""Whether two events may be one and the same, or two halves of one."""

from datetime import timedelta

from rules.facts import AccidentEvent, Event, HospitalStay, IllnessEvent


def is_one(one: Event, other: Event, within: int) -> bool:
    """Stays that overlap or follow within so many days (R7), accidents of a day, one diagnosis."""
    match one, other:
        case HospitalStay(), HospitalStay():
            gap = timedelta(within)
            return one.on <= other.ended_on + gap and other.on <= one.ended_on + gap
        case (AccidentEvent(), AccidentEvent()) | (IllnessEvent(), IllnessEvent()):
            return one.on == other.on
        case _:
            return False
