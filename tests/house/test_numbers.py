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


def test_migrations_run_in_the_order_of_their_numbers() -> None:
    row = list(ScriptDirectory.from_config(migrations.config("")).walk_revisions())[::-1]
    numbers = [f"{number:04}" for number in range(1, len(row) + 1)]
    assert [each.revision for each in row] == numbers
    assert [each.down_revision for each in row] == [None, *numbers[:-1]]
    assert [Path(each.path).name[:4] for each in row] == numbers
    assert len(list((ROOT / "models/migrations/versions").glob("*.py"))) == len(numbers)
