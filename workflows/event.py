"""The event behind a claim: what was read, overruled by what a person established."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.fields import FieldName
from language import _
from models import Claim, User
from models.people import Role
from rules.errors import Refused
from rules.facts import Facts, from_json, to_json
from rules.verdict import Benefit, Verdict
from workflows.engine import advance
from workflows.office import Office
from workflows.people import note_maker, require
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
    return _overruled(event, claim.event)


def establish(
    session: Session, office: Office, person: User, claim: Claim, event: Mapping[str, object]
) -> None:
    """Keep what a person established about the event, and check the claim again."""
    # Imported late: adjudication reads events from here.
    from workflows.adjudication import reverse

    require(person, Role.CLERK)
    if claim.benefit == Benefit.SECOND_RELIEF:
        raise Refused(_("二次救助由评审会决定，没有可填写的事件"))
    merged = _overruled(claim.event, event)
    if "kind" in merged:
        _try_out(claim, merged)
    before, claim.event = claim.event, merged
    note_maker(session, claim, person)
    reverse(session, claim, office)
    advance(session, claim, "recheck", office, person, before=before, after=claim.event)


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


def _try_out(claim: Claim, event: Mapping[str, object]) -> None:
    """BadInput if the rules could not read this event; the words name what does not fit."""
    from_json(
        {
            "plan": "main-2020",
            "received_on": claim.received_on.isoformat(),
            "member": {"birth_date": "1970-01-01", "sex": "M"},
            "unit_city": "长春市",
            "coverages": [],
            "event": event,
        }
    )


def kinds_of(claim: Claim) -> set[str]:
    """The kinds of paper the claim has."""
    return {page.kind for document in claim.documents for page in document.pages}


def _overruled(event: Mapping[str, object], by: Mapping[str, object]) -> dict[str, object]:
    merged = dict(event)
    for name, value in by.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, Mapping)
        merged[name] = _overruled(old, value) if both else value  # type: ignore[arg-type]
    return merged
