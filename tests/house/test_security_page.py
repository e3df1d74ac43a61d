"""docs/security.md answers every item of level 2 once, and names places that exist."""

import re

from settings import ROOT

PAGE = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| ([\d., ]+) \| (\S+) \| (.+?) \| (.*?) \|$", re.MULTILINE)
ITEMS_OF_LEVEL_2 = 253
"""How many items ASVS 5.0 has at level 2, those of level 1 among them."""


def rows(text: str) -> list[tuple[list[str], str, str, str]]:
    found = ROW.findall(text)
    return [(items.split(", "), answer, how, where) for items, answer, how, where in found]


def test_every_item_of_level_2_has_one_answer() -> None:
    level_2, _more = PAGE.read_text().split("### Of level 3")
    items = [item for row in rows(level_2) for item in row[0]]
    assert len(items) == len(set(items)) == ITEMS_OF_LEVEL_2


def test_every_answer_is_one_of_four_and_every_place_exists() -> None:
    for items, answer, how, where in rows(PAGE.read_text()):
        assert answer in ("**met**", "**part**", "**no**", "–"), items
        assert how.strip(), items
        for place in re.findall(r"`([\w./-]+)`", where):
            assert place.startswith("make ") or (ROOT / place).exists(), (items, place)
