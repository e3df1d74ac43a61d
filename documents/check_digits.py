"""Checks the ID number and the bank card number of a person, and reads birth date and sex."""

from datetime import date
from functools import lru_cache

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from rules.facts import Sex

CARD_DIGITS = (16, 19)
"""The fewest and the most digits of the cards of the union's banks."""
_EARLIEST_BIRTH = 1900


@lru_cache(maxsize=100)
def id_number_is_valid(text: str) -> bool:
    """GB 11643: eighteen places, a date of birth from 1900 on, and the right check digit.

    The county code is not checked: many people are older than the code of their number. The
    caller checks that the date of birth is not in the future.
    """
    return is_id_number_shaped(text) and has_birth_date(text) and bool(mod_11_2.is_valid(text))


def is_id_number_shaped(text: str) -> bool:
    """Eighteen places: digits, and a digit or a capital X at the end."""
    return len(text) == 18 and text.isascii() and text[:17].isdigit() and text[17] in "0123456789X"


def has_birth_date(id_number: str) -> bool:
    """Whether places 7 to 14 are a day of the calendar, from 1900 on."""
    try:
        return birth_date_of(id_number).year >= _EARLIEST_BIRTH
    except ValueError:
        return False


def birth_date_of(id_number: str) -> date:
    """The date of birth in a valid number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def sex_of(id_number: str) -> Sex:
    """The sex in a valid number: its seventeenth digit is odd for men."""
    return Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE


def id_check_digit(first_17: str) -> str:
    """The last character GB 11643 asks for after these 17 digits."""
    return str(mod_11_2.calc_check_digit(first_17))


def is_card_number_shaped(text: str) -> bool:
    """So many digits as the cards of the union's banks have."""
    least, most = CARD_DIGITS
    return least <= len(text) <= most and text.isascii() and text.isdigit()


@lru_cache(maxsize=100)
def card_number_is_valid(text: str) -> bool:
    """ISO/IEC 7812: 16 to 19 digits, the last one by Luhn."""
    return is_card_number_shaped(text) and bool(luhn.is_valid(text))


def is_date(text: str) -> bool:
    """Whether the text is a day of the calendar, written as 2026-03-02."""
    try:
        # Other spellings of ISO 8601 are rejected: a date has one form here.
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
