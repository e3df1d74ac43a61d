"""The fields of a claim with remarks: confidence, place, faults."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from console import formatting, labels
from console.queries.doubts import OtherValue
from console.stale import mark_of_field
from documents.reading.fields import FieldName
from models import Claim, Field, Finding
from workflows.engine.office import Office
from workflows.sealed_values.claims import field_value

_ALWAYS_SHOWN = (
    FieldName.MEMBER_NAME,
    FieldName.ID_NUMBER,
    FieldName.BANK_CARD_NUMBER,
    FieldName.HOSPITAL_NAME,
    FieldName.ADMITTED_ON,
    FieldName.DISCHARGED_ON,
)


@dataclass(frozen=True)
class FieldRow:
    """A field with its remarks; `at` is the position of its page, from 1."""

    name: str
    label: str
    shown: str
    is_masked: bool
    is_date: bool
    percent: int | None
    by_hand: bool
    page_id: int | None
    at: int | None
    box: tuple[int, int, int, int] | None
    mark: str
    """What its forms send back, so that it is noticed where another value was kept since."""
    worries: tuple[str, ...] = ()
    others: tuple[OtherValue, ...] = ()


def fields(
    office: Office,
    claim: Claim,
    findings: Sequence[Finding],
    places: dict[int, int],
    said: dict[str, list[OtherValue]],
) -> Iterator[FieldRow]:
    """A row for each field that was read, and for each required field."""
    known = {field.name: field for field in claim.fields}
    for name in FieldName:
        if name in known or (name in _ALWAYS_SHOWN and not claim.is_relief):
            worries = tuple(labels.finding(f.code) for f in findings if f.subject == name)
            others = tuple(said.get(name, ()))
            yield replace(
                _field(office, name, known.get(name), places), worries=worries, others=others
            )


def _field(
    office: Office, name: FieldName, field: Field | None, places: dict[int, int]
) -> FieldRow:
    by_hand = field is not None and field.corrected_by is not None
    box = field.box if field else None
    return FieldRow(
        name=name.value,
        label=labels.field(name),
        shown=formatting.value(name, field_value(office.keys, field)) if field else "",
        is_masked=formatting.is_masked(name),
        is_date=name in (FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON),
        percent=formatting.percent(field.confidence) if field and not by_hand else None,
        by_hand=by_hand,
        page_id=field.page_id if field else None,
        at=places.get(field.page_id or 0) if field else None,
        box=(box[0], box[1], box[2], box[3]) if box else None,
        mark=mark_of_field(field),
    )
