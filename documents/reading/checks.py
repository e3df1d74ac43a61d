"""What a number says about itself: check digits of ID and card numbers, and the days of a stay."""

from datetime import date
from functools import lru_cache

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

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
