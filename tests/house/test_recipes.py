"""CONTRIBUTING.md names every place the last such thing appears in."""

import re
import subprocess
from fnmatch import fnmatch

import pytest

from settings import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATH = re.compile(r"`([\w.<>-]+(?:/[\w.<>-]+)*\.(?:py|toml|md|docx|po|txt)|[a-z_]+(?:/[a-z_]+)*/)`")
# Tests, samples, documents and translations are not places where a thing is made.
BESIDE = (":!tests", ":!benchmarks", ":!samples", ":!docs", ":!language", ":!*.md")


def recipes() -> dict[str, tuple[list[str], list[str]]]:
    """Each recipe's examples, and the patterns of the places it names."""
    found = {}
    for part in TEXT.split("\n### ")[1:]:
        head, body = part.split("\n", 1)
        if examples := re.findall(r"`([\w-]+)`", head):
            body = body.split("\n## ")[0]
            places = [re.sub("<[^>]+>", "*", place) for place in PATH.findall(body)]
            found[head.split(" (")[0]] = (examples, places)
    return found


def in_code(word: str) -> list[str]:
    """The files in which the word stands, or whose name it is."""
    grep = ["git", "grep", "-lw", "-e", word, "--", *BESIDE]
    said = subprocess.run(grep, cwd=ROOT, capture_output=True, text=True).stdout.split()
    listed = subprocess.run(
        ["git", "ls-files", f"*{word}.*"], cwd=ROOT, capture_output=True, text=True
    )
    named = [path for path in listed.stdout.split() if not path.startswith(("tests/", "docs/"))]
    return sorted({*said, *named})


def test_there_is_a_recipe_for_each_thing_that_is_often_added() -> None:
    assert set(recipes()) == {
        "A step",
        "A plan",
        "A paper",
        "A bank format",
        "A letter of a claim",
        "A letter to a unit",
    }


@pytest.mark.parametrize("thing", recipes())
def test_a_recipe_names_every_place_its_example_stands_in(thing: str) -> None:
    examples, places = recipes()[thing]
    files = {file for example in examples for file in in_code(example)}
    assert len(examples) > 1
    assert files
    assert {f for f in files if not any(fnmatch(f, place) for place in places)} == set()


@pytest.mark.parametrize("thing", recipes())
def test_the_example_of_a_recipe_stands_in_every_place_the_recipe_names(thing: str) -> None:
    examples, places = recipes()[thing]
    files = {file for example in examples for file in in_code(example)} | {"ARCHITECTURE.md"}
    files |= {str(p.relative_to(ROOT)) for p in ROOT.glob("templates/letters/*.md")}
    assert [place for place in places if not any(fnmatch(f, place) for f in files)] == []


def test_every_place_the_page_names_exists() -> None:
    places = [re.sub("<[^>]+>", "*", place) for place in PATH.findall(TEXT)]
    assert places
    assert [place for place in places if not list(ROOT.glob(place))] == []
