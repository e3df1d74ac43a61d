"""STUB until the branch with the real one is merged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from documents.rosters import RosterRow, read_roster
from rules.plans import Plan


class RosterCode(StrEnum):
    NAME_MISSING = "NAME_MISSING"
    ID_INVALID = "ID_INVALID"
    ALREADY_COVERED = "ALREADY_COVERED"
    DUPLICATE_IN_UNITS = "DUPLICATE_IN_UNITS"
    NAME_DIFFERS = "NAME_DIFFERS"


@dataclass(frozen=True)
class RosterFault:
    row: int
    column: str
    code: RosterCode
    text: str


@dataclass(frozen=True)
class RosterCheck:
    rows: tuple[RosterRow, ...]
    faults: tuple[RosterFault, ...]


def check_roster(content: bytes, plan: Plan, starts_on: date) -> RosterCheck:
    return RosterCheck(tuple(read_roster(content)), ())
