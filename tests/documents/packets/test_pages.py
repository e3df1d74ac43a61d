"""A page is shown as a person would see it, within limits that its file cannot change."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image

from documents.packets.file_faults import FileFault
from documents.packets.file_limits import MEBIBYTE, Limits
from documents.packets.pages import as_jpeg, page_count, render
from documents.packets.unfit import Unfit
from rules.errors import Transient

pytestmark = pytest.mark.slow  # each test opens files in child processes

LIMITS = Limits()
Maker = Callable[..., bytes]
PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
# Two lines of black text on an A4 page whose origin is its lower left corner.
TEXT = "BT /F1 24 Tf 72 700 Td (Hospital record 2026) Tj 0 -100 Td (Ten days 10) Tj ET"
RED, WHITE = (255, 0, 0), (255, 255, 255)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_photo_is_turned_as_the_camera_was_held() -> None:
    image = Image.new("RGB", (300, 200), "white")
    image.paste(RED, (0, 0, 60, 60))
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: turn clockwise to see it
    shown = render(saved(image, "PNG", exif=exif), PNG, 1, LIMITS).image
    assert shown.size == (200, 300)
    assert shown.getpixel((190, 10)) == RED
    assert shown.getpixel((10, 10)) == WHITE


def test_a_photo_of_an_apple_phone_is_turned_once_only() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    image = Image.new("RGB", (320, 200), "white")
    image.paste(RED, (0, 0, 64, 64))
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = render(saved(image, "HEIF", exif=exif.tobytes()), "image/heic", 1, LIMITS).image
    assert shown.size == (200, 320)
    assert shown.convert("L").getpixel((190, 10)) < 120  # type: ignore[operator]


def test_each_page_of_a_tiff_is_its_own() -> None:
    frames = [Image.new("RGB", (100, 100), color) for color in ("red", "white")]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert page_count(data, TIFF, LIMITS).pages == 2
    seen = [render(data, TIFF, page, LIMITS).image.getpixel((5, 5)) for page in (1, 2)]
    assert seen == [RED, WHITE]


@pytest.mark.parametrize(
    ("mode", "color", "seen"),
    [
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 255), RED),
        ("1", 1, WHITE),
        ("L", 255, WHITE),
        ("I;16", 65_535, WHITE),
        ("I;16", 32_768, (128, 128, 128)),
        ("P", 0, (0, 0, 0)),
    ],
)
def test_every_kind_of_picture_becomes_rgb_on_white(
    mode: str, color: int | tuple[int, ...], seen: tuple[int, ...]
) -> None:
    data = saved(Image.new(mode, (40, 40), color), "PNG")
    assert render(data, PNG, 1, LIMITS).image.getpixel((20, 20)) == seen


def test_a_print_colour_photo_becomes_rgb() -> None:
    data = saved(Image.new("CMYK", (40, 40), (0, 0, 0, 0)), "JPEG")
    assert render(data, JPEG, 1, LIMITS).image.getpixel((20, 20)) == WHITE


def test_a_pdf_page_is_drawn_at_the_resolution_asked_for(make_pdf: Maker) -> None:
    assert render(make_pdf(), PDF, 1, LIMITS, dpi=72).image.size == (595, 842)
    assert render(make_pdf(), PDF, 1, LIMITS, dpi=144).image.size == (1190, 1684)


def test_a_tiny_pdf_that_asks_for_a_huge_page_is_drawn_within_the_bound(make_pdf: Maker) -> None:
    data = make_pdf(box="0 0 14400000 14400000")
    assert len(data) < 800
    small = replace(LIMITS, max_pixels=4_000_000)
    image = render(data, PDF, 1, small).image
    assert 3_900_000 < image.width * image.height <= 4_000_000


def test_a_pdf_page_as_thin_as_a_thread_and_endless_is_refused(make_pdf: Maker) -> None:
    with pytest.raises(Unfit, match="像素"):
        render(make_pdf(box="0 0 1000000000 1"), PDF, 1, LIMITS)


def test_a_born_digital_page_says_its_text_where_it_is_seen(make_pdf: Maker) -> None:
    page = render(make_pdf(body=TEXT), PDF, 1, LIMITS, dpi=72)
    assert page.text_layer is not None
    assert [line.text for line in page.text_layer] == ["Hospital record 2026", "Ten days 10"]
    grey = page.image.convert("L")
    ink = grey.point(lambda level: 255 if level < 128 else 0).getbbox()
    boxes = [line.box for line in page.text_layer]
    assert ink is not None
    assert min(box[0] for box in boxes) <= ink[0] <= ink[2] <= max(box[2] for box in boxes) + 1
    assert boxes[0][1] <= ink[1] <= ink[3] <= boxes[1][3]
    assert 90 < boxes[1][1] - boxes[0][1] < 110


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("white on white", f"1 1 1 rg {TEXT}"),
        ("invisible", TEXT.replace("BT", "BT 3 Tr")),
        ("painted over", f"{TEXT} 1 1 1 rg 0 0 595 842 re f"),
        ("off the page", TEXT.replace("72 700", "72 1700")),
        ("one line of two invisible", TEXT.replace("0 -100 Td", "0 -100 Td 3 Tr")),
        ("too little", "BT /F1 24 Tf 72 700 Td (Page 1) Tj ET"),
        ("under a scan", f"q 500 0 0 700 0 100 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q {TEXT}"),
        ("running upwards", TEXT.replace("72 700 Td", "0 1 -1 0 300 72 Tm")),
    ],
)
def test_text_that_an_eye_would_not_read_does_not_count(
    why: str, body: str, make_pdf: Maker
) -> None:
    assert render(make_pdf(body=body), PDF, 1, LIMITS, dpi=72).text_layer is None, why


@pytest.mark.parametrize(
    ("data", "fault"),
    [(b"%PDF-1.4 nothing", FileFault.DAMAGED), (b"", FileFault.DAMAGED)],
)
def test_a_file_that_is_none_is_refused_with_its_reason(data: bytes, fault: FileFault) -> None:
    with pytest.raises(Unfit) as refusal:
        render(data, PDF, 1, LIMITS)
    assert refusal.value.fault is fault


def test_a_page_that_does_not_exist_is_refused(make_pdf: Maker, make_picture: Maker) -> None:
    with pytest.raises(Unfit):
        render(make_pdf(2), PDF, 3, LIMITS)
    with pytest.raises(Unfit):
        render(make_picture("TIFF"), TIFF, 2, LIMITS)


def test_a_reader_that_wants_too_much_memory_costs_only_itself() -> None:
    data = saved(Image.new("RGB", (6000, 6000)), "PNG")
    with pytest.raises(Unfit):
        render(data, PNG, 1, replace(LIMITS, memory=300 * MEBIBYTE))


def test_a_machine_that_cannot_start_the_reader_does_not_blame_the_file(
    make_picture: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(Transient):
        page_count(make_picture(), JPEG, LIMITS)
    monkeypatch.setattr("sys.executable", "/bin/ls")
    with pytest.raises(Transient, match="没能运行"):
        page_count(make_picture(), JPEG, LIMITS)


def test_the_reader_loads_neither_rules_nor_words_nor_settings() -> None:
    # It starts for every page, and what it does not hold cannot be stolen from it.
    program = "from documents.packets import archive, child_program, pdf, picture; import sys;"
    program += "print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout
    assert "pypdfium2" in loaded
    strangers = {"rules", "language", "settings", "models", "pydantic", "sqlalchemy", "numpy"}
    assert not strangers & set(loaded.split())


@pytest.mark.parametrize(
    ("rotation", "size", "corner"),
    [
        (0, (100, 50), (2, 2)),
        (90, (50, 100), (47, 2)),
        (180, (100, 50), (97, 47)),
        (270, (50, 100), (2, 97)),
    ],
)
def test_a_picture_for_the_screen_is_turned_clockwise(
    rotation: int, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    image = Image.new("RGB", (400, 200), "white")
    image.paste(RED, (0, 0, 80, 80))
    shown = Image.open(io.BytesIO(as_jpeg(image, 100, rotation)))
    assert shown.size == size
    # JPEG blurs colours, not light: red is darker than white.
    assert shown.convert("L").getpixel(corner) < 120  # type: ignore[operator]


def test_a_small_picture_is_not_blown_up_for_the_screen() -> None:
    shown = Image.open(io.BytesIO(as_jpeg(Image.new("RGB", (30, 20)), 100)))
    assert shown.size == (30, 20)
