"""Extracts the typed fields of a claim from all its pages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from documents.reading.accidents import accident
from documents.reading.agreement import Choice, Disagreement, choose_value
from documents.reading.bills_of_stay import without_other_bills
from documents.reading.evidence import FieldValue
from documents.reading.field_names import FIELD_NAMES, SETTLEMENT_SUMS, SHEET_SUMS, FieldName
from documents.reading.found_value import Diagnosis, Value
from documents.reading.labelled import labelled
from documents.reading.other_papers import all_signs, further_diagnoses
from documents.reading.page import PageReading
from documents.reading.page_layout import lay_out
from documents.reading.page_papers import papers_on
from documents.reading.sentences import sentences
from documents.reading.shown_tests import all_tests, shown_tests
from documents.reading.stay_length import weighed_by_length
from documents.reading.stay_parts import (
    all_diagnoses,
    further_stays,
    stay_parts,
    without_further,
)
from documents.reading.table_columns import without_parts
from documents.reading.ticks import ticks
from documents.reading.unknown_parts import with_doubt_in_unknown_parts
from documents.reading.unlabelled import unlabelled
from documents.reading.witnesses import OF_ONE_WITNESS, ReadPapers, lone_facts
from documents.reading.year_totals import without_year_totals
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


@dataclass(frozen=True)
class Extraction:
    """The values read from the papers of one claim."""

    fields: dict[FieldName, FieldValue]
    disagreements: tuple[Disagreement, ...]
    lone: frozenset[FieldName] = frozenset()
    """The facts that decide money and that nothing but one paper bears out."""
    choices: Mapping[FieldName, Choice] = field(default_factory=dict)
    """What each field was chosen from."""


def extract(pages: Sequence[PageReading]) -> Extraction:
    """Find, weigh and choose; a field that was not found is absent."""
    candidates = tuple(value for index, page in enumerate(pages) for value in _all(page, index))
    parts = stay_parts(candidates)
    of_first = without_further(candidates, parts) if parts else candidates
    choices = _chosen(without_other_bills(of_first))
    fields = {name: choice.value for name, choice in choices.items()}
    if parts:
        fields[FieldName.FURTHER_STAYS] = further_stays(candidates, parts)
        if told := fields.get(FieldName.DIAGNOSES):
            fields[FieldName.DIAGNOSES] = all_diagnoses(candidates, parts, told)
    if tests := fields.get(FieldName.TESTS_SHOWN):
        shown = (value for value in candidates if value.name is FieldName.TESTS_SHOWN)
        fields[FieldName.TESTS_SHOWN] = all_tests(tests, shown)
    if sign := fields.get(FieldName.EXCLUSION_SIGN):
        fields[FieldName.EXCLUSION_SIGN] = all_signs(candidates, sign)
    fields = _with_known_codes(weighed_by_length(fields, choices), candidates)
    if further := further_diagnoses(candidates, fields.get(FieldName.DIAGNOSES)):
        fields[FieldName.FURTHER_DIAGNOSES] = further
    lone = lone_facts(ReadPapers(fields, choices, candidates, parts))
    disagreements = tuple(each.disagreement for each in choices.values() if each.disagreement)
    return Extraction(_without_the_name(_capped(fields, lone)), disagreements, lone, choices)


def _chosen(candidates: Iterable[FieldValue]) -> dict[FieldName, Choice]:
    contesting = defaultdict(list)
    for value in candidates:
        contesting[value.name].append(value)
    return {name: choose_value(name, contesting[name]) for name in FieldName if contesting[name]}


def _capped(
    fields: dict[FieldName, FieldValue], lone: frozenset[FieldName]
) -> dict[FieldName, FieldValue]:
    """A lone fact is for a person to look at, however clearly it was read."""
    for name in lone - {FieldName.DIAGNOSES}:  # most of them decide no money
        if fields[name].confidence > OF_ONE_WITNESS:
            fields[name] = replace(fields[name], confidence=OF_ONE_WITNESS)
    return fields


def _all(page: PageReading, index: int) -> list[FieldValue]:
    """The values of all papers on the page."""
    return [
        replace(value, paper=number, is_guessed=paper.kind_is_guessed)
        for number, paper in enumerate(papers_on(page))
        for value in _of_paper(paper, index)
    ]


def _of_paper(page: PageReading, index: int) -> list[FieldValue]:
    sheet = lay_out(page)
    values = [
        *labelled(with_doubt_in_unknown_parts(without_parts(without_year_totals(sheet))), index),
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


def _with_known_codes(
    fields: dict[FieldName, FieldValue], candidates: Sequence[FieldValue]
) -> dict[FieldName, FieldValue]:
    """A diagnosis without a code takes the one another paper prints beside the same words."""
    chosen = fields.get(FieldName.DIAGNOSES)
    if chosen is None:
        return fields
    known = {one.text: one.icd for value in candidates for one in value.diagnoses if one.icd}
    coded = tuple(Diagnosis(one.text, one.icd or known.get(one.text)) for one in chosen.diagnoses)
    return fields | {FieldName.DIAGNOSES: replace(chosen, value=coded)}
