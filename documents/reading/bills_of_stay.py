"""Leaves out the sums of bills that are of another stay, or of no stay at all."""

from collections import defaultdict
from collections.abc import Sequence, Set

from documents.kinds import BILLS, Kind
from documents.reading.agreement import WELL_READ
from documents.reading.evidence import FieldValue, SourcePaper
from documents.reading.field_names import SHEET_SUMS, FieldName
from documents.reading.found_value import Value

_DAYS = (FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)


def without_other_bills(candidates: Sequence[FieldValue]) -> Sequence[FieldValue]:
    """The values without the sums of bills that name other days than the other papers; and without
    those of receipts that name none, as at an outpatient's counter, beside a bill that does.

    All of them stay where no bill names a day of the stay.
    """
    of_stay: set[tuple[FieldName, Value]] = set()
    named: dict[SourcePaper, set[tuple[FieldName, Value]]] = defaultdict(set)
    for value in candidates:
        if value.name in _DAYS and value.confidence >= WELL_READ:
            if value.kind in BILLS:
                named[value.source].add((value.name, value.value))
            else:
                of_stay.add((value.name, value.value))
    ours = {page for page, days in named.items() if days & of_stay}
    if not ours:
        return candidates
    return [value for value in candidates if not _is_of_another(value, ours, named.keys())]


def _is_of_another(value: FieldValue, ours: Set[SourcePaper], dated: Set[SourcePaper]) -> bool:
    if value.name not in SHEET_SUMS or value.kind not in BILLS or value.source in ours:
        return False
    return value.source in dated or value.kind is not Kind.SETTLEMENT_SHEET
