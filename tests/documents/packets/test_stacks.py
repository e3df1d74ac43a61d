"""A stack is parted by the cover sheets that lie in it, wherever they lie."""

import pytest

from documents.packets.cover_sheet import CoverSheet
from documents.packets.stacks import parts_of
from documents.packets.surveyed import SurveyedPage


def a_stack(*files: str) -> list[SurveyedPage]:
    """One letter a page: `a` and `b` sheets of two claims, `3` a sheet of claim a that says it lies
    on three pages, `2` and `1` such of others, `p` a paper, `_` an empty back."""
    sheets = {
        "a": CoverSheet("HZ2026000001"),
        "b": CoverSheet("HZ2026000002"),
        "1": CoverSheet("HZ2026000003", 1),
        "2": CoverSheet("HZ2026000002", 2),
        "3": CoverSheet("HZ2026000001", 3),
    }
    return [
        SurveyedPage(place, number, sheets.get(letter), letter == "_")
        for place, file in enumerate(files)
        for number, letter in enumerate(file, 1)
    ]


def parted(*files: str) -> list[str]:
    """The parts as letters, with the place of each file that comes anew."""
    letters = {
        (place, n): letter for place, file in enumerate(files) for n, letter in enumerate(file, 1)
    }
    return [
        "".join(letters[page.file, page.number] for page in part.pages)
        for part in parts_of(a_stack(*files))
    ]


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        (["ppp"], ["ppp"]),
        (["appp"], ["appp"]),
        (["pppa"], ["pppa"]),
        (["pppa_"], ["pppa_"]),
        (["appbp"], ["app", "bp"]),
        (["_appbp"], ["_app", "bp"]),
        (["ppapb"], ["ppa", "pb"]),
        (["ppapb_"], ["ppa", "pb_"]),
        (["ppapbp"], ["pp", "ap", "bp"]),
        (["pp2p1"], ["pp2", "p1"]),
        (["p2pp1"], ["p", "2pp", "1"]),
        (["ppap"], ["pp", "ap"]),
        (["p3pp"], ["p3pp"]),
        (["p", "a", "p"], ["pap"]),
        (["app", "pb", "p"], ["appp", "bp"]),
    ],
    ids=str,
)
def test_the_pages_up_to_the_next_sheet_belong_to_it(files: list[str], parts: list[str]) -> None:
    assert parted(*files) == parts


@pytest.mark.parametrize(
    ("stack", "is_wrong"), [("3ppp", False), ("3pp", True), ("3pp_p_", False), ("app", False)]
)
def test_pages_are_counted_against_the_sheet_and_empty_backs_are_none(
    stack: str, is_wrong: bool
) -> None:
    [part] = parts_of(a_stack(stack))
    assert part.is_counted_wrong is is_wrong
