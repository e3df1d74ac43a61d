"""Adds up the own share of a bill from what the account paid and what was paid in cash."""

from collections.abc import Iterator

from documents.reading import numbers
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.page_layout import PageSheet
from documents.reading.spans import Span
from documents.reading.value_places import candidates
from rules.money import Fen, fen, yuan

_OF_ACCOUNT = {"个人账户支付", "个人账户"}
_IN_CASH = {"个人现金支付", "个人现金", "现金支付"}
_ADDED_UP = 0.8
"""How far a sum is trusted that the page does not print itself: a person looks."""


def own_share_of_parts(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """Both parts as one sum, for bills that print 个人支付 under a seal or not at all."""
    account, cash = _sum_after(sheet, _OF_ACCOUNT), _sum_after(sheet, _IN_CASH)
    if account is None or cash is None:
        return
    (_, of_account), (piece, in_cash) = account, cash
    whole = yuan(Fen(fen(str(of_account.value)) + fen(str(in_cash.value))))
    quality = _ADDED_UP * min(of_account.quality, in_cash.quality)
    added = FoundValue(whole, in_cash.start, in_cash.end, quality)
    yield from offer(sheet, FieldName.OWN_SHARE, piece, added, page)


def _sum_after(sheet: PageSheet, labels: set[str]) -> tuple[Span, FoundValue] | None:
    for row in sheet.rows:
        for mark in row.marks:
            if mark.label in labels:
                for piece in candidates(sheet, row, mark):
                    if found := numbers.first(numbers.find_amounts, piece.text):
                        return piece, found
    return None
