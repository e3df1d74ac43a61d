"""Compares the days of admission and discharge with the count of days that a paper prints (R2)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from documents.reading.agreement import Choice
from documents.reading.evidence import FieldValue
from documents.reading.field_names import FieldName

_IMPOSSIBLE = 0.5
_TRIO = FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON, FieldName.DAYS_IN_HOSPITAL
_LONGEST = 400


def days_between(admitted: FieldValue, discharged: FieldValue) -> int:
    """The length of a stay: the day of discharge less that of admission."""
    return (_day(discharged) - _day(admitted)).days


def is_counted(fields: Mapping[FieldName, FieldValue]) -> bool:
    """Whether the printed days are just the length of the stay."""
    admitted, discharged, days = (fields.get(name) for name in _TRIO)
    if admitted is None or discharged is None or days is None:
        return False
    return days.value == days_between(admitted, discharged)


def weighed_by_length(
    fields: dict[FieldName, FieldValue], choices: Mapping[FieldName, Choice]
) -> dict[FieldName, FieldValue]:
    """Raise the confidence of days that fit each other; lower it for those that do not.

    Some hospitals count both the first and the last day: that neither confirms nor contradicts.
    Dates that two papers each say are believed before a count of days.
    """
    admitted, discharged, days = (fields.get(name) for name in _TRIO)
    if not admitted or not discharged:
        return fields
    length = days_between(admitted, discharged)
    if length < 0:
        return fields | {name: _doubted(fields[name]) for name in _TRIO[:2]}
    if days is None or days.value == length + 1:
        return fields
    if is_counted(fields):
        return fields | {name: _confirmed(fields[name]) for name in _TRIO}
    doubtful = [name for name in _TRIO if not choices[name].is_said_twice]
    return fields | {name: _doubted(fields[name]) for name in {*doubtful, _TRIO[2]}}


def counted_from(name: FieldName, fields: Mapping[FieldName, FieldValue]) -> str | None:
    """The day of admission or discharge that the printed days give from the other; else None."""
    admitted, discharged, days = (fields.get(each) for each in _TRIO)
    if admitted is None or discharged is None or days is None:
        return None
    count = timedelta(int(str(days.value)))
    if days_between(admitted, discharged) == count.days or count.days > _LONGEST:
        return None
    if name is FieldName.ADMITTED_ON:
        return (_day(discharged) - count).isoformat()
    return (_day(admitted) + count).isoformat() if name is FieldName.DISCHARGED_ON else None


def _day(value: FieldValue) -> date:
    return date.fromisoformat(str(value.value))


def _doubted(value: FieldValue) -> FieldValue:
    return replace(value, confidence=round(value.confidence * _IMPOSSIBLE, 4))


def _confirmed(value: FieldValue) -> FieldValue:
    return replace(value, confidence=round(1 - (1 - value.confidence) / 2, 4))
