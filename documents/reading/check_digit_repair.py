"""Corrects one unclear digit of an ID or card number with the help of the check digit."""

from collections.abc import Callable

from documents.check_digits import card_number_is_valid, id_number_is_valid
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.spans import Span

_DOUBTFUL = 0.9
_MENDED = 0.75
"""Below the confidence that counts as sure: a person or another paper must agree."""

_CHECKS: dict[FieldName, Callable[[str], bool]] = {
    FieldName.ID_NUMBER: id_number_is_valid,
    FieldName.BANK_CARD_NUMBER: card_number_is_valid,
}


def fails_check(name: FieldName, value: object) -> bool:
    """Whether the field has a check digit and this value does not pass it."""
    check = _CHECKS.get(name)
    return check is not None and not check(str(value))


def mended(name: FieldName, piece: Span, found: FoundValue) -> FoundValue:
    """The find with its one unclear digit replaced, where only one other digit passes the check."""
    if not fails_check(name, found.value):
        return found
    number = str(found.value)
    doubtful = _doubtful(piece.cut(found.start, found.end), len(number))
    if len(doubtful) != 1:
        return found
    place = doubtful[0]
    options = [number[:place] + digit + number[place + 1 :] for digit in "0123456789"]
    passing = [option for option in options if not fails_check(name, option)]
    return found._replace(value=passing[0], quality=_MENDED) if len(passing) == 1 else found


def _doubtful(piece: Span, length: int) -> list[int]:
    """The places of unclear characters in a number of that length; empty if unknown."""
    sure = [
        part.row.line.sure[index]
        for part in piece.slices
        if part.row.line.sure
        for index in range(part.start, part.end)
        if part.row.text[index].isalnum()
    ]
    if len(sure) != length:
        return []
    return [place for place, value in enumerate(sure) if value < 100 * _DOUBTFUL]
