"""The hospitals that stand on the sample papers."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HOME_CITY = "长春市"


@dataclass(frozen=True)
class SampleHospital:
    name: str
    city: str
    level: int

    @property
    def is_local(self) -> bool:
        return self.city == HOME_CITY


@lru_cache(maxsize=1)
def hospitals() -> tuple[SampleHospital, ...]:
    data = tomllib.loads((Path(__file__).parent / "hospitals.toml").read_text(encoding="utf-8"))
    return tuple(SampleHospital(**row) for row in data["hospital"])


def hospital(name: str) -> SampleHospital:
    return next(one for one in hospitals() if one.name == name)
