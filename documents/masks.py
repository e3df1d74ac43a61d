"""Masks numbers: people can still recognise them but not use them."""

import re
from collections.abc import Callable
from unicodedata import decimal

_LISTING = ",\uff0c\u3001;\uff1b%\uff05"
"""What also stands between the members of a list, as in 12\u300113\u300114."""
_GAP = (
    rf"(?:(?:[^\w{_LISTING}]|_){{0,3}}"
    rf"|(?<=\d{{3}})(?=[\W_]{{0,2}}[{_LISTING}])[\W_]{{1,3}}(?=\d{{3}}))"
)
"""Up to three signs between the groups of a number; those of a list only where both groups have
three digits."""
_OURS = r"(?:(?:HZ|CB|JZ)20\d{8,10}|B20\d{6}-\d\d)(?!\d)"
_LONG_NUMBER = re.compile(
    rf"(?P<ours>{_OURS})|\d(?:{_GAP}\d){{10,}}(?:[\W_]?[Xx\uff38\uff58](?![A-Za-z]))?"
)
_DATE = r"(?:19|20)\d\d(?:-\d\d?-|/\d\d?/|\.\d\d?\.)\d\d?"
_AMOUNT = r"(?:\d{1,8}|\d{1,3}(?:,\d{3}){1,2})\.\d\d"
_TIME = r"(?:[01]?\d|2[0-3])[:\uff1a][0-5]\d(?:[:\uff1a][0-5]\d)?"
_NO_NUMBER = re.compile(
    rf"(?:{_DATE}|{_TIME}|{_AMOUNT})(?:[\W_]{{1,3}}(?:{_DATE}|{_TIME}|{_AMOUNT}))*", re.ASCII
)


def mask_numbers(text: str) -> str:
    """Text that people wrote, with each ID, card and phone number in it masked.

    Eleven digits or more are such a number, also in groups and in full-width digits. Dates,
    times, amounts with cents and the numbers of our claims, rosters, relief applications and
    batches stay.
    """
    return _LONG_NUMBER.sub(_mask_found, text)


def _mask_found(found: re.Match[str]) -> str:
    if found["ours"] or _NO_NUMBER.fullmatch(found[0]):
        return found[0]
    number = "".join(_plain(char) for char in found[0])
    mask: Callable[[str], str] = mask_phone if len(number) == 11 else mask_card
    return mask(number)


def _plain(char: str) -> str:
    if char in "Xx\uff38\uff58":
        return "X"
    return str(decimal(char)) if char.isdecimal() else ""


def mask_name(name: str) -> str:
    """Family name and as many stars as there are characters left: 张**."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def mask_id(number: str) -> str:
    """220102199003071524 -> 2201**********1524."""
    return _mask(number, 4, 4, len(number) - 8)


def mask_card(number: str) -> str:
    """6217 and 0042 with always four stars between, so that the length is hidden too."""
    return _mask(number, 4, 4, 4)


def mask_phone(number: str) -> str:
    """13812341234 -> 138****1234."""
    return _mask(number, 3, 4, len(number) - 7)


def _mask(number: str, head: int, tail: int, stars: int) -> str:
    # A text less than four characters longer than its visible part is hidden completely.
    if len(number) < head + tail + 4:
        return "*" * len(number)
    return number[:head] + "*" * stars + number[-tail:]
