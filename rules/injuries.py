"""Injuries among diagnoses: what suggests that an accident happened."""

import re
import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rules.illnesses import is_within


class _Injuries(BaseModel):
    """Codes and patterns of diagnoses that suggest one; a word counts unless `but_not` stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    icd10: tuple[str, ...]
    words: tuple[str, ...]
    but_not: tuple[str, ...]


def is_injury(text: str, icd10: str) -> bool:
    """Whether the diagnosis, by its code or its words, may be what an accident did."""
    if is_within(icd10.strip().upper(), _injuries().icd10):
        return True
    said, denied = _patterns()
    return said.search(text) is not None and denied.search(text) is None


@cache
def _injuries() -> _Injuries:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return _Injuries.model_validate(tomllib.loads(text))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = _injuries()
    return re.compile("|".join(known.words)), re.compile("|".join(known.but_not))
