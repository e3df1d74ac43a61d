"""Readings survive being stored; lines keep their true rows on a skewed page; turns are undone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.kinds import KIND_NAMES, Kind
from documents.reading import PageReading, TextLine, orientation
from documents.reading.deskew import places
from documents.reading.ocr import Reading
from documents.reading.swallowed_spaces import spread


def test_a_reading_is_the_same_after_json() -> None:
    seen = TextLine(
        "姓名：张三", 0.98, (1, 2, 30, 40), (1, 2, 30, 2, 30, 40, 1, 40), (9, 500), (98, 99)
    )
    page = PageReading(
        Kind.ID_CARD_FRONT,
        0.9,
        90,
        0.98,
        100,
        200,
        (seen, TextLine("x", 1.0, (0, 0, 1, 1))),
        (Kind.ID_CARD_BACK,),
    )
    assert PageReading.from_json(page.to_json()) == page


def test_every_kind_has_a_name_for_people() -> None:
    assert set(KIND_NAMES) == set(Kind)


@given(st.floats(-0.12, 0.12), st.floats(-0.00006, 0.00006))
def test_a_row_stays_a_row_however_the_page_was_photographed(slope: float, growth: float) -> None:
    """Twelve rows of two lines each, drawn towards one vanishing point."""
    lines = []
    for row in range(12):
        height = 100 * row - 550
        rise = slope + growth * height
        for left in (-500, 100):
            xs = (left, left + 300)
            top = [height + rise * x for x in xs]
            corners = (xs[0], top[0], xs[1], top[1], xs[1], top[1] + 30, xs[0], top[0] + 30)
            whole = tuple(round(value) + 1000 for value in corners)
            lines.append(TextLine("一行文字", 0.9, (0, 0, 1, 1), whole))
    spots = places(lines)
    for left_spot, right_spot in zip(spots[::2], spots[1::2], strict=True):
        assert left_spot.middle == pytest.approx(right_spot.middle, abs=8)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_quads_turn_with_the_picture(degrees: int) -> None:
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[10:20, 30:70] = 255
    quad = np.array([[30, 10], [70, 10], [70, 20], [30, 20]], np.float32)
    turned = orientation.turn(picture, degrees)
    (moved,) = orientation.turn_quads([quad], degrees, 100, 60)
    (left, top), (right, low) = moved.min(0).astype(int), moved.max(0).astype(int)
    assert turned[top:low, left:right].min() == 255
    assert int(turned.astype(int).sum()) == 255 * 3 * (low - top) * (right - left)


def test_gaps_come_back_as_one_space_or_two() -> None:
    """Four characters, a half-character gap after the second, a wide one after the third."""
    reading = Reading("姓名张三", (0.05, 0.15, 0.31, 0.61), (1.0, 0.9, 1.0, 1.0))
    assert spread(reading, 0.1).text == "姓名 张  三"


def test_digits_set_wide_are_not_torn_apart() -> None:
    reading = Reading("124.79", (0.1, 0.24, 0.38, 0.5, 0.62, 0.76), (1.0,) * 6)
    assert spread(reading, 0.2).text == "124.79"
