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
from rules.facts import AccidentEvent, AccidentOutcome, Facts, IllnessEvent
from rules.hospitals import Register, shipped

ARTICLE = "6"


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


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    name: str
    when: Literal["always"] | Circumstance
    needs: str = ""
    who: Literal["member", "payee"] = "member"


def wanted(benefit: str, circumstances: Set[str] = frozenset()) -> list[Paper]:
    """The papers of a benefit: hospital_allowance, critical_illness, disability or death."""
    rows = _rows().get(benefit)
    if rows is None:
        raise BadInput(_("没有这项待遇：%(benefit)s") % {"benefit": benefit})
    return [
        Paper(row.kinds, row.name, row.needs, row.who, row.when in {"always", *circumstances})
        for row in rows
    ]


def heading(facts: Facts) -> str:
    """Under which heading the papers of this claim stand; burns are asked for like disability."""
    if isinstance(facts.event, IllnessEvent):
        return "critical_illness"
    if isinstance(facts.event, AccidentEvent):
        return "death" if facts.event.outcome is AccidentOutcome.DEATH else "disability"
    return "hospital_allowance"


def circumstances(facts: Facts, hospitals: Register | None = None) -> frozenset[str]:
    """What the facts alone say of the circumstances (R6); an unknown city is not elsewhere."""
    register, event = hospitals or shipped(), facts.event
    if isinstance(event, IllnessEvent | AccidentEvent):
        return frozenset()
    cities = [register.filled_in(part.hospital, part.admitted_on).city for part in event.parts]
    if all(city is None or register.same_city(city, facts.unit_city) for city in cities):
        return frozenset()
    return frozenset({Circumstance.ELSEWHERE})


@cache
def _rows() -> Mapping[str, list[_Row]]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, list[_Row]]).validate_python(tomllib.loads(text))
