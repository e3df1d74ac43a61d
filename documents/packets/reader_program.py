"""The process that reads the letters on pages; `shut_in_reader` starts it.

Loading the models takes seconds, so it outlives a page. It gets no files, only the pixels and lines
that the process made which opened the file, and answers with what it read.
"""

import json
import os
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from documents.packets.child_program import READY
from documents.packets.shut_in import (
    Isolation,
    begin_with_threads,
    end_with_threads,
    limit_memory,
    limit_time_from_now,
)
from documents.reading import ocr, scan
from documents.reading.page import TextLine


def main(isolation: str, threads: str, seconds: str, memory: str, *code: str) -> None:
    """Read pages from standard input until it ends, on so many threads; `code` is what may be read
    of the disk. A page that takes more processor time, or memory that is not there, ends the
    process."""
    level = Isolation(isolation)
    # First, since it binds threads that are started later, and the models start some.
    begin_with_threads(level, [Path(path) for path in code])
    ocr.warm_up(int(threads))
    scan.read(_specimen())
    end_with_threads(level)
    limit_memory(int(memory))
    pages, answer = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    answer.write(READY)
    answer.flush()
    while line := pages.readline():
        limit_time_from_now(int(seconds))
        told = json.loads(line)
        size = told["width"], told["height"]
        image = Image.frombytes("RGB", size, pages.read(size[0] * size[1] * 3))
        lines = None if told["lines"] is None else [_line(*each) for each in told["lines"]]
        answer.write(scan.read(image, lines).to_json().encode() + b"\n")
        answer.flush()


def _line(text: str, box: list[int]) -> TextLine:
    return TextLine(text, 1.0, (box[0], box[1], box[2], box[3]))


def _specimen() -> Image.Image:
    """A page with a line on it: what reads it is all that will be needed."""
    page = Image.new("RGB", (600, 400), "white")
    ImageDraw.Draw(page).text((60, 60), "HUZHU 2026", fill="black", font_size=48)
    return page


if __name__ == "__main__":
    main(*sys.argv[1:])
