"""What is seen on the pages of a packet before they are read: cover sheets, and empty backs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.packets.confined_child import as_file, ask
from documents.packets.cover_sheet import CoverSheet, sheet_in
from documents.packets.file_limits import Limits
from documents.packets.media_types import OFD
from documents.packets.opening import PacketFile
from documents.packets.unfit import Unfit

_AT_A_TIME = 20
"""Pages that one process looks at: its limit of time is that of a few pages."""


@dataclass(frozen=True)
class SurveyedPage:
    """A page of a packet: the place of its file among the others, and its number in it, from 1."""

    file: int
    number: int
    sheet: CoverSheet | None = None
    is_blank: bool = False


def survey(files: Sequence[PacketFile], limits: Limits) -> tuple[SurveyedPage, ...]:
    """All pages in their order. A page that cannot be looked at shows nothing: the reader will say
    what is wrong with it."""
    return tuple(page for place, file in enumerate(files) for page in _pages(place, file, limits))


def _pages(place: int, file: PacketFile, limits: Limits) -> Iterator[SurveyedPage]:
    is_scan = not file.is_small and file.media_type != OFD
    seen = dict(_seen(place, file, limits)) if is_scan else {}
    for number in range(1, file.pages + 1):
        yield seen.get(number, SurveyedPage(place, number))


def _seen(place: int, file: PacketFile, limits: Limits) -> Iterator[tuple[int, SurveyedPage]]:
    for first in range(1, file.pages + 1, _AT_A_TIME):
        last = min(first + _AT_A_TIME - 1, file.pages)
        question = {"media_type": file.media_type, "first": first, "last": last}
        try:
            with as_file(file.data) as data, ask("survey", data, limits, **question) as answer:
                while words := answer.words():
                    number, sheet = int(words["page"]), sheet_in(words["texts"])
                    yield number, SurveyedPage(place, number, sheet, bool(words["blank"]))
        except Unfit:
            continue
