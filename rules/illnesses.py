"""The illnesses the plans name, and which of them an ICD-10 code suggests."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter


class Illness(BaseModel):
    """One class of a list; `only_with` is the treatment without which it is not meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    icd10: tuple[str, ...]
    without: tuple[str, ...] = ()
    only_with: str = ""


@cache
def lists() -> Mapping[str, Mapping[str, Illness]]:
    """Each list by its name, each illness by its code."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    read = TypeAdapter(dict[str, list[Illness]]).validate_python(tomllib.loads(text))
    return {name: {illness.code: illness for illness in found} for name, found in read.items()}


def illness_name(code: str) -> str:
    """What people call the illness, whatever list it stands on; a word of no list as it is."""
    return next((found[code].name for found in lists().values() if code in found), code)


def suggest(icd10: str, name: str) -> list[Illness]:
    """The classes of this list that a diagnosis code may mean; a person decides."""
    code = icd10.strip().upper()
    return [
        illness
        for illness in lists()[name].values()
        if is_within(code, illness.icd10) and not is_within(code, illness.without)
    ]


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
