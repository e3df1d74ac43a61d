"""Tells several stays of one packet apart, each by the record of its own hospital (R7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.kinds import BILLS, Kind
from documents.reading.agreement import agree
from documents.reading.evidence import FieldValue, SourcePaper
from documents.reading.field_names import SHEET_SUMS, FieldName
from documents.reading.further_stays import FurtherStay, written

_OF_A_PART = (FieldName.HOSPITAL_NAME, FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)


@dataclass(frozen=True)
class StayPart:
    """The days in one hospital, as its discharge record has them."""

    hospital: FieldValue
    admitted: FieldValue
    discharged: FieldValue

    def owns(self, value: FieldValue) -> bool:
        """Whether the value of another paper is this part's."""
        of_name = dict(
            zip(_OF_A_PART, (self.hospital, self.admitted, self.discharged), strict=True)
        )
        own = of_name.get(value.name)
        return own is not None and agree(value.name, own.value, value.value)


def stay_parts(candidates: Iterable[FieldValue]) -> list[StayPart]:
    """The parts in order of date; none where all records are of one stay, or contradict it."""
    pages: dict[SourcePaper, dict[FieldName, FieldValue]] = {}
    for value in candidates:
        if value.kind is Kind.DISCHARGE_RECORD and value.name in _OF_A_PART:
            best = pages.setdefault(value.source, {})
            if value.name not in best or value.confidence > best[value.name].confidence:
                best[value.name] = value
    whole = [page for page in pages.values() if len(page) == len(_OF_A_PART)]
    if len(whole) < 2:
        return []
    parts = [StayPart(*(page[name] for name in _OF_A_PART)) for page in whole]
    by_day = {str(part.admitted.value): part for part in parts}
    in_order = [by_day[day] for day in sorted(by_day)]
    overlap = any(str(b.admitted.value) < str(a.discharged.value) for a, b in pairwise(in_order))
    return [] if overlap or len(in_order) < 2 else in_order


def without_further(
    candidates: Sequence[FieldValue], parts: Sequence[StayPart]
) -> list[FieldValue]:
    """The values without those that are of a later part, so that they do not contest the first."""
    first, *later = parts
    pages = {part.hospital.source for part in later} | _sheets_of(candidates, later)
    return [
        value
        for value in candidates
        if not (
            value.name in (*_OF_A_PART, *SHEET_SUMS)
            and (value.source in pages or any(part.owns(value) for part in later))
            and not first.owns(value)
        )
    ]


def further_stays(candidates: Sequence[FieldValue], parts: Sequence[StayPart]) -> FieldValue:
    """The later parts as one value, with the sums of their settlement sheets."""
    stays = [_with_sums(candidates, part) for part in parts[1:]]
    values = [v for part in parts[1:] for v in (part.hospital, part.admitted, part.discharged)]
    sure = min(value.confidence for value in values)
    return replace(
        parts[1].admitted, name=FieldName.FURTHER_STAYS, value=written(stays), confidence=sure
    )


def all_diagnoses(
    candidates: Iterable[FieldValue], parts: Sequence[StayPart], chosen: FieldValue
) -> FieldValue:
    """The diagnoses of all records, in the order of the stays, in place of the chosen ones."""
    told = [value for value in candidates if value.name is FieldName.DIAGNOSES]
    found = [
        one
        for part in parts
        for value in told
        if value.source == part.hospital.source
        for one in value.diagnoses
    ]
    first_of_its_text = {one.text: one for one in reversed(found)}
    in_order = dict.fromkeys(one.text for one in found)
    return replace(chosen, value=tuple(first_of_its_text[text] for text in in_order))


def _sheets_of(candidates: Iterable[FieldValue], parts: Sequence[StayPart]) -> set[SourcePaper]:
    """The pages of settlement sheets and invoices that name the hospital of one of the parts."""
    return {
        value.source
        for value in candidates
        if value.name is FieldName.HOSPITAL_NAME
        and value.kind in BILLS
        and any(part.owns(value) for part in parts)
    }


def _with_sums(candidates: Sequence[FieldValue], part: StayPart) -> FurtherStay:
    pages = _sheets_of(candidates, [part])
    sums: dict[FieldName, FieldValue] = {}
    for value in candidates:
        if value.name in SHEET_SUMS and value.source in pages:
            best = sums.setdefault(value.name, value)
            sums[value.name] = max(best, value, key=lambda one: one.confidence)
    fund, own, deductible, total = (
        str(sums[name].value) if name in sums else None for name in SHEET_SUMS
    )
    return FurtherStay(
        str(part.hospital.value),
        str(part.admitted.value),
        str(part.discharged.value),
        fund_paid=fund,
        own_share=own,
        deductible=deductible,
        total=total,
    )
