"""What proves an illness: the papers and tests of which one set must be there (R34)."""

import tomllib
from collections.abc import Iterable, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from rules.illnesses import illness_named

_OF_ANY = "illness_test"
"""What is asked for while the class of the illness is not known."""


class Proof(BaseModel):
    """One wanted proof, of which one alternative must be there whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    alternatives: Annotated[tuple[frozenset[str], ...], Field(min_length=1)]

    def is_shown(self, shown: Set[str]) -> bool:
        """Whether the kinds of paper and the tests there are hold one alternative."""
        return any(alternative <= shown for alternative in self.alternatives)


@cache
def proofs() -> Mapping[str, Proof]:
    """Every proof by its code."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Proof]).validate_python(tomllib.loads(text))


def missing_proof(illnesses: Iterable[str], shown: Set[str]) -> str | None:
    """The code of the proof that is wanted; None if one of these illnesses is proved."""
    named = filter(None, map(illness_named, illnesses))
    wanted = [illness.proof for illness in named] or [_OF_ANY]
    if any(proofs()[code].is_shown(shown) for code in wanted):
        return None
    return wanted[0]
