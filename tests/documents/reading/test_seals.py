"""Red seals over print: their ink is taken off before a page is read."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from documents.reading import read_page
from documents.reading.ocr import Picture
from documents.reading.seals import without_seals

RED, BLACK, WHITE = (205, 30, 35), (20, 20, 20), (255, 255, 255)


def _sealed(strength: float = 0.8) -> Image.Image:
    """A sum with a seal pressed over its first figures."""
    page = Image.new("RGB", (1200, 800), WHITE)
    words = ImageFont.load_default(44)
    ImageDraw.Draw(page).text((420, 380), "Total 37337.80", BLACK, words)
    ink = Image.new("L", page.size, 0)
    ring = ImageDraw.Draw(ink)
    ring.ellipse((430, 270, 690, 530), outline=round(255 * strength), width=12)
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
