"""A name means one thing in the whole program."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from settings import ROOT
from tests.house.parsed import parsed
from tests.house.test_repository import tracked

ELSEWHERE = ("tests/", "models/migrations/")


@cache
def program_files() -> Sequence[Path]:
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.is_file() and not within(path).startswith(ELSEWHERE)
    ]


def within(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def type_names(tree: ast.Module) -> Iterator[str]:
    """The classes of a file, and what it names like a class: an alias of a type."""
    yield from class_names(tree)
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) if re.match("[A-Z].*[a-z]", name):
                yield name


def class_names(tree: ast.Module) -> Iterator[str]:
    return (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def test_a_class_name_is_defined_once_in_the_program_and_its_tests() -> None:
    places = defaultdict(list)
    for path in program_files():
        for name in type_names(parsed(path)):
            places[name].append(within(path))
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for name in class_names(parsed(path)):
            places[name].append(within(path))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_a_name_defined_twice_is_found() -> None:
    tree = ast.parse("class Paper: pass\nPaper = tuple[str]\nPAPER = 'paper'")
    assert list(type_names(tree)) == ["Paper", "Paper"]
