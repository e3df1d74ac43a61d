"""The events behind a claim: what its papers show, overruled by what people established."""

import json
from collections.abc import Mapping, Set

from documents.kinds import Kind
from documents.reading.fields import FieldName
from models import Claim
from rules import plans
from rules.exclusions import signs_in_code, signs_in_text
from rules.owed import MAIN_PLAN
from rules.verdict import Benefit
from workflows.engine.office import Office
from workflows.personal import values_of

STAY, ILLNESS, ACCIDENT = "hospital_stay", "critical_illness", "accident"

OF_A_STAY = (FieldName.HOSPITAL_NAME, FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)

_OF_AN_ACCIDENT = {Kind.DEATH_CERTIFICATE, Kind.DISABILITY_APPRAISAL}
_BENEFITS = {
    STAY: Benefit.HOSPITAL_ALLOWANCE,
    ILLNESS: Benefit.CRITICAL_ILLNESS,
    ACCIDENT: Benefit.ACCIDENT,
}


def shown_by(kinds: Set[str]) -> list[str]:
    """The kinds of event these papers show.

    A stay after an accident is part of the accident, and not for illness (R15).
    """
    if kinds & _OF_AN_ACCIDENT:
        return [ACCIDENT]
    if Kind.PATHOLOGY_REPORT not in kinds:
        return [STAY]
    return [STAY, ILLNESS] if Kind.DISCHARGE_RECORD in kinds else [ILLNESS]


def asked_for(claim: Claim, kinds: Set[str]) -> list[dict[str, object]]:
    """What is established of each event the claim asks for; where people said nothing, its kind."""
    return list(claim.events) or [{"kind": kind} for kind in shown_by(kinds)]


def leading_benefit(events: list[dict[str, object]]) -> Benefit:
    """The benefit a claim with these events is listed under, and whose papers it needs."""
    found = [_BENEFITS[str(event.get("kind", STAY))] for event in events]
    order = (Benefit.ACCIDENT, Benefit.CRITICAL_ILLNESS, Benefit.HOSPITAL_ALLOWANCE)
    return next(benefit for benefit in order if benefit in found)


def is_told(event: Mapping[str, object]) -> bool:
    """Whether nothing about the event is left for a person to say: a stay is read from papers."""
    return event.get("kind", STAY) == STAY or len(event) > 1


def is_read_from_papers(event: Mapping[str, object]) -> bool:
    """Whether the hospital and the days of this event are those the papers of the claim show."""
    return event.get("kind", STAY) == STAY and "admitted_on" not in event


def events_of(office: Office, claim: Claim) -> list[dict[str, object]]:
    """The events in the form the rules read, in the claim's order."""
    kinds = kinds_of(claim)
    return [
        _stay(office, claim, kinds, event) if event.get("kind", STAY) == STAY else event
        for event in asked_for(claim, kinds)
    ]


def _stay(
    office: Office, claim: Claim, kinds: Set[str], told: Mapping[str, object]
) -> dict[str, object]:
    values = values_of(office.keys, claim, *OF_A_STAY, FieldName.DIAGNOSES)
    read: dict[str, object] = {
        "kind": STAY,
        "cause": "accident" if Kind.ACCIDENT_STATEMENT in kinds else "illness",
        "admitted_on": values.get(FieldName.ADMITTED_ON),
        "discharged_on": values.get(FieldName.DISCHARGED_ON),
        "hospital": {"name": values.get(FieldName.HOSPITAL_NAME)},
        **_exclusion(values.get(FieldName.DIAGNOSES, "[]")),
    }
    return overruled(read, told)


def _exclusion(diagnoses: str) -> dict[str, object]:
    """The first sign of an exclusion among the diagnoses (R33), in the words of the papers."""
    plan = plans.load(MAIN_PLAN)
    for diagnosis in json.loads(diagnoses):
        by_code = signs_in_code(plan, diagnosis["icd"] or "")
        for sign in (*signs_in_text(plan, diagnosis["text"]), *by_code):
            return {"exclusion": sign.exclusion.code, "exclusion_words": sign.quoted}
    return {}


def kinds_of(claim: Claim) -> set[str]:
    """The kinds of paper the claim has."""
    return {page.kind for document in claim.documents for page in document.pages}


def overruled(event: Mapping[str, object], by: Mapping[str, object]) -> dict[str, object]:
    """The event with these values in the place of its own, level by level."""
    merged = dict(event)
    for name, value in by.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, Mapping)
        merged[name] = overruled(old, value) if both else value  # type: ignore[arg-type]
    return merged
