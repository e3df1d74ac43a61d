"""Decisions and migrations are numbered: two branches that took one number are told apart here."""

from collections import Counter
from pathlib import Path

from alembic.script import ScriptDirectory

from models import migrations
from settings import ROOT


def twice(names: list[str]) -> list[str]:
    numbers = Counter(name[:4] for name in names)
    assert all(number.isdigit() for number in numbers)
    return [number for number, times in numbers.items() if times > 1]


def test_no_two_decisions_have_one_number() -> None:
    assert twice([path.name for path in (ROOT / "docs/decisions").glob("*.md")]) == []


def test_migrations_are_one_row_of_numbers() -> None:
    files = [path.name for path in (ROOT / "models/migrations/versions").glob("*.py")]
    assert twice(files) == []
    row = ScriptDirectory.from_config(migrations.config(""))
    assert len(row.get_heads()) == 1
    for each in row.walk_revisions():
        assert Path(each.path).name.startswith(each.revision)
