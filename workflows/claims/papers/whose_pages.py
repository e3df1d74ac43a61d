"""Whose the pages of a claim are, where they are the papers of several people.

Two ID cards with different numbers, or two application forms of different people, tell that a
stack was handed in as one claim. One number on a card and another on a form is no such sign: that
is a mistake in the papers of one person. Papers that came later and bear none of his numbers, but
another one, are another person's.
"""

from collections.abc import Collection, Sequence

from documents.kinds import Kind
from documents.reading.field_names import FieldName
from documents.reading.fields import extract
from documents.reading.numbers import find_ids
from documents.reading.page import PageReading

_TELLING = (Kind.ID_CARD_FRONT, Kind.APPLICATION_FORM)


def are_several(readings: Sequence[PageReading]) -> bool:
    """Whether these pages are the papers of several people."""
    return any(_are_of_several(_of_kind(readings, kind)) for kind in _TELLING)


def name_others(arrivals: Collection[Sequence[PageReading]]) -> bool:
    """Whether papers that came one after the other bear numbers of different people."""
    if len(arrivals) < 2:
        return False
    return len(_people([frozenset().union(*map(_numbers, pages)) for pages in arrivals])) > 1


def whose_pages(readings: Sequence[PageReading]) -> tuple[int, ...]:
    """For each page the place of its person among those on the pages, from 0, as a proposal: the
    person whose number or name stands on it, or else that of the page before."""
    telling = [page for page in readings if any(kind in _kinds(page) for kind in _TELLING)]
    people = _people([_numbers(page) for page in telling])
    if len(people) < 2:
        people = _people([_numbers(page) for page in readings])
    names = [_names([page for page in telling if _numbers(page) & each]) for each in people]
    named = [_named_on(page, people, names) for page in readings]
    first = next((place for place in named if place is not None), 0)
    whose, last = [], first
    for place in named:
        last = last if place is None else place
        whose.append(last)
    return tuple(whose)


def _named_on(
    page: PageReading, people: Sequence[frozenset[str]], names: Sequence[frozenset[str]]
) -> int | None:
    numbers, text = _numbers(page), "".join(line.text for line in page.lines).replace(" ", "")
    found = [place for place, each in enumerate(people) if numbers & each]
    found = found or [n for n, each in enumerate(names) if any(name in text for name in each)]
    return found[0] if len(found) == 1 else None


def _are_of_several(pages: Sequence[PageReading]) -> bool:
    return len(pages) > 1 and len(_people([_numbers(page) for page in pages])) > 1


def _people(pages: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The numbers of each person; those that stand on one page are of one person's papers."""
    people: list[frozenset[str]] = []
    for numbers in filter(None, pages):
        same = [each for each in people if each & numbers]
        whole = numbers.union(*same)
        place = people.index(same[0]) if same else len(people)
        people = [each for each in people if each not in same]
        people.insert(place, whole)
    return people


def _names(pages: Sequence[PageReading]) -> frozenset[str]:
    found = (extract([page]).fields.get(FieldName.MEMBER_NAME) for page in pages)
    return frozenset(str(each.value) for each in found if each)


def _numbers(page: PageReading) -> frozenset[str]:
    """The ID numbers on the page that pass their check."""
    found = (each for line in page.lines for each in find_ids(line.text))
    return frozenset(str(each.value) for each in found if each.quality == 1.0)


def _of_kind(readings: Sequence[PageReading], kind: Kind) -> list[PageReading]:
    return [page for page in readings if kind in _kinds(page)]


def _kinds(page: PageReading) -> tuple[Kind, ...]:
    return (page.kind, *page.also)
