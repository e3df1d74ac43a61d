"""Seals over print: red ink is taken off before a page is read, what grey ones hide is doubted."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from documents.looks.grey_seals import grey_seals
from documents.looks.picture import Picture
from documents.looks.red_seals import without_seals
from documents.reading import read_page

RED, BLACK, WHITE = (205, 30, 35), (20, 20, 20), (255, 255, 255)


def _sealed(strength: float = 0.8, oval: int = 0) -> Image.Image:
    """A sum with a seal pressed over its first figures; an oval one is so much less high."""
    page = Image.new("RGB", (1200, 800), WHITE)
    words = ImageFont.load_default(44)
    ImageDraw.Draw(page).text((420, 380), "Total 37337.80", BLACK, words)
    ink = Image.new("L", page.size, 0)
    ring = ImageDraw.Draw(ink)
    ring.ellipse((430, 270 + oval, 690, 530 - oval), outline=round(255 * strength), width=12)
    ring.regular_polygon((560, 400, 60), 5, fill=round(255 * strength))
    page.paste(Image.new("RGB", page.size, RED), (0, 0), ink)
    return page


def _bgr(image: Image.Image) -> Picture:
    return np.asarray(image)[:, :, ::-1].copy()


def test_a_sum_under_a_seal_is_read() -> None:
    assert any("37337.80" in line.text for line in read_page(_sealed()).lines)


def test_the_ink_of_a_seal_is_paled_and_print_stays_dark() -> None:
    seen = _bgr(_sealed())
    plain = without_seals(seen)
    assert (plain.min(axis=2) > 150).mean() > (seen.min(axis=2) > 150).mean()
    assert ((plain.max(axis=2) < 60) == (seen.max(axis=2) < 60)).all()


def test_a_red_card_and_red_print_are_left_as_they_are() -> None:
    page = Image.new("RGB", (1200, 800), WHITE)
    draw = ImageDraw.Draw(page)
    draw.rectangle((100, 100, 420, 300), fill=RED)
    draw.text((120, 180), "6217 0012", WHITE, ImageFont.load_default(44))
    draw.line((100, 400, 1100, 400), RED, 4)
    draw.text((100, 450), "No. 22060125", RED, ImageFont.load_default(44))
    seen = _bgr(page)
    assert without_seals(seen) is seen


@pytest.mark.parametrize("oval", [0, 32], ids=["round", "oval"])
def test_a_grey_seal_is_found_where_it_is(oval: int) -> None:
    [found] = grey_seals(_bgr(_sealed(oval=oval).convert("L").convert("RGB")))
    assert found == pytest.approx((560, 400, 125, 125 - oval), abs=6)


def test_figures_under_a_grey_seal_are_doubted_and_those_beside_it_are_not() -> None:
    lines = read_page(_sealed(strength=0.5).convert("L")).lines
    [total] = [line for line in lines if "37337.80" in line.text]
    assert total.confidence <= 0.7
    assert min(total.sure[-2:]) > 70


def test_a_seal_whose_red_ink_was_taken_off_raises_no_doubt() -> None:
    assert grey_seals(without_seals(_bgr(_sealed()))) == []
