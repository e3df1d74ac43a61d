"""Adds up the own share of a bill from its parts: within the insurance and outside it (自付, 自费),
and from the account and in cash, which come to the same."""

from collections.abc import Iterator, Set

from documents.reading import numbers
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.page_layout import PageSheet
from documents.reading.paper_labels import PARTS_OF_OWN_SHARE
from documents.reading.spans import Span
from documents.reading.value_places import candidates
from rules.money import Fen, fen, yuan

_ADDED_UP = 0.8
"""How far a sum is trusted that the page does not print itself: a person looks."""

_Part = tuple[Span, FoundValue]


def own_share_of_parts(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """The own share by its parts, for bills that print 个人支付 under a seal or not at all; sure
    where both ways come to the same."""
    printed = _printed(sheet)
    if not _says_more(printed):
        return
    by_means = _added(_sum_after(sheet, "account"), _sum_after(sheet, "cash"))
    by_kind = _sum_after(sheet, "insured")
    if "rest" in printed:
        by_kind = _added(by_kind, _sum_after(sheet, "rest"))
    if by_means and by_kind and by_means[1].value == by_kind[1].value:
        yield from offer(sheet, FieldName.OWN_SHARE, *by_means, page)
        return
    for piece, whole in filter(None, (by_means, by_kind)):
        doubted = whole._replace(quality=whole.quality * _ADDED_UP)
        yield from offer(sheet, FieldName.OWN_SHARE, piece, doubted, page)


def is_part(label: str, sheet: PageSheet) -> bool:
    """Whether the label asks for the sum within the insurance alone on a bill that says what the
    member bore besides or by which means he paid."""
    return label in PARTS_OF_OWN_SHARE["insured"] and _says_more(_printed(sheet))


def _says_more(printed: Set[str]) -> bool:
    return "rest" in printed or {"account", "cash"} <= printed


def _printed(sheet: PageSheet) -> set[str]:
    labels = {mark.label for row in sheet.rows for mark in row.marks}
    return {part for part, known in PARTS_OF_OWN_SHARE.items() if not known.isdisjoint(labels)}


def _added(one: _Part | None, other: _Part | None) -> _Part | None:
    """Both sums as one; None where one of them was not found."""
    if one is None or other is None:
        return None
    figures = [piece.cut(found.start, found.end) for piece, found in (one, other)]
    both = Span(tuple(part for each in figures for part in each.slices), " ")
    whole = yuan(Fen(fen(str(one[1].value)) + fen(str(other[1].value))))
    return both, FoundValue(whole, 0, len(both.text), min(one[1].quality, other[1].quality))


def _sum_after(sheet: PageSheet, part: str) -> _Part | None:
    labels = PARTS_OF_OWN_SHARE[part]
    for row in sheet.rows:
        for mark in row.marks:
            if mark.label in labels:
                for piece in candidates(sheet, row, mark):
                    if found := numbers.first(numbers.find_amounts, piece.text):
                        return piece, found
    return None
