"""Makes files of their own of the pages that belong together; a file that is not cut stays as it
came."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from documents.packets.confined_child import as_file, ask
from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile
from documents.packets.surveyed import SurveyedPage


def files_of(
    pages: Sequence[SurveyedPage], files: Sequence[PacketFile], limits: Limits
) -> Iterator[tuple[str, bytes]]:
    """Name and content of the files that hold these pages alone, in their order."""
    for place, group in groupby(pages, key=lambda page: page.file):
        file, numbers = files[place], [page.number for page in group]
        if len(numbers) == file.pages:
            yield file.name, file.data
        else:
            yield file.name, _cut(file, numbers[0], numbers[-1], limits)


def _cut(file: PacketFile, first: int, last: int, limits: Limits) -> bytes:
    question = {"media_type": file.media_type, "first": first, "last": last}
    with as_file(file.data) as data, ask("cut", data, limits, **question) as answer:
        return answer.bytes(int(answer.words()["size"]))
