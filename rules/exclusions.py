"""Signs of an exclusion in what papers say: a person then looks, no machine refuses (R33)."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rules import plans
from rules.facts import ExclusionSign
from rules.illnesses import is_within
from rules.plans import Plan
from rules.plans.shape import Exclusion

# Directly before a sign these say the contrary: 否认酒后驾驶. 无证、醉酒 denies nothing.
_DENIED = re.compile(
    r"(?:否认|排除|并非|没有|未(?:发现|见)?|不(?:属于|是)?|无)(?:有|任何|明显的?|存在)?$"
)
# What is denied may be a list: 排除自杀、自残.
_LISTED = re.compile(r"(?:否认|排除|未发现|未见)[^，。；,;]*[、或及和]$")


class Sign(NamedTuple):
    """What may be excluded, and the words or the code that say so, as they are written."""

    exclusion: Exclusion
    quoted: str


@cache
def of_all_plans() -> tuple[Exclusion, ...]:
    """The exclusions of every plan, each list of words and codes once: papers are read before it is
    known which plans answer for them."""
    found = {
        (each.code, each.words, each.icd10): each
        for plan in plans.available()
        for each in plan.exclusions
    }
    return tuple(found.values())


def concerns(plan: Plan, sign: ExclusionSign) -> bool:
    """Whether the plan has this exclusion, and the words or the code are a sign of it by its list.

    What a person named and no plan lists is asked about under each.
    """
    own = [each for each in plan.exclusions if each.code == sign.exclusion]
    if not own or sign.words is None:
        return bool(own) or all(each.code != sign.exclusion for each in of_all_plans())
    found = (*signs_in_text(own, sign.words), *signs_in_code(own, sign.words))
    return len(found) > 0


def signs_in_text(exclusions: Sequence[Exclusion], text: str) -> Iterator[Sign]:
    """Words of an accident statement, a police finding or a diagnosis; one sign an exclusion."""
    # Nearly all texts hold no word of any plan; one search for all is faster than many.
    if not _any_word().search(text):
        return
    for exclusion in exclusions:
        if said := _said(text, exclusion.words):
            yield Sign(exclusion, said)


def signs_in_code(exclusions: Sequence[Exclusion], icd10: str) -> Iterator[Sign]:
    """The exclusions whose ranges hold this diagnosis code."""
    code = icd10.strip().upper()
    for exclusion in exclusions:
        if is_within(code, exclusion.icd10):
            yield Sign(exclusion, code)


@cache
def _any_word() -> re.Pattern[str]:
    return _pattern(tuple(word for each in of_all_plans() for word in each.words))


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words) or r"(?!)")


def _said(text: str, words: tuple[str, ...]) -> str | None:
    """The first of the words that the text says and does not deny."""
    denied_to = 0
    for match in _pattern(words).finditer(text):
        before = text[: match.start()]
        goes_on = denied_to and _LISTED.search(before) and len(before) == denied_to + 1
        if not goes_on and not _DENIED.search(before):
            return match[0]
        denied_to = match.end()
    return None
