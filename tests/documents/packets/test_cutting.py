"""What is cut out of a file shows what its pages showed there, and nothing of the others."""

import io
import re
import zlib
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import BinaryIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from documents.packets import cutting
from documents.packets.confined_child import ChildOutput, ProcessKilled, ask
from documents.packets.cutting import files_of
from documents.packets.file_limits import MEBIBYTE, Limits
from documents.packets.media_types import PDF, TIFF
from documents.packets.opening import PacketFile, open_upload
from documents.packets.pages import page_count, render
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


def test_frames_for_which_one_process_has_no_room_become_several_files() -> None:
    out, [first, *others] = io.BytesIO(), [Image.new("RGB", (4000, 3000))] * 9
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_adobe_deflate")
    file = PacketFile("a", TIFF, out.getvalue(), "0" * 64, 9)
    wanted = [SurveyedPage(0, number) for number in range(1, 9)]
    parts = list(files_of(wanted, [file], replace(LIMITS, memory=400 * MEBIBYTE)))
    assert len(parts) > 1
    assert sum(page_count(data, TIFF, LIMITS).pages for _name, data in parts) == len(wanted)


def test_pages_that_together_have_their_process_killed_are_cut_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed_over_two(
        verb: str, source: BinaryIO, limits: Limits, **question: int
    ) -> AbstractContextManager[ChildOutput]:
        if question["first"] < question["last"]:
            raise ProcessKilled("SIGKILL")
        return ask(verb, source, limits, **question)

    file = a_file("TIFF")
    monkeypatch.setattr(cutting, "ask", killed_over_two)
    wanted = [SurveyedPage(0, number) for number in (2, 3)]
    parts = [data for _name, data in files_of(wanted, [file], LIMITS)]
    assert [page_count(data, TIFF, LIMITS).pages for data in parts] == [1, 1]


def test_a_file_of_which_all_pages_go_together_stays_as_it_came() -> None:
    whole = a_file("PDF")
    assert cut(whole, 1, 4) == whole.data


OBJECT = b"%d 0 obj\n%b\nendobj\n"
PICTURE = b"/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8"
PICTURES = [bytes([10 + 40 * number]) * 64 for number in range(3)]


def a_stream(told: bytes, data: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (told, len(data), data)


def with_one_list(drawing: str) -> PacketFile:
    """Three pages, each with a picture of its own, and one list that names all pictures; what they
    draw by way of a drawing within the page holds the list as well."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R 5 0 R 6 0 R]/Count 3/MediaBox[0 0 200 200]/Resources 3 0 R>>",
        b"<</XObject<</I0 10 0 R/I1 11 0 R/I2 12 0 R/F0 13 0 R>>>>",
        *(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % (7 + n) for n in range(3)),
        *(a_stream(b"", b"q 99 0 0 99 %d 9 cm /%b Do Q" % (9 * n, b"F0" if drawing == "within"
          and n == 1 else b"I%d" % n)) for n in range(3)),
        *(a_stream(b"/Type/XObject" + PICTURE, picture) for picture in PICTURES),
        a_stream(b"/Subtype/Form/BBox[0 0 9 9]/Resources 3 0 R", b"q 1 0 0 1 0 0 cm /I1 Do Q"),
    ]  # fmt: skip
    data = b"%PDF-1.4\n" + b"".join(OBJECT % each for each in enumerate(objects, 1))
    data += b"trailer\n<</Root 1 0 R>>\n%%EOF"
    [file] = open_upload("件", [("a", data)], LIMITS).files
    return file


def pictures_in(data: bytes) -> list[int]:
    streams = re.findall(rb"stream\r\n(.*?)\r\nendstream", data, re.DOTALL)
    plain = [zlib.decompress(each) if each[:1] == b"\x78" else each for each in streams]
    return [number for number, picture in enumerate(PICTURES) if picture in plain]


@pytest.mark.parametrize(("drawing", "held"), [("plain", [0, 1]), ("within", [])], ids=str)
def test_a_part_holds_no_picture_of_other_pages_where_all_share_one_list(
    drawing: str, held: list[int]
) -> None:
    whole = with_one_list(drawing)
    part = cut(whole, 1, 2)
    assert pictures_in(part) == held
    for number in (1, 2):
        shown = np.asarray(render(part, PDF, number, LIMITS).image, int)
        before = np.asarray(render(whole.data, PDF, number, LIMITS).image, int)
        assert np.abs(shown - before).max() < 30
