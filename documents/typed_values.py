"""Dates, numbers and sums as people type them: full width, with spaces, with any usual sign.

Every form and field that takes one reads it here.
"""

import re
from datetime import date

from documents.plain_text import squeezed

# Other years are slips of the hand: 20260-07-01, 0026-07-01.
_YEARS = range(1900, 2200)

_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?|(\d\d)(\d\d))", re.ASCII)


def typed_day(text: str) -> date | None:
    """2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日 or 20260302; None where it is no day."""
    match = _DAY.fullmatch(squeezed(text))
    if match is None or int(match[1]) not in _YEARS:
        return None
    try:
        return date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
    except ValueError:
        return None


def typed_number(text: str) -> str:
    """An ID, card or phone number in half width and capitals, without the signs that group it."""
    return squeezed(text).replace("-", "").replace(".", "").upper()


def typed_sum(text: str) -> str:
    """An amount in yuan without its sign, its word and the commas between thousands."""
    return squeezed(text).strip("¥").removesuffix("元").replace(",", "")
