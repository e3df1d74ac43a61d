"""Personal values have one home: only it seals and opens them, so that a place is named once."""

import ast
from collections.abc import Iterator

from sqlalchemy import LargeBinary

from models import Base
from models.column_map import column_map
from settings import ROOT
from tests.house.parsed import parsed
from tests.house.test_repository import tracked
from workflows.sealed_values.places import PLACES

HOME = ROOT / "workflows" / "sealed_values"
# What a sealed column is stands below those who keep the key of each person in one.
COLUMN = ROOT / "workflows" / "engine" / "sealed_column.py"
# Seals words that everybody knows.
CANARIES = ROOT / "workflows" / "engine" / "same_keys.py"
OF_FILES = {ROOT / "documents" / name for name in ("store.py", "spool.py", "sealed_frames.py")}


def test_only_their_home_and_the_store_seal_and_open_personal_values() -> None:
    elsewhere = {
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and path.is_file() and "tests" not in path.parts
        if path.parent != HOME and path not in {COLUMN, CANARIES, *OF_FILES}
        if any(_key_acts(parsed(path)))
    }
    assert elsewhere == set()


def test_what_seals_by_itself_is_found() -> None:
    assert list(_key_acts(ast.parse("office.keys.seal(b'', 'x')\nself._keys.open(b'', 'x')"))) == [
        "seal",
        "open",
    ]


def _key_acts(tree: ast.AST) -> Iterator[str]:
    """What of sealing and opening is asked of a ring of keys."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=keys, attr="seal" | "open" as act)):
                if ast.unparse(keys).endswith("keys"):
                    yield act


def test_the_places_are_the_columns_of_sealed_values_each_bound_to_its_row() -> None:
    for place in PLACES:
        assert {place.column, *place.by} <= set(Base.metadata.tables[place.table].columns.keys())
    sealed = {named for named in bytes_about_persons() if not is_fingerprint(*named)}
    assert {(place.table, place.column) for place in PLACES} == sealed


def is_fingerprint(table: str, column: str) -> bool:
    """Fingerprints say so in their names, but for that of the values a person compared."""
    return column.endswith("_print") or (table, column) == ("id_copy_answer", "compared")


def bytes_about_persons() -> set[tuple[str, str]]:
    """The columns of bytes about persons: sealed values, and the fingerprints beside them."""
    return {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        if column_map()[table.name, column.name].data_class.is_of_a_person
    }
