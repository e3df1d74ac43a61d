"""Check digits of the numbers of a person: the identity number and the bank card."""

from datetime import date
from functools import lru_cache

from stdnum import luhn
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_2


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


_EARLIEST_BIRTH = 1900


@lru_cache(maxsize=100)
def id_number_passes(number: str) -> bool:
    """GB 11643: check digit and a real birth date; the place is not looked at.

    County codes change, and members keep numbers of counties that are long gone.
    """
    if len(number) != 18 or not number[:17].isdigit() or number[17] not in "0123456789X":
        return False
    return birth_date(number) is not None and bool(mod_11_2.is_valid(number))


def birth_date(number: str) -> date | None:
    """The birth date inside an 18-digit ID number, None where it is no date."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= _EARLIEST_BIRTH else None


def id_check_digit(first_17: str) -> str:
    """The last character GB 11643 asks for after these 17 digits."""
    return str(mod_11_2.calc_check_digit(first_17))


@lru_cache(maxsize=100)
def card_number_passes(number: str) -> bool:
    """16 to 19 digits whose last is the Luhn digit of the others."""
    return 16 <= len(number) <= 19 and bool(luhn.is_valid(number))
