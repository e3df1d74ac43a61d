"""Personal values have one home: only it seals and opens them, so that a place is named once."""

import ast
from collections.abc import Iterator

from settings import ROOT
from tests.house.parsed import parsed
from tests.house.test_repository import tracked

HOME = ROOT / "workflows" / "sealed_values"
OF_FILES = ROOT / "documents" / "store.py"


def test_only_their_home_and_the_store_seal_and_open_personal_values() -> None:
    elsewhere = {
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and path.is_file() and "tests" not in path.parts
        if path.parent != HOME and path != OF_FILES and any(_key_acts(parsed(path)))
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
