"""Check digits of the numbers of a person: the identity number and the bank card."""

from datetime import date

from stdnum import luhn
from stdnum.cn import ric


def id_number_is_valid(text: str) -> bool:
    """GB 11643: the check digit and the date of birth decide.

    The place is not asked: many people are older than the county code their number begins with.
    """
    return (
        is_id_number_shaped(text)
        and text[17] == ric.calc_check_digit(text)
        and is_date(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    )


def birth_date_of(id_number: str) -> date:
    """The date of birth in a valid number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def card_number_is_valid(text: str) -> bool:
    """ISO/IEC 7812: 16 to 19 digits, the last one by Luhn."""
    return text.isascii() and text.isdigit() and 16 <= len(text) <= 19 and luhn.is_valid(text)


def is_id_number_shaped(text: str) -> bool:
    """Eighteen places, all digits but perhaps the last."""
    return len(text) == 18 and text.isascii() and text[:17].isdigit()


def is_date(text: str) -> bool:
    """Whether the text is a day of the calendar, written as 2026-03-02."""
    try:
        # Other spellings of ISO 8601 are not taken: a date has one form here.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
