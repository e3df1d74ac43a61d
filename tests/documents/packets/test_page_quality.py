"""Pages that are hard to read are told by a glance; good ones are not doubted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from documents.packets.blank_pages import is_blank
from documents.packets.page_flaws import PageFlaw
from documents.packets.page_quality import flaws_of

SAMPLES = Path(__file__).parents[3] / "samples" / "packets"
WIDTH, HEIGHT = 1240, 1754


def a_page() -> Image.Image:
    """A page full of figures, as a scanner takes it."""
    page = Image.new("L", (WIDTH, HEIGHT), 244)
    draw = ImageDraw.Draw(page)
    for line in range(30):
        text = f"{line:02} 2026-03-02 HUZHU 1234.56 220104198503171011"
        draw.text((110, 120 + 52 * line), text, fill=30, font_size=28)
    return page


def in_the_dark(page: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(page).enhance(0.3)


def out_of_focus(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(6))


def cut_off(page: Image.Image) -> Image.Image:
    return page.crop((137, 0, WIDTH, HEIGHT))


def under_a_lamp(page: Image.Image) -> Image.Image:
    lit, spot = ImageEnhance.Brightness(page).enhance(0.8), Image.new("L", page.size, 0)
    ImageDraw.Draw(spot).ellipse((500, 500, 850, 800), fill=255)
    lit.paste(255, mask=spot.filter(ImageFilter.GaussianBlur(20)))
    return lit


def sealed(page: Image.Image) -> Image.Image:
    """A copy of a page whose seal lies over its figures."""
    ImageDraw.Draw(page).ellipse((200, 700, 420, 920), outline=110, width=8)
    return page


@pytest.mark.parametrize(
    ("spoil", "flaw"),
    [
        (in_the_dark, PageFlaw.DARK),
        (out_of_focus, PageFlaw.BLURRED),
        (cut_off, PageFlaw.CUT_OFF),
        (under_a_lamp, PageFlaw.GLARE),
        (sealed, PageFlaw.SEALED),
    ],
    ids=["dark", "blurred", "cut off", "glare", "sealed"],
)
def test_a_spoilt_page_is_told(spoil: Callable[[Image.Image], Image.Image], flaw: PageFlaw) -> None:
    assert flaws_of(spoil(a_page())) == [flaw]


def test_an_empty_back_is_blank_and_one_line_or_a_blurred_page_is_not() -> None:
    back = Image.new("L", (WIDTH, HEIGHT), 240)
    assert is_blank(back)
    ImageDraw.Draw(back).text((300, 600), "2026-03-02 HUZHU", fill=30, font_size=28)
    assert not is_blank(back)
    assert not is_blank(out_of_focus(a_page()))


def test_a_good_page_and_the_committed_scans_and_photos_are_not_doubted() -> None:
    assert flaws_of(a_page()) == []
    for name in ("01-clean-stay", "07-phone-photos", "17-death-two-heirs"):
        for file in sorted((SAMPLES / name).glob("*.jpg")):
            with Image.open(file) as image:
                assert flaws_of(image) == [], file
