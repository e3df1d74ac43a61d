"""The event behind a claim: what was read, overruled by what a person established."""

from collections.abc import Mapping

from documents.kinds import Kind
from documents.reading.fields import FieldName
from models import Claim
from rules.facts import Facts, to_json
from rules.verdict import Benefit, Verdict
from workflows.engine.office import Office
from workflows.personal import values_of

# The papers that tell what a claim is about, the more telling first.
_TELLING = (
    (Kind.DEATH_CERTIFICATE, Benefit.ACCIDENT),
    (Kind.DISABILITY_APPRAISAL, Benefit.ACCIDENT),
    (Kind.PATHOLOGY_REPORT, Benefit.CRITICAL_ILLNESS),
)


OF_A_STAY = (FieldName.HOSPITAL_NAME, FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)


def benefit_of(kinds: set[str]) -> Benefit:
    """Which benefit these papers are handed in for."""
    for kind, benefit in _TELLING:
        if kind in kinds:
            return benefit
    return Benefit.HOSPITAL_ALLOWANCE


def event_of(office: Office, claim: Claim) -> dict[str, object]:
    """The event in the form the rules read."""
    if "kind" in claim.event:
        return dict(claim.event)
    values = values_of(office.keys, claim, *OF_A_STAY)
    hospital: dict[str, object] = {
        "name": values.get(FieldName.HOSPITAL_NAME),
        "city": None,
        "level": None,
    }
    event: dict[str, object] = {
        "kind": "hospital_stay",
        "cause": "accident" if Kind.ACCIDENT_STATEMENT in kinds_of(claim) else "illness",
        "admitted_on": values.get(FieldName.ADMITTED_ON),
        "discharged_on": values.get(FieldName.DISCHARGED_ON),
        "hospital": hospital,
    }
    return overruled(event, claim.event)


def past_entry(facts: Facts, verdict: Verdict) -> dict[str, object]:
    """What a later claim of the same member needs to know of this one, once it is granted."""
    event = to_json(facts)["event"]
    assert isinstance(event, dict)
    entry: dict[str, object] = {"amount": verdict.to_json()["amount"]}
    keep: tuple[str, ...]
    match event["kind"]:
        case "hospital_stay":
            days = sum(reservation.days for reservation in verdict.reservations)
            keep, entry["benefit"] = ("admitted_on",), "hospital_allowance"
            entry["paid_days"] = days
        case "critical_illness":
            keep, entry["benefit"] = ("illness", "diagnosed_on"), "critical_illness"
        case _:
            keep, entry["benefit"] = ("happened_on", "outcome"), "accident"
    return entry | {name: event[name] for name in keep}


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
