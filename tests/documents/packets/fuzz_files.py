"""Opens files made up at random, each in a process that is shut in as always, and says how these
ended.

They are forked instead of started, since most of the time of a start is Python's; and from here
instead of from the tests, since a fork of a large process takes longer.
"""

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from random import Random

from pillow_heif import register_heif_opener

from documents.memory_file import memory_file
from documents.packets import media_types
from documents.packets.child_program import answer_shut_in, load
from documents.packets.confined_child import ChildOutput
from documents.packets.file_limits import Limits
from documents.packets.isolation import isolation
from documents.packets.shut_in import Isolation
from documents.packets.unfit import Unfit
from samples.ofd import packed, signed
from tests.documents.conftest import archive, pdf, picture
from tests.documents.packets.ofd_parts import TEXT, parts_of
from tests.sheets import a_sheet

LIMITS = Limits(max_pixels=1_000_000, max_pages=5, max_bytes_packet=5_000_000, seconds=5)
QUESTIONS: dict[str, tuple[str, dict[str, int]]] = {
    media_types.ZIP: ("unpack", {}),
    media_types.OFFICE: ("list", {}),
}
DRAW = ("draw", {"page": 1, "dpi": 40})


def main(count: int, seed: str) -> None:
    """Print how often each end came."""
    draw, files, level = Random(seed), seeds(), shutting_in()
    for media_type in set(map(media_types.media_type_of_whole, files)):
        load("draw", str(media_type))
    ends: Counter[str] = Counter()
    for _ in range(count):
        data = bent(draw, files)
        media_type = media_types.media_type_of_whole(data)
        ends[ended(data, media_type, level) if media_type else "unknown_type"] += 1
    print(json.dumps(ends))


def shutting_in() -> Isolation:
    """What a running process can do to itself here."""
    level = isolation(LIMITS.isolation)
    return Isolation.LANDLOCK if level is Isolation.BUBBLEWRAP else level


def seeds() -> list[bytes]:
    """Small files of each kind that is taken in."""
    register_heif_opener()
    pictures = [
        picture(kind, (40, 60)) for kind in ("JPEG", "PNG", "TIFF", "HEIF", "WEBP", "BMP", "GIF")
    ]
    old_excel = Path(__file__).parents[2] / "banking" / "reply.xls"
    sheet = a_sheet([["姓名", "证件号码"], ["张三", "1"]])
    receipt = packed(signed(parts_of(TEXT)))
    papers = [pdf(2), archive({"a.jpg": pictures[0], "b/c.pdf": pdf()}), receipt]
    return [*pictures, *papers, sheet, old_excel.read_bytes()]


def bent(draw: Random, files: list[bytes]) -> bytes:
    """One of these files, but for some of its bytes or parts."""
    data = bytearray(draw.choice(files))
    for _ in range(draw.choice((1, 1, 2, 5, 40))):
        place, length = draw.randrange(len(data) + 1), draw.choice((1, 2, 4, 16, 200))
        match draw.randrange(5):
            case 0:
                data[place : place + length] = draw.randbytes(length)
            case 1:
                data[place : place + length] = draw.choice((b"\0", b"\xff", b"\x7f")) * length
            case 2:
                del data[place : place + length]
            case 3:
                other = draw.choice(files)
                start = draw.randrange(len(other))
                data[place:place] = other[start : start + length]
            case _:
                data[place:] = data[place:] * 2 if len(data) < 100_000 else b""
    return bytes(data)


def ended(data: bytes, media_type: str, level: Isolation) -> str:
    """How the process ended that was asked about this file."""
    verb, more = QUESTIONS.get(media_type, DRAW)
    question = {"media_type": media_type, **more}
    with memory_file() as source, memory_file() as output:
        source.write(data)
        source.seek(0)
        if (child := os.fork()) == 0:
            code = 1
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                code = answer_shut_in(verb, source, output, LIMITS, level, question)
                output.flush()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            return signal.Signals(-code).name if code < 0 else str(code)
        output.seek(0)
        return read_to_the_end(ChildOutput(output, LIMITS))


def read_to_the_end(answer: ChildOutput) -> str:
    """What the program makes of the answer."""
    try:
        while words := answer.words():
            answer.bytes(words.get("size", words.get("width", 0) * words.get("height", 0) * 3))
    except Unfit as refusal:
        return refusal.fault
    return "answered"


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
