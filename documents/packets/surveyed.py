"""What is seen on the pages of a packet before they are read: cover sheets, empty backs, flaws."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from documents.packets.confined_child import ProcessKilled, as_file, ask
from documents.packets.cover_sheet import CoverSheet, sheet_in
from documents.packets.file_limits import Limits
from documents.packets.media_types import OFD
from documents.packets.opening import PacketFile
from documents.packets.page_flaws import PageFlaw
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
    is_unseen: bool = False
    """Whether it could not be looked at, so that nobody knows whether it is a sheet."""
    flaws: tuple[PageFlaw, ...] = ()


def survey(
    files: Sequence[PacketFile], limits: Limits, go_on: Callable[[], None]
) -> tuple[SurveyedPage, ...]:
    """All pages in their order; `go_on` is called after each look at some of them. What is wrong
    with a page that cannot be looked at the reader will say."""
    return tuple(
        page for place, file in enumerate(files) for page in _pages(place, file, limits, go_on)
    )


def _pages(
    place: int, file: PacketFile, limits: Limits, go_on: Callable[[], None]
) -> Iterator[SurveyedPage]:
    is_scan = not file.is_small and file.media_type != OFD
    for first in range(1, file.pages + 1, _AT_A_TIME):
        numbers = range(first, min(first + _AT_A_TIME, file.pages + 1))
        seen = _seen(place, file, limits, numbers, go_on) if is_scan else {}
        for number in numbers:
            yield seen.get(number, SurveyedPage(place, number, is_unseen=is_scan))


def _seen(
    place: int, file: PacketFile, limits: Limits, numbers: range, go_on: Callable[[], None]
) -> dict[int, SurveyedPage]:
    """Together, which is quick; one by one where a page among them ends the process."""
    try:
        return _look(place, file, limits, numbers)
    except (Unfit, ProcessKilled):
        found: dict[int, SurveyedPage] = {}
        for number in numbers:
            go_on()
            with suppress(Unfit, ProcessKilled):
                found |= _look(place, file, limits, range(number, number + 1))
        return found
    finally:
        go_on()


def _look(place: int, file: PacketFile, limits: Limits, numbers: range) -> dict[int, SurveyedPage]:
    found = {}
    question = {"media_type": file.media_type, "first": numbers[0], "last": numbers[-1]}
    with as_file(file.data) as data, ask("survey", data, limits, **question) as answer:
        while words := answer.words():
            number, sheet = int(words["page"]), sheet_in(words["texts"])
            flaws = tuple(map(PageFlaw, words["flaws"]))
            is_blank = bool(words["blank"])
            found[number] = SurveyedPage(place, number, sheet, is_blank, flaws=flaws)
    return found
