"""The illnesses the plans name, and which of them a diagnosis suggests."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Set
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Illness(BaseModel):
    """One class of a list.

    `words` are patterns of diagnoses that suggest it, unless one of `but_not` stands there too.
    With `with_papers`, one of these papers or tests must be there, unless the diagnosis itself
    tells of the treatment, by `told_words` or `told_icd10`. `proof` names what proves it. A list
    without this class may have the wider one that it `counts_as`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    icd10: tuple[str, ...]
    proof: str
    counts_as: str | None = None
    words: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    with_papers: frozenset[str] = frozenset()
    told_words: tuple[str, ...] = ()
    told_icd10: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@cache
def lists() -> Mapping[str, Mapping[str, Illness]]:
    """Each list by its name, each illness by its code."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    read = TypeAdapter(dict[str, list[Illness]]).validate_python(tomllib.loads(text))
    return {name: {illness.code: illness for illness in found} for name, found in read.items()}


def illness_named(code: str) -> Illness | None:
    """The illness of this code, on any of the lists."""
    return next((found[code] for found in lists().values() if code in found), None)


def listed_as(code: str, known: Mapping[str, Illness]) -> str | None:
    """The class of the list that the illness is: its own, or the wider one it counts as."""
    if code in known:
        return code
    illness = illness_named(code)
    return illness.counts_as if illness and illness.counts_as in known else None


def illness_name(code: str) -> str:
    """What people call the illness; a word of no list as it is."""
    illness = illness_named(code)
    return illness.name if illness else code


def suggested(diagnoses: Iterable[tuple[str, str]], shown: Set[str], *names: str) -> list[Illness]:
    """The classes of these lists that the words or codes of the diagnoses may mean.

    Each diagnosis is its text and its ICD-10 code, empty where none is printed; `shown` are the
    kinds of paper and the tests there are. A person decides.
    """
    # Most diagnoses have no code and mean none: one pattern for all words is faster than each.
    diagnoses = [(text, code) for text, code in diagnoses if code or _any_word().search(text)]
    return [
        illness
        for name in names
        for illness in lists()[name].values()
        if any(_is_meant(illness, text, code, shown) for text, code in diagnoses)
    ]


@cache
def _any_word() -> re.Pattern[str]:
    of_lists = (illness for found in lists().values() for illness in found.values())
    words = (word for each in of_lists for word in (*each.words, *each.told_words))
    return re.compile("|".join(words))


def _is_meant(illness: Illness, text: str, icd10: str, shown: Set[str]) -> bool:
    if any(re.search(word, text) for word in illness.but_not):
        return False
    if is_within(icd10.strip().upper(), illness.without):
        return False
    if _says(illness.told_words, illness.told_icd10, text, icd10):
        return True
    is_treated = not illness.with_papers or bool(illness.with_papers & shown)
    return is_treated and _says(illness.words, illness.icd10, text, icd10)


def _says(words: tuple[str, ...], ranges: tuple[str, ...], text: str, icd10: str) -> bool:
    by_code = is_within(icd10.strip().upper(), ranges)
    return by_code or any(re.search(word, text) for word in words)


def is_within(code: str, ranges: tuple[str, ...]) -> bool:
    """Whether an ICD-10 code lies in one of the ranges.

    A range covers its ends with all their sub-codes: I60-I64 holds I64.9.
    """
    for each in ranges:
        first, _, last = each.partition("-")
        last = last or first
        if first <= code[: len(first)] and code[: len(last)] <= last:
            return True
    return False
