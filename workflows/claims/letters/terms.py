"""When a letter of a claim is issued, and the last day on which it can be answered."""

from datetime import date, timedelta

from models import Letter
from workflows.engine.office import BEIJING, Office


def issued_on(letter: Letter) -> date:
    """The day that stands on the letter."""
    return letter.wanted_at.astimezone(BEIJING).date()


def last_day_to_hand_in(office: Office, letter: Letter) -> date:
    """The last day on which the papers that the letter asks for may come."""
    return issued_on(letter) + timedelta(days=office.settings.supplement_days)


def last_day_to_object(office: Office, letter_on: date) -> date:
    """The last day on which what a letter of this day decides may be objected to."""
    return letter_on + timedelta(days=office.settings.object_days)
