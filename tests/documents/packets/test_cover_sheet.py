"""The code on a cover sheet is found again on what a scanner or a phone makes of it."""

import io
import re

import pytest
from PIL import Image, ImageDraw

from documents.packets.cover_sheet import CoverSheet, squares
from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile
from documents.packets.surveyed import survey

pytestmark = pytest.mark.slow  # each test opens files in child processes

NUMBER = "HZ2026000123"


def printed(number: str = NUMBER, module: int = 12, pages: int | None = None) -> Image.Image:
    """An A4 page at 200 dpi with the code in its corner, as a browser prints the path."""
    page = Image.new("L", (1654, 2339), "white")
    draw = ImageDraw.Draw(page)
    for x, y in re.findall(r"M(\d+) (\d+)", squares(CoverSheet(number, pages))[0]):
        left, top = 1200 + int(x) * module, 120 + int(y) * module
        draw.rectangle((left, top, left + module - 1, top + module - 1), fill="black")
    draw.text((200, 200), "COVER", fill="black")
    return page


def a_file(image: Image.Image) -> PacketFile:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=60)
    return PacketFile("a.jpg", "image/jpeg", out.getvalue(), "0" * 64, 1)


def sheet_on(file: PacketFile) -> CoverSheet | None:
    [page] = survey([file], Limits(), lambda: None)
    return page.sheet


@pytest.mark.parametrize("degrees", [0, 3, 90, 180, 270])
def test_the_number_is_found_however_the_sheet_lies(degrees: int) -> None:
    scan = printed().rotate(degrees, expand=True, fillcolor="white")
    assert sheet_on(a_file(scan)) == CoverSheet(NUMBER)


def test_the_number_is_found_on_a_small_grey_copy() -> None:
    scan = printed().resize((827, 1170)).point(lambda grey: 40 + grey * 170 // 255)
    assert sheet_on(a_file(scan)) == CoverSheet(NUMBER)


def test_the_sheet_says_on_how_many_pages_it_lies() -> None:
    assert sheet_on(a_file(printed(pages=12))) == CoverSheet(NUMBER, 12)


def test_a_page_without_a_code_of_ours_names_no_claim() -> None:
    assert sheet_on(a_file(Image.new("L", (600, 800), "white"))) is None
    assert sheet_on(a_file(printed("https"))) is None


def test_a_file_that_cannot_be_drawn_names_no_claim() -> None:
    broken = PacketFile("a.jpg", "image/jpeg", b"no picture", "0" * 64, 1)
    assert sheet_on(broken) is None


def test_a_page_that_cannot_be_looked_at_hides_no_sheet_beside_it() -> None:
    sheets = [printed(number).resize((827, 1170)) for number in (NUMBER, "HZ2026000124")]
    pages, out = [sheets[0], Image.new("L", (1000, 2000)), sheets[1]], io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    file = PacketFile("a.tif", "image/tiff", out.getvalue(), "0" * 64, 3)
    looks: list[None] = []
    seen = survey([file], Limits(max_pixels=1_500_000), lambda: looks.append(None))
    assert [page.sheet and page.sheet.number for page in seen] == [NUMBER, None, "HZ2026000124"]
    assert [page.is_unseen for page in seen] == [False, True, False]
    assert len(looks) >= len(pages)
