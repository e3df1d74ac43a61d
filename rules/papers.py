"""The papers each benefit asks for, as data, and which of them a claim cannot do without."""

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from language import _
from rules.errors import BadInput


class Circumstance(StrEnum):
    """What makes a paper a must that otherwise is only welcome."""

    ELSEWHERE = "elsewhere"
    IN_HOSPITAL = "in_hospital"
    TRAFFIC = "traffic"
    ASKED_FOR = "asked_for"


@dataclass(frozen=True, slots=True)
class Paper:
    """One wanted paper: any of its kinds will do; without a required one the claim waits."""

    kinds: tuple[str, ...]
    name: str
    needs: str
    who: Literal["member", "payee"]
    required: bool


class _PaperRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    name: str
    when: Literal["always"] | Circumstance
    needs: str = ""
    who: Literal["member", "payee"] = "member"


def wanted(benefit: str, circumstances: Set[str] = frozenset()) -> list[Paper]:
    """The papers of one heading of the table, such as hospital_allowance or disability."""
    rows = _rows().get(benefit)
    if rows is None:
        raise BadInput(_("没有这项待遇：%(benefit)s") % {"benefit": benefit})
    return [
        Paper(row.kinds, row.name, row.needs, row.who, row.when in {"always", *circumstances})
        for row in rows
    ]


def headings() -> list[str]:
    """What the table has papers for."""
    return list(_rows())


@cache
def _rows() -> Mapping[str, list[_PaperRow]]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, list[_PaperRow]]).validate_python(tomllib.loads(text))
