"""What the best paper does not say and other papers do: further diagnoses, signs of exclusions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from documents.reading.evidence import FieldValue
from documents.reading.field_names import FieldName
from documents.reading.found_value import Diagnosis
from documents.reading.quotes import Quote, written

_SURE_ENOUGH = 0.65
"""Less sure are the diagnoses at admission and of the outpatient department."""
_SUSPECTED = re.compile("[?？]|待[查排]|不除外|可能")


def further_diagnoses(
    candidates: Iterable[FieldValue], chosen: FieldValue | None
) -> FieldValue | None:
    """The diagnoses of other papers that the chosen ones do not hold, with their pages."""
    if chosen is None:
        return None
    known = list(chosen.diagnoses)
    found: list[tuple[FieldValue, Diagnosis]] = []
    for value in candidates:
        for one in _diagnoses_of(value, chosen):
            if not _SUSPECTED.search(one.text) and not _is_among(one, known):
                known.append(one)
                found.append((value, one))
    if not found:
        return None
    told = written(Quote(_in_words(one), value.page_index + 1) for value, one in found)
    return replace(found[0][0], name=FieldName.FURTHER_DIAGNOSES, value=told)


def all_signs(candidates: Iterable[FieldValue], chosen: FieldValue) -> FieldValue:
    """The chosen value with the signs of all papers, each with its page (R33)."""
    signs = [value for value in candidates if value.name is FieldName.EXCLUSION_SIGN]
    signs.sort(key=lambda value: value.page_index)
    told = written(Quote(str(value.value), value.page_index + 1) for value in signs)
    return replace(chosen, value=told)


def _diagnoses_of(value: FieldValue, chosen: FieldValue) -> Iterator[Diagnosis]:
    is_other = value.source != chosen.source and value.confidence >= _SURE_ENOUGH
    if value.name is FieldName.DIAGNOSES and is_other:
        yield from value.diagnoses


def _is_among(one: Diagnosis, known: Iterable[Diagnosis]) -> bool:
    """Whether a known diagnosis says as much, in words and in its code."""
    known = list(known)
    is_coded = one.icd is None or any(one.icd == other.icd for other in known)
    return is_coded and any(_bare(one.text) in _bare(other.text) for other in known)


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _in_words(one: Diagnosis) -> str:
    return f"{one.text} {one.icd}" if one.icd else one.text
