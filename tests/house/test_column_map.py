"""Each column has a class and a time; what names a person or his health is sealed, or says why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Table, Text

from models import Base
from models.column_map import DataClass, MappedColumn, column_map, kept, kept_as, tables_told

Named = tuple[str, str]


def columns(tables: MetaData) -> dict[Named, Column[Any]]:
    return {(table.name, c.name): c for table in tables.tables.values() for c in table.columns}


def is_sealed(column: Column[Any]) -> bool:
    """Sealed values and keyed fingerprints are bytes; nothing that is read in clear is."""
    return isinstance(column.type, LargeBinary)


def faults(tables: MetaData, mapped: Mapping[Named, MappedColumn]) -> Iterator[str]:
    """What the map and the tables do not agree on."""
    there = columns(tables)
    yield from (f"{table}.{name} is in no class" for table, name in there.keys() - mapped.keys())
    yield from (f"{table}.{name} is no column" for table, name in mapped.keys() - there.keys())
    for named in there.keys() & mapped.keys():
        entry, sealed, about = mapped[named], is_sealed(there[named]), ".".join(named)
        if entry.data_class.is_of_a_person and not sealed and not entry.clear:
            yield f"{about} lies in clear without a reason"
        if entry.clear and (sealed or not entry.data_class.is_of_a_person):
            yield f"{about} needs no reason"


def test_every_column_has_a_class_and_what_is_of_a_person_is_sealed_or_says_why() -> None:
    assert sorted(faults(Base.metadata, column_map())) == []


def test_a_new_column_without_a_class_and_one_in_clear_without_a_reason_are_found() -> None:
    tables = MetaData()
    Table(
        "patient", tables, Column("name", Text), Column("ward", Text), Column("card", LargeBinary)
    )
    mapped = {
        ("patient", "name"): MappedColumn("patient", "name", DataClass.SENSITIVE, ""),
        ("patient", "card"): MappedColumn("patient", "card", DataClass.SENSITIVE, "why not"),
        ("patient", "bed"): MappedColumn("patient", "bed", DataClass.PUBLIC, ""),
    }
    assert sorted(faults(tables, mapped)) == [
        "patient.bed is no column",
        "patient.card needs no reason",
        "patient.name lies in clear without a reason",
        "patient.ward is in no class",
    ]


def test_no_column_is_named_twice_and_no_reason_is_for_nothing() -> None:
    for table, told in tables_told().items():
        named = Counter(name for each in DataClass for name in told.get(each.value, ()))
        assert not [name for name, times in named.items() if times > 1], table
        assert told.get("clear", {}).keys() <= named.keys(), table


def test_every_table_is_kept_by_a_rule_and_every_rule_keeps_a_table() -> None:
    assert kept_as().keys() == Base.metadata.tables.keys()
    assert set(kept_as().values()) == kept().keys()
    assert all(rule.years > 0 and rule.why and rule.since for rule in kept().values())
