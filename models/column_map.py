"""What each column holds of people, and how long it is kept: columns.toml and retention.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class DataClass(StrEnum):
    """How much harm it does when a stranger reads a column; columns.toml says what each means."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"

    @property
    def is_of_a_person(self) -> bool:
        """Whether such a column is sealed unless a reason is stated."""
        return self in (DataClass.PERSONAL, DataClass.SENSITIVE)


@dataclass(frozen=True)
class MappedColumn:
    """A column in the map; `clear` is why it lies in clear, empty where no reason is stated."""

    table: str
    name: str
    data_class: DataClass
    clear: str


@dataclass(frozen=True)
class Kept:
    """How many full years a kind of row is kept, since when, and by which law or ruling."""

    years: int
    since: str
    why: str


@cache
def column_map() -> Mapping[tuple[str, str], MappedColumn]:
    """Every column that columns.toml names, by table and column."""
    found = {}
    for table, said in tables_told().items():
        for data_class in DataClass:
            for name in said.get(data_class.value, ()):
                clear = said.get("clear", {}).get(name, "")
                found[table, name] = MappedColumn(table, name, data_class, clear)
    return found


def stays(table: str) -> frozenset[str]:
    """The columns of the table that stay when the person of its row is erased."""
    return frozenset(tables_told()[table].get("stays", ()))


def kept_as() -> Mapping[str, str]:
    """The rule of retention.toml by which each table's rows are kept."""
    return {table: said["kept"] for table, said in tables_told().items()}


@cache
def kept() -> Mapping[str, Kept]:
    """The rules of retention.toml by name."""
    rules = tomllib.loads((HERE / "retention.toml").read_text("utf-8"))
    return {name: Kept(**rule) for name, rule in rules.items()}


@cache
def tables_told() -> Mapping[str, Any]:
    """What columns.toml says of each table, as it is written."""
    return tomllib.loads((HERE / "columns.toml").read_text("utf-8"))
