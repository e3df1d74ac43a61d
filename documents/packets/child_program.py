"""The short-lived process in which handed-in files are opened; `confined_child` starts it.

The file is standard input and the answer goes to standard output, both plain files without a name.
A crash, a limit or a time-out here ends this process only.
It starts for every file and page, so it imports only what the question needs.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

from documents.packets import media_types
from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import MEBIBYTE, Limits

READY = b"ready\n"
"""Written once everything is loaded: a failure before it is the machine's, not the file's."""

_READERS = {
    media_types.ZIP: "documents.packets.archive",
    media_types.PDF: "documents.packets.pdf",
    media_types.HEIC: "pillow_heif",
    media_types.OFFICE: "documents.packets.workbook",
}


def main(verb: str, arguments: str, limits: str) -> None:
    """Answer one question about the file on standard input."""
    bounds, question = Limits(**json.loads(limits)), json.loads(arguments)
    import_module(_READERS.get(question["media_type"], "documents.packets.picture"))
    answer = sys.stdout.buffer
    answer.write(READY)
    answer.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # decoders write warnings there
    _confine(bounds)
    try:
        _VERBS[verb](sys.stdin.buffer, answer, bounds, **question)
    except Unusable as refusal:
        _say(answer, fault=refusal.fault)


def _confine(limits: Limits) -> None:
    with suppress(ImportError):  # not on Windows, where the wall clock alone must do
        import resource

        roof = limits.max_bytes_packet + limits.max_pixels * 3 + 16 * MEBIBYTE
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (roof, roof))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(ValueError, OSError):  # macOS knows the limit but does not take it
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))


def _count(source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str) -> None:
    if media_type == media_types.PDF:
        from documents.packets import pdf

        _say(answer, pages=pdf.count_pages(source, limits))
    else:
        from documents.packets import picture

        _say(answer, pages=picture.count_pages(source, media_type, limits))


def _draw(
    source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str, page: int, dpi: int
) -> None:
    lines = None
    if media_type == media_types.PDF:
        from documents.packets import pdf

        image, lines = pdf.draw(source, page, dpi, limits)
    else:
        from documents.packets import picture

        image = picture.draw(source, media_type, page, limits)
    _say(answer, width=image.width, height=image.height, lines=lines)
    answer.write(image.tobytes())


def _unpack(source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str) -> None:
    from documents.packets import archive

    for name, content in archive.unpack(source, limits):
        if isinstance(content, FileFault):
            _say(answer, name=name, refused=content)
        else:
            _say(answer, name=name, size=len(content))
            answer.write(content)


def _list(source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str) -> None:
    from documents.packets import workbook

    for words in workbook.lines(source):
        _say(answer, **words)


def _say(answer: BinaryIO, **words: object) -> None:
    answer.write(json.dumps(words).encode() + b"\n")


_VERBS: dict[str, Callable[..., None]] = {
    "count": _count,
    "draw": _draw,
    "unpack": _unpack,
    "list": _list,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
