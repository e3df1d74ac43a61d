"""Letters are read by a process of its own, which may fail without harm."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from PIL import Image, ImageDraw

from documents.packets.file_limits import USUAL_LIMITS
from documents.packets.shut_in_reader import read_page
from documents.reading import TextLine
from rules.errors import Transient

pytestmark = pytest.mark.slow  # loads the models


def test_a_process_that_is_too_slow_is_ended_and_the_next_one_reads_the_page() -> None:
    page = Image.new("RGB", (500, 300), "white")
    ImageDraw.Draw(page).text((60, 60), "2026", fill="black", font_size=60)
    with pytest.raises(Transient, match="超时"):
        read_page(page, None, replace(USUAL_LIMITS, patience=0))
    read = read_page(page, [TextLine("2026", 1.0, (55, 60, 210, 130))], USUAL_LIMITS)
    assert [line.text for line in read.lines] == ["2026"]
    assert (read.width, read.height) == page.size


class LinesThatMeet(list[TextLine]):
    """Lines that a process is told only once another one is told its own."""

    both = Barrier(2)

    def __iter__(self) -> Iterator[TextLine]:
        self.both.wait()
        return super().__iter__()


def test_pages_of_two_threads_are_read_side_by_side() -> None:
    page = Image.new("RGB", (500, 300), "white")
    ImageDraw.Draw(page).text((60, 60), "2026", fill="black", font_size=60)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(read_page, page, LinesThatMeet(), USUAL_LIMITS) for _ in "12"]
    assert [[line.text for line in one.result().lines] for one in asked] == [["2026"], ["2026"]]
