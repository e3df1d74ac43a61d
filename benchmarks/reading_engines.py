"""Two ways to recognise a page, for one way to extract its fields: our engine, and Tesseract."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import groupby, pairwise
from operator import itemgetter

from PIL import Image

from documents.boxes import Box, around
from documents.packets.pages import PageImage
from documents.reading import PageReading, read_page
from documents.reading.page import TextLine
from documents.reading.page_papers import classify_page

Recogniser = Callable[[PageImage], PageReading]
_WORD = "5"
"""What the program calls the level of a word in its table."""
_PLACE = ("block_num", "par_num", "line_num")
_GAP, _COLUMN = 0.4, 1.2
"""In heights of a line: a gap that is a blank, and one that parts two columns, as ours has it."""


def ours(page: PageImage) -> PageReading:
    """What the product reads."""
    return read_page(page.image, page.text_layer)


def tesseract_is_here() -> bool:
    """Whether the program and its Chinese are installed (tesseract-ocr-chi-sim of Debian)."""
    return bool(shutil.which("tesseract")) and "chi_sim" in _said("--list-langs")


def tesseract(page: PageImage) -> PageReading:
    """What Tesseract chi_sim reads of the picture, first turned as it says that it stands."""
    degrees = _rotation(page.image)
    upright = page.image.rotate(-degrees, expand=True)
    table = _said("stdin", "stdout", "-l", "chi_sim", "--psm", "3", "tsv", picture=upright)
    lines = list(_lines(table))
    verdict = classify_page(lines, *upright.size)
    sure = [line.confidence for line in lines]
    return PageReading(
        kind=verdict.kind,
        kind_confidence=verdict.confidence,
        rotation=degrees,
        confidence=round(sum(sure) / len(sure), 4) if sure else 0.0,
        width=upright.width,
        height=upright.height,
        lines=tuple(lines),
        also=verdict.also,
    )


def _rotation(image: Image.Image) -> int:
    told = _said("stdin", "stdout", "--psm", "0", picture=image)
    turns = [line.split(":")[1] for line in told.splitlines() if line.startswith("Rotate:")]
    return int(turns[0]) if turns else 0


def _said(*words: str, picture: Image.Image | None = None) -> str:
    out = io.BytesIO()
    if picture:
        picture.save(out, "PNG", compress_level=1)
    done = subprocess.run(["tesseract", *words], input=out.getvalue(), capture_output=True)
    return done.stdout.decode("utf-8", "replace")


def _lines(table: str) -> Iterator[TextLine]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == _WORD and row["text"].strip()]
    for _place, line in groupby(words, itemgetter(*_PLACE)):
        yield _line(list(line))


def _line(words: list[dict[str, str]]) -> TextLine:
    boxes = [_box(word) for word in words]
    whole = reduce(around, boxes)
    height = whole[3] - whole[1]
    text = words[0]["text"].strip()
    for (one, other), word in zip(pairwise(boxes), words[1:], strict=True):
        gap = (other[0] - one[2]) / max(height, 1)
        text += " " * ((gap > _GAP) + (gap > _COLUMN)) + word["text"].strip()
    return TextLine(text, min(float(word["conf"]) for word in words) / 100, whole)


def _box(word: dict[str, str]) -> Box:
    left, top, wide, high = (int(word[key]) for key in ("left", "top", "width", "height"))
    return (left, top, left + wide, top + high)
