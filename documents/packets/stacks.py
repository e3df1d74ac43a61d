"""Which pages of a stack belong together: cover sheets lie between the papers of several claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.packets.surveyed import SurveyedPage


@dataclass(frozen=True)
class StackPart:
    """Pages that belong to one claim, with the sheets of that claim that lay among them."""

    pages: tuple[SurveyedPage, ...] = ()

    @property
    def number(self) -> str | None:
        """The claim's number on its sheet; None where none lay there."""
        return next((page.sheet.number for page in self.pages if page.sheet), None)

    @property
    def numbers(self) -> frozenset[str]:
        """Of all claims whose sheets lie there."""
        return frozenset(page.sheet.number for page in self.pages if page.sheet)

    @property
    def count(self) -> int:
        """Pages of papers: neither sheets nor empty backs."""
        return sum(page.sheet is None and not page.is_blank for page in self.pages)

    @property
    def told(self) -> int | None:
        """So many pages the sheets say they lie on; None where one does not say it."""
        told = [page.sheet.pages for page in self.pages if page.sheet]
        return sum(filter(None, told)) if told and None not in told else None

    @property
    def is_counted_wrong(self) -> bool:
        """Whether the sheets say another number of pages than there are."""
        return self.told is not None and self.told != self.count

    @property
    def unseen(self) -> int:
        """So many pages of which nobody knows whether they are sheets."""
        return sum(page.is_unseen for page in self.pages)


def parts_of(pages: Sequence[SurveyedPage]) -> list[StackPart]:
    """The parts of a stack, in its order; one where there is nothing to part.

    A sheet lies on its pages, up to the next one; in a stack that ends with a sheet and does not
    begin with one, under them, if no sheet tells another number of pages then.
    """
    sheets = [at for at, page in enumerate(pages) if page.sheet]
    if not sheets or _is_of_one(pages, sheets):
        return [StackPart(tuple(pages))]
    papers = [at for at, page in enumerate(pages) if not page.is_blank]
    if papers[0] == sheets[0]:
        return list(_cut(pages, sheets[1:]))
    under = list(_cut(pages, [at + 1 for at in sheets[:-1]]))
    if papers[-1] == sheets[-1] and not any(part.is_counted_wrong for part in under):
        return under
    return list(_cut(pages, sheets))


def _is_of_one(pages: Sequence[SurveyedPage], sheets: Sequence[int]) -> bool:
    """Whether all is for the one claim of the sheets, wherever among several files they lie, whose
    order is that of their names. In one file, pages above a sheet that does not count them are of
    nobody it knows."""
    whole = StackPart(tuple(pages))
    if len({sheet.number for at in sheets if (sheet := pages[at].sheet)}) > 1:
        return False
    papers = [at for at, page in enumerate(pages) if not page.is_blank]
    at_an_end = sheets[0] == papers[0] or sheets[-1] == papers[-1]
    are_files = pages[0].file != pages[-1].file
    return at_an_end or are_files or whole.told == whole.count


def _cut(pages: Sequence[SurveyedPage], before: Sequence[int]) -> Iterator[StackPart]:
    for start, end in zip([0, *before], [*before, len(pages)], strict=True):
        yield StackPart(tuple(pages[start:end]))
