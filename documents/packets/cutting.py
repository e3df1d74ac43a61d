"""Makes files of their own of the pages that belong together; a file that is not cut stays as it
came."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from documents.packets.confined_child import ProcessKilled, as_file, ask
from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile
from documents.packets.surveyed import SurveyedPage
from documents.packets.unfit import Unfit


def files_of(
    pages: Sequence[SurveyedPage], files: Sequence[PacketFile], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    """Name and content of the files that hold these pages alone, in their order; pages between
    which others lay are files of their own."""
    runs = groupby(enumerate(pages), key=lambda at: (at[1].file, at[1].number - at[0]))
    for (place, _gap), run in runs:
        file, numbers = files[place], [page.number for _at, page in run]
        if len(numbers) == file.pages:
            yield file.name, file.data
        else:
            for part in _cut(file, range(numbers[0], numbers[-1] + 1), limits):
                yield file.name, part


def _cut(file: PacketFile, numbers: range, limits: Limits) -> Iterator[bytes]:
    """These pages as one file; as several where one takes more time or memory than there is."""
    question = {"media_type": file.media_type, "first": numbers[0], "last": numbers[-1]}
    try:
        with as_file(file.data) as data, ask("cut", data, limits, **question) as answer:
            yield answer.bytes(int(answer.words()["size"]))
    except (Unfit, ProcessKilled):
        if len(numbers) == 1:
            raise
        half = len(numbers) // 2
        yield from _cut(file, numbers[:half], limits)
        yield from _cut(file, numbers[half:], limits)
