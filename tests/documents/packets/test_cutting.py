"""What is cut out of a file shows what its pages showed there, and nothing of the others."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from documents.packets.cutting import files_of
from documents.packets.file_limits import Limits
from documents.packets.media_types import PDF, TIFF
from documents.packets.opening import PacketFile, open_upload
from documents.packets.pages import render
from documents.packets.surveyed import SurveyedPage

pytestmark = pytest.mark.slow  # each test opens files in child processes

LIMITS = Limits()


def pages() -> list[Image.Image]:
    made = [Image.new("L", (300, 400), "white") for _ in range(4)]
    for number, page in enumerate(made):
        ImageDraw.Draw(page).rectangle((20, 20, 60 + 40 * number, 90), fill=20 * number)
    return made


def a_file(form: str) -> PacketFile:
    out, [first, *others] = io.BytesIO(), pages()
    first.save(out, form, save_all=True, append_images=others)
    [file] = open_upload("件", [("a", out.getvalue())], LIMITS).files
    return file


def cut(file: PacketFile, first: int, last: int) -> bytes:
    wanted = [SurveyedPage(0, number) for number in range(first, last + 1)]
    [(name, data)] = files_of(wanted, [file], LIMITS)
    assert name == file.name
    return data


@pytest.mark.parametrize(("form", "media_type"), [("PDF", PDF), ("TIFF", TIFF)], ids=str)
def test_cut_pages_are_those_of_the_file_and_the_same_bytes_each_time(
    form: str, media_type: str
) -> None:
    whole = a_file(form)
    part = cut(whole, 2, 3)
    assert part == cut(whole, 2, 3)
    [opened] = open_upload("件", [("a", part)], LIMITS).files
    assert (opened.pages, opened.media_type) == (2, media_type)
    for number in (1, 2):
        shown = render(part, media_type, number, LIMITS).image
        before = render(whole.data, media_type, number + 1, LIMITS).image
        assert np.array_equal(np.asarray(shown), np.asarray(before))


def test_a_file_of_which_all_pages_go_together_stays_as_it_came() -> None:
    whole = a_file("PDF")
    assert cut(whole, 1, 4) == whole.data
