"""docs/letters shows a small picture of every letter, made from a letter of made-up people."""

import pytest

from documents.letters.contents import LetterKind
from samples.letters import sample_letters
from settings import ROOT

FOLDER = ROOT / "docs" / "letters"


@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_has_a_small_picture_that_the_page_shows(kind: LetterKind) -> None:
    picture = FOLDER / f"{kind}.png"
    assert 0 < picture.stat().st_size < 150_000
    assert f"({picture.name})" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_kind_of_letter_has_one_sample() -> None:
    assert sorted(letter.kind for letter in sample_letters()) == sorted(LetterKind)


def test_no_picture_is_of_a_letter_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(LetterKind)
