"""Signs of an exclusion in what papers say: a person then looks, no machine refuses (R33)."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rules.illnesses import is_within
from rules.plans import Plan
from rules.plans.shape import Exclusion

# A sign right after one of these says the contrary: 否认酒后驾驶, 未发现自残.
_DENIED = re.compile(r"(?:否认|排除|不属于|并非|没有|未发现|未见|无)[^，。；,;]{0,4}$")


class Sign(NamedTuple):
    """What may be excluded, and the words or the code that say so, as they are written."""

    exclusion: Exclusion
    quoted: str


def signs_in_text(plan: Plan, text: str) -> Iterator[Sign]:
    """Words of an accident statement, a police finding or a diagnosis; one sign an exclusion."""
    # Nearly all texts hold none of the words; one search for all of them is faster than many.
    if not _any_word(tuple(exclusion.words for exclusion in plan.exclusions)).search(text):
        return
    for exclusion in plan.exclusions:
        for word in exclusion.words:
            if _says(text, word):
                yield Sign(exclusion, word)
                break


def signs_in_code(plan: Plan, icd10: str) -> Iterator[Sign]:
    """The exclusions whose ranges hold this diagnosis code."""
    code = icd10.strip().upper()
    for exclusion in plan.exclusions:
        if is_within(code, exclusion.icd10):
            yield Sign(exclusion, code)


@cache
def _any_word(words: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for some in words for word in some) or r"(?!)")


def _says(text: str, word: str) -> bool:
    found = (match.start() for match in re.finditer(re.escape(word), text))
    return any(not _DENIED.search(text[:at]) for at in found)
