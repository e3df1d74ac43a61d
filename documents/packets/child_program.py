"""The short-lived process in which handed-in files are opened; `confined_child` starts it.

The file is standard input and the answer goes to standard output, both plain files without a name.
A crash, a limit or a time-out here ends this process only.
It starts for every file and page, so it imports only what the question needs.
"""

import codecs
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from documents.packets import media_types
from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits
from documents.packets.shut_in import Isolation, shut_in

if TYPE_CHECKING:
    from PIL.Image import Image

    from documents.packets.layer_lines import LayerLine
    from documents.page_notes import PageNote

READY = b"ready\n"
"""Written once everything is loaded: a failure before it is the machine's, not the file's."""

MISSES_CODE = 70
"""The exit code where code was to be loaded after `READY`: a fault of the program, not the file."""
_PICTURE = "documents.packets.picture"
READERS = {
    media_types.ZIP: ["documents.packets.archive"],
    media_types.PDF: ["documents.packets.pdf"],
    media_types.HEIC: [_PICTURE, "pillow_heif"],
    media_types.OFD: ["documents.packets.ofd.pages"],
    media_types.OFFICE: ["documents.packets.archive", "documents.packets.workbook"],
    media_types.TEXT: ["documents.packets.text_tables"],
}

"""The modules that open a file of each kind; all are loaded before it is looked at, later on none
can be."""
ALSO = {
    "survey": ["documents.packets.page_survey"],
    "cut": ["documents.packets.pdf_parts"],
}
"""What a question needs besides."""
_ENCODINGS = (
    *("ascii", "cp437", "gb18030", "latin-1", "utf-8", "utf-8-sig"),
    *("utf-16", "utf-16-be", "utf-16-le"),
)


def main(verb: str, arguments: str, limits: str, isolation: str) -> None:
    """Answer one question about the file on standard input."""
    question = json.loads(arguments)
    load(verb, question["media_type"])
    answer = sys.stdout.buffer
    answer.write(READY)
    answer.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # decoders write warnings there
    source, bounds = sys.stdin.buffer, Limits(**json.loads(limits))
    sys.exit(answer_shut_in(verb, source, answer, bounds, Isolation(isolation), question))


def answer_shut_in(
    verb: str,
    source: BinaryIO,
    answer: BinaryIO,
    limits: Limits,
    isolation: Isolation,
    question: dict[str, Any],
) -> int:
    """Give up all that is not needed and answer; the exit code. What is needed is loaded."""
    shut_in(isolation, limits)
    try:
        _VERBS[verb](source, answer, limits, **question)
    except Unusable as refusal:
        _say(answer, fault=refusal.fault)
    except (ImportError, PermissionError, LookupError) as error:
        # A module that may not be read is a PermissionError; an encoding whose module does not
        # load is a LookupError, and none of its kinds.
        if isinstance(error, LookupError) and type(error) is not LookupError:
            raise
        return MISSES_CODE
    return 0


def load(verb: str, media_type: str) -> None:
    """Load what answers this question about such a file."""
    for module in [*READERS.get(media_type, [_PICTURE]), *ALSO.get(verb, [])]:
        import_module(module)
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)


def _count(source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str) -> None:
    if media_type == media_types.PDF:
        from documents.packets import pdf

        _say(answer, pages=pdf.count_pages(source, limits))
    elif media_type == media_types.OFD:
        from documents.packets.ofd import pages

        _say(answer, pages=pages.count_pages(source, limits))
    else:
        from documents.packets import picture

        count, side = picture.count_pages(source, media_type, limits)
        _say(answer, pages=count, side=side)


def _draw(
    source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str, page: int, dpi: int
) -> None:
    image, lines, notes = _drawn(source, limits, media_type, page, dpi)
    _say(answer, width=image.width, height=image.height, lines=lines, notes=notes)
    answer.write(image.tobytes())


def _survey(
    source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str, first: int, last: int
) -> None:
    from documents.packets.page_survey import survey

    for seen in survey(source, limits, media_type, first, last):
        _say(answer, **seen)


def _cut(
    source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str, first: int, last: int
) -> None:
    if media_type == media_types.PDF:
        from documents.packets import pdf_parts

        part = pdf_parts.cut(source, first, last, limits)
    else:
        from documents.packets import picture

        part = picture.cut(source, media_type, first, last, limits)
    _say(answer, size=len(part))
    answer.write(part)


def _drawn(
    source: BinaryIO, limits: Limits, media_type: str, page: int, dpi: int
) -> "tuple[Image, tuple[LayerLine, ...] | None, list[PageNote]]":
    if media_type == media_types.PDF:
        from documents.packets import pdf

        return *pdf.draw(source, page, dpi, limits), []
    if media_type == media_types.OFD:
        from documents.packets.ofd import pages

        return pages.draw(source, page, dpi, limits)
    from documents.packets import picture

    return picture.draw(source, media_type, page, limits), None, []


def _unpack(source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str) -> None:
    from documents.packets import archive

    for name, content in archive.unpack(source, limits):
        if isinstance(content, FileFault):
            _say(answer, name=name, refused=content)
        else:
            _say(answer, name=name, size=len(content))
            answer.write(content)


def _list(source: BinaryIO, answer: BinaryIO, limits: Limits, media_type: str) -> None:
    if media_type == media_types.TEXT:
        from documents.packets.text_tables import lines
    else:
        from documents.packets.archive import refuse_overblown
        from documents.packets.workbook import lines

        refuse_overblown(source, limits)
    for words in lines(source):
        _say(answer, **words)


def _say(answer: BinaryIO, **words: object) -> None:
    answer.write(json.dumps(words).encode() + b"\n")


_VERBS: dict[str, Callable[..., None]] = {
    "count": _count,
    "draw": _draw,
    "survey": _survey,
    "cut": _cut,
    "unpack": _unpack,
    "list": _list,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
