"""A page that is scanned again is known by what is filled in; others of the blank are not."""

from dataclasses import replace
from itertools import combinations
from random import Random

import cv2
import numpy as np
import pytest

from documents.kinds import Kind
from documents.looks.picture import Picture
from documents.reading.page import PageReading, TextLine
from documents.reading.page_marks import Likeness, likeness, marks_of, searched_by
from documents.reading.picture_hash import BITS, bits_apart, picture_hash
from samples.papers import PAPERS
from samples.random_packets import random_packet
from tests.desk import a_page

DRAWN = (
    "application_form",
    "discharge_record",
    "settlement_sheet",
    "invoice",
    "diagnosis_certificate",
)


def read(number: int, kind: str) -> PageReading:
    """A paper of a drawn packet as a reader without a fault would read it."""
    sheet = PAPERS[kind](random_packet(5, number).case, Random(number))  # type: ignore[index]
    return a_page(Kind(kind), *(each.words for each in sheet.printed))


def again(page: PageReading, rng: Random) -> PageReading:
    """The page as another scan of it is read: its edge is lost, and one line in thirty is wrong."""
    lines = [line for line in page.lines if rng.random() > 0.02][1:]
    return replace(page, lines=tuple(_misread(line, rng) for line in lines))


def _misread(line: TextLine, rng: Random) -> TextLine:
    if rng.random() > 1 / 30:
        return line
    digits = str.maketrans("13568", "77836")
    return replace(line, text=line.text.translate(digits).replace("  ", ""))


def test_papers_that_come_again_are_found_and_no_others_are_taken_for_them() -> None:
    rng = Random(1)
    pages = [read(number, kind) for number in range(4) for kind in DRAWN]
    marks = [marks_of(page) for page in pages]
    for page, own in zip(pages, marks, strict=True):
        later = again(page, rng)
        assert likeness(marks_of(later), own) is Likeness.SAME_PAGE, page.kind
        assert {*searched_by(later, marks_of(later))} & {*searched_by(page, own)}
    assert not [pair for pair in combinations(marks, 2) if likeness(*pair) is Likeness.SAME_PAGE]


def test_a_number_in_the_next_cell_is_that_of_the_receipt() -> None:
    one = marks_of(a_page(Kind.INVOICE, "票据号码：", "0078214536", "合计 12.00"))
    other = marks_of(a_page(Kind.INVOICE, "No.", "票据号码 0078214536", "合计 3.00"))
    assert likeness(one, other) is Likeness.SAME_NUMBER


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("附件一 参保须知", "2026年1月1日起施行"), id="a_leaflet_with_a_day"),
        pytest.param(("出院记录", "入院2026-3-2", "出院2026-3-9"), id="a_short_record"),
    ],
)
def test_pages_that_say_too_little_are_not_compared(lines: tuple[str, ...]) -> None:
    page = a_page(Kind.OTHER, *lines)
    assert likeness(marks_of(page), marks_of(page)) is None


def test_a_photo_without_words_is_known_by_its_looks() -> None:
    scene = _a_scene(1)
    poor = np.asarray(cv2.GaussianBlur(cv2.resize(scene, (450, 600)), (5, 5), 1), np.uint8)
    hashes = [picture_hash(each, None) for each in (scene, poor, _a_scene(2))]
    pages = [replace(a_page(Kind.OTHER), picture=each) for each in hashes]
    first, second, third = map(marks_of, pages)
    assert likeness(first, second) is Likeness.SAME_PAGE
    assert {*searched_by(pages[0], first)} & {*searched_by(pages[1], second)}
    assert likeness(first, third) is None


def test_an_empty_page_has_no_looks() -> None:
    empty = np.full((400, 300, 3), 255, np.uint8)
    assert picture_hash(empty, None) == ""
    assert bits_apart("", "") == BITS


def _a_scene(seed: int) -> Picture:
    grain = np.random.default_rng(seed).random((12, 9, 3)) * 255
    large = cv2.resize(grain.astype(np.uint8), (900, 1200), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)
