"""What a field may say instead: other papers and readings, its print, its count, the register."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from documents.reading.evidence import FieldValue
from documents.reading.field_names import FieldName
from documents.reading.fields import Extraction
from documents.reading.found_value import Value
from documents.reading.stay_length import counted_from
from rules import hospitals

_NEAR = 2
"""How many characters a name of the register may differ in to be offered."""


class Source(StrEnum):
    """Where an alternative comes from."""

    PAPER = "paper"
    PRINT = "print"
    """The characters as they were read, where the value was mended, folded or put in full."""
    COUNT = "count"
    """The day that the printed days give, counted from the other end of the stay."""
    REGISTER = "register"
    """The nearest names of the register of hospitals."""


@dataclass(frozen=True)
class Alternative:
    """Another value that was considered; `said` is where it stands, None where no paper says it."""

    value: Value
    source: Source
    said: FieldValue | None = None
    distance: int = 0
    """In how many characters a name of the register differs from the one that was read."""


def alternatives(found: Extraction, name: FieldName) -> list[Alternative]:
    """Each different value beside the chosen one, those that papers say first."""
    chosen = found.fields.get(name)
    if chosen is None:
        return []
    different = {str(chosen.value)}
    kept = []
    for one in _considered(found, name, chosen):
        if str(one.value) not in different:
            different.add(str(one.value))
            kept.append(one)
    return kept


def _considered(found: Extraction, name: FieldName, chosen: FieldValue) -> Iterator[Alternative]:
    choice = found.choices.get(name)
    if choice:
        said = (*choice.others, *choice.witnesses)
        yield from (Alternative(value.value, Source.PAPER, value) for value in said)
    if name in _NAMES:
        yield Alternative(chosen.printed, Source.PRINT, chosen)
    if day := counted_from(name, found.fields):
        yield Alternative(day, Source.COUNT)
    if name is FieldName.HOSPITAL_NAME:
        for distance, listed in hospitals.shipped().near(str(chosen.value), _NEAR):
            yield Alternative(listed, Source.REGISTER, distance=distance)


_NAMES = {FieldName.MEMBER_NAME, FieldName.BANK_NAME, FieldName.UNIT_NAME}
