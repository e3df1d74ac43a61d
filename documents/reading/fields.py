"""Extracts the typed fields of a claim from all its pages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from documents.reading.accidents import accident
from documents.reading.agreement import Disagreement, choose_value
from documents.reading.evidence import FieldValue
from documents.reading.field_names import FIELD_NAMES, SETTLEMENT_SUMS, SHEET_SUMS, FieldName
from documents.reading.found_value import Diagnosis, Value
from documents.reading.labelled import labelled
from documents.reading.other_papers import all_signs, further_diagnoses
from documents.reading.page import PageReading
from documents.reading.page_layout import lay_out
from documents.reading.sentences import sentences
from documents.reading.shown_tests import all_tests, shown_tests
from documents.reading.stay_parts import (
    all_diagnoses,
    further_stays,
    stay_parts,
    without_further,
)
from documents.reading.ticks import ticks
from documents.reading.unlabelled import unlabelled
from documents.reading.yearless_ranges import yearless_ranges

__all__ = [
    "FIELD_NAMES",
    "SETTLEMENT_SUMS",
    "SHEET_SUMS",
    "Diagnosis",
    "Disagreement",
    "Extraction",
    "FieldName",
    "FieldValue",
    "Value",
    "extract",
]

_IMPOSSIBLE = 0.5


@dataclass(frozen=True)
class Extraction:
    """The values read from the papers of one claim."""

    fields: dict[FieldName, FieldValue]
    disagreements: tuple[Disagreement, ...]


def extract(pages: Sequence[PageReading]) -> Extraction:
    """Find, weigh and choose; a field that was not found is absent."""
    candidates = tuple(value for index, page in enumerate(pages) for value in _all(page, index))
    fields, disagreements = {}, []
    parts = stay_parts(candidates)
    contesting = defaultdict(list)
    for value in without_further(candidates, parts) if parts else candidates:
        contesting[value.name].append(value)
    for name in FieldName:
        if values := contesting[name]:
            fields[name], disagreement = choose_value(name, values)
            disagreements += [disagreement] if disagreement else []
    if parts:
        fields[FieldName.FURTHER_STAYS] = further_stays(candidates, parts)
        if told := fields.get(FieldName.DIAGNOSES):
            fields[FieldName.DIAGNOSES] = all_diagnoses(candidates, parts, told)
    if tests := fields.get(FieldName.TESTS_SHOWN):
        shown = (value for value in candidates if value.name is FieldName.TESTS_SHOWN)
        fields[FieldName.TESTS_SHOWN] = all_tests(tests, shown)
    if sign := fields.get(FieldName.EXCLUSION_SIGN):
        fields[FieldName.EXCLUSION_SIGN] = all_signs(candidates, sign)
    fields = _with_known_codes(_plausible(fields), candidates)
    if further := further_diagnoses(candidates, fields.get(FieldName.DIAGNOSES)):
        fields[FieldName.FURTHER_DIAGNOSES] = further
    return Extraction(_without_the_name(fields), tuple(disagreements))


def _all(page: PageReading, index: int) -> list[FieldValue]:
    sheet = lay_out(page)
    values = [
        *labelled(sheet, index),
        *sentences(sheet, index),
        *unlabelled(sheet, index),
        *ticks(sheet, index),
        *shown_tests(sheet, index),
        *accident(sheet, index),
    ]
    if any(value.name is FieldName.ADMITTED_ON for value in values):
        return values
    return values + list(yearless_ranges(sheet, index))


def _without_the_name(fields: dict[FieldName, FieldValue]) -> dict[FieldName, FieldValue]:
    """What is told of an accident becomes part of a decision, which holds no name in clear."""
    name, told = fields.get(FieldName.MEMBER_NAME), fields.get(FieldName.ACCIDENT_CAUSE)
    if name is None or told is None:
        return fields
    text = str(told.value).replace(str(name.value), "本人")
    return fields | {FieldName.ACCIDENT_CAUSE: replace(told, value=text)}


def _plausible(fields: dict[FieldName, FieldValue]) -> dict[FieldName, FieldValue]:
    """Raise the confidence of dates and days that fit each other; lower it for the others."""
    trio = FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON, FieldName.DAYS_IN_HOSPITAL
    admitted, discharged, days = (fields.get(name) for name in trio)
    if not admitted or not discharged:
        return fields
    length = (_day(discharged) - _day(admitted)).days
    if length < 0:
        return fields | {name: _doubted(fields[name]) for name in trio[:2]}
    if days is None:
        return fields
    if days.value == length:
        return fields | {name: _confirmed(fields[name]) for name in trio}
    return fields | ({trio[2]: _doubted(days)} if days.value != length + 1 else {})


def _day(value: FieldValue) -> date:
    return date.fromisoformat(str(value.value))


def _doubted(value: FieldValue) -> FieldValue:
    return replace(value, confidence=round(value.confidence * _IMPOSSIBLE, 4))


def _confirmed(value: FieldValue) -> FieldValue:
    return replace(value, confidence=round(1 - (1 - value.confidence) / 2, 4))


def _with_known_codes(
    fields: dict[FieldName, FieldValue], candidates: Sequence[FieldValue]
) -> dict[FieldName, FieldValue]:
    """A diagnosis without a code takes the one another paper prints beside the same words."""
    chosen = fields.get(FieldName.DIAGNOSES)
    if chosen is None or not isinstance(chosen.value, tuple):
        return fields
    known = {
        one.text: one.icd
        for value in candidates
        if isinstance(value.value, tuple)
        for one in value.value
        if one.icd
    }
    coded = tuple(Diagnosis(one.text, one.icd or known.get(one.text)) for one in chosen.value)
    return fields | {FieldName.DIAGNOSES: replace(chosen, value=coded)}
