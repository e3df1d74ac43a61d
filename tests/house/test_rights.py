"""Rights stand in one table: no other file asks a person's role."""

import ast
from pathlib import Path

from models.people import Role
from settings import ROOT
from tests.house.parsed import parsed

# They give people their roles or name a role; they decide nothing by it.
NAME_ROLES = {"models/people.py", "servers/samples.py"}
HOME = "workflows/people/"


def named_roles(path: Path) -> list[str]:
    """The places that name a role: `Role.CLERK`, or its text beside `roles`."""
    found = []
    for node in ast.walk(parsed(path)):
        by_name = isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("Role")
        by_text = isinstance(node, ast.Compare) and _compares_roles_with_text(node)
        if by_name or by_text:
            found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    return found


def _compares_roles_with_text(node: ast.Compare) -> bool:
    texts = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
    return ".roles" in ast.unparse(node) and bool(texts & set(Role))


def test_only_the_table_of_rights_and_its_neighbours_name_a_role() -> None:
    named = [
        place
        for package in ("models", "workflows", "workers", "console", "servers", "documents")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not path.relative_to(ROOT).as_posix().startswith(HOME)
        and path.relative_to(ROOT).as_posix() not in NAME_ROLES
        for place in named_roles(path)
    ]
    assert named == []
