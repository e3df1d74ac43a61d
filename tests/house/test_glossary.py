"""The glossary has every word of the code that people meet."""

import re
from collections.abc import Iterator

import pytest

from documents.kinds import KIND_NAMES, Kind
from documents.letters.contents import LETTER_NAMES, LetterKind
from models import Base
from models.machines import MACHINES
from models.people import ROLE_WORDS, Role
from rules.verdict import Benefit, Code
from settings import ROOT

TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`(\w+)`", TEXT))
HEADS = ("| word |", "| code |", "| machine | Chinese |")
ROWS = [row for row in TEXT.splitlines() if row.startswith("| ") and not row.startswith(HEADS)]


def named() -> Iterator[tuple[str, list[str]]]:
    """Each group of code words."""
    yield "tables", [mapper.class_.__name__ for mapper in Base.registry.mappers]
    yield "machines", list(MACHINES)
    for name, machine in MACHINES.items():
        yield f"states of {name}", [str(state) for state in machine.states]
    for group in (Benefit, Code, Kind, LetterKind, Role):
        yield group.__name__, [str(each.value) for each in group]


@pytest.mark.parametrize(("group", "words"), list(named()))
def test_every_word_of_the_code_is_in_the_glossary(group: str, words: list[str]) -> None:
    assert words
    assert set(words) - WORDS == set()


def test_machines_states_papers_letters_and_roles_have_the_words_of_the_screens() -> None:
    pairs = [
        (str(code), word) for machine in MACHINES.values() for code, word in machine.states.items()
    ]
    for names in (KIND_NAMES, LETTER_NAMES):
        pairs += [(str(code), word) for code, word in names.items()]
    assert [f"`{code}` {word}" for code, word in pairs if f"`{code}` {word}" not in TEXT] == []
    rows = [f"| `{machine.name}` | {machine.word} |" for machine in MACHINES.values()]
    assert [row for row in rows if row not in TEXT] == []
    assert [role for role, word in ROLE_WORDS.items() if f"| `{role}` | {word} |" not in TEXT] == []


def test_no_word_is_explained_twice() -> None:
    words = [row.split("|")[1].strip() for row in ROWS]
    assert [word for word in set(words) if words.count(word) > 1] == []
