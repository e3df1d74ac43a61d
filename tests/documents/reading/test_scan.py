"""The real reader on sample packets whose truth is written beside them, and on forged layers."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from documents.kinds import Kind
from documents.reading import PageReading, read_page, report
from documents.reading.ocr import Reading
from documents.reading.scan import text_line

Reader = Callable[..., PageReading]

SAMPLES = Path(__file__).parents[3] / "samples"


def _image(packet: str, file: str) -> Image.Image:
    with Image.open(SAMPLES / "packets" / packet / file) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _truth(packet: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((SAMPLES / "truth" / f"{packet}.json").read_text("utf-8"))
    return truth


def _read(reader: Reader, packet: str, *files: str) -> list[tuple[str, list[PageReading]]]:
    return [(file, [reader(_image(packet, file))]) for file in files]


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The real reader; its models are loaded at the first page."""
    return read_page


@pytest.fixture(scope="module")
def card(reader: Reader) -> PageReading:
    """A bank card, small and quick to read."""
    return reader(_image("08-sideways", "04.jpg"))


def test_a_faint_comma_does_not_make_a_clear_line_doubtful() -> None:
    text = "住院，14天：（二）。；"
    sure = tuple(0.99 if char.isalnum() else 0.3 for char in text)
    at = tuple(place / len(text) for place in range(len(text)))
    corners = np.array([[0, 0], [200, 0], [200, 20], [0, 20]], np.float32)
    assert text_line(Reading(text, at, sure), corners).confidence == 0.99


def test_sideways_scans_are_turned_upright_and_read(reader: Reader) -> None:
    truth = _truth("08-sideways")
    result: Any = report(_read(reader, "08-sideways", "02.jpg", "03.jpg", "05.jpg"))
    turned = {page["file"]: -page["rotation"] % 360 for page in truth["pages"]}
    assert [page["rotation"] for page in result["pages"]] == [
        turned["02.jpg"],
        turned["03.jpg"],
        turned["05.jpg"],
    ]
    assert [page["kind"] for page in result["pages"]] == [
        "id_card_front",
        "id_card_back",
        "discharge_record",
    ]
    for name in ("member_name", "id_number", "hospital_name", "admitted_on", "discharged_on"):
        assert result["fields"][name]["value"] == truth["fields"][name]
        assert result["fields"][name]["confidence"] >= 0.85


def test_a_phone_photo_of_a_form_is_read(reader: Reader) -> None:
    truth = _truth("07-phone-photos")
    fields: Any = report(_read(reader, "07-phone-photos", "01.jpg"))["fields"]
    for name in ("member_name", "id_number", "bank_card_number", "phone", "unit_name"):
        assert fields[name]["value"] == truth["fields"][name]


def test_boxes_lie_on_the_upright_page(card: PageReading) -> None:
    assert card.kind is Kind.BANK_CARD
    assert (card.rotation, card.width > card.height) == (90, True)
    for line in card.lines:
        left, top, right, low = line.box
        assert 0 <= left < right <= card.width
        assert 0 <= top < low <= card.height


def test_a_text_layer_that_says_what_is_seen_is_taken_as_it_is(
    reader: Reader, card: PageReading
) -> None:
    image = _image("08-sideways", "04.jpg").transpose(Image.Transpose.ROTATE_270)
    layer = [replace(line, confidence=1.0, corners=(), at=(), sure=()) for line in card.lines]
    page = reader(image, layer)
    assert sum(line in layer for line in page.lines) >= len(layer) - 1


def test_a_text_layer_that_says_something_else_is_not_believed(
    reader: Reader, card: PageReading
) -> None:
    image = _image("08-sideways", "04.jpg").transpose(Image.Transpose.ROTATE_270)
    forged = [
        replace(line, text="9" * len(line.text), confidence=1.0, corners=(), at=(), sure=())
        for line in card.lines
    ]
    assert not any("99999" in line.text for line in reader(image, forged).lines)


def test_an_empty_page_has_no_lines_and_no_kind(reader: Reader) -> None:
    page = reader(Image.new("RGB", (800, 1100), "white"))
    assert (page.kind, page.rotation, page.lines, page.confidence) == (Kind.OTHER, 0, (), 0.0)
