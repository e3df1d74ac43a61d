"""The events behind a claim: what its papers show, overruled by what people established."""

from collections import Counter
from collections.abc import Mapping, Sequence

from documents.reading.fields import SETTLEMENT_SUMS, FieldName
from models import Claim
from rules import plans
from rules.errors import BadInput
from rules.facts import EventKind
from rules.facts.case import event_from_json
from rules.illnesses import lists
from rules.owed import MAIN_PLAN
from rules.questions import Makes
from rules.verdict import Benefit
from workflows.claims.events.events_read import (
    ACCIDENT,
    ILLNESS,
    STAY,
    kind_of,
    read_event,
    shown_by,
    stay_shown,
    stays_shown,
    which_stay,
)
from workflows.claims.events.papers_show import PapersShow
from workflows.claims.events.suggested_events import (
    suggests_accident,
    suggests_illness,
    suggests_stay,
)
from workflows.engine.office import Office
from workflows.sealed_values.claims import values_of
from workflows.sealed_values.decisions import about_of, events_told

OF_A_STAY = (FieldName.HOSPITAL_NAME, FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)

# What events are read from.
_READ_FROM = (
    *OF_A_STAY,
    FieldName.DIAGNOSES,
    FieldName.FURTHER_DIAGNOSES,
    FieldName.BENEFITS_ASKED,
    FieldName.PATHOLOGY_ON,
    FieldName.TESTS_SHOWN,
    *SETTLEMENT_SUMS,
    FieldName.HOSPITAL_LEVEL,
    FieldName.FURTHER_STAYS,
    FieldName.ACCIDENT_ON,
    FieldName.ACCIDENT_PLACE,
    FieldName.ACCIDENT_CAUSE,
    FieldName.DISABILITY_GRADES,
    FieldName.EXCLUSION_SIGN,
)
_BENEFITS = {
    STAY: Benefit.HOSPITAL_ALLOWANCE,
    ILLNESS: Benefit.CRITICAL_ILLNESS,
    ACCIDENT: Benefit.ACCIDENT,
}


def established(claim: Claim, papers: PapersShow) -> list[dict[str, object]]:
    """What people said of each event the claim asks for; where they said nothing, its kind.

    Each separate stay is an event of its own; a stay that the papers no longer show is left out.
    """
    stays = stays_shown(papers)
    if told := [event for event in events_told(claim) if which_stay(event) <= stays]:
        return told
    shown = shown_by(papers)
    own = [stay_shown(which) for which in range(1, stays + 1)] if STAY in shown else []
    others: list[dict[str, object]] = [{"kind": kind} for kind in shown if kind != STAY]
    return own + others


def asked_for(claim: Claim, papers: PapersShow) -> list[dict[str, object]]:
    """The events in the form the rules read, in the claim's order."""
    return [read_event(papers, told) for told in established(claim, papers)]


def events_of(office: Office, claim: Claim) -> list[dict[str, object]]:
    """The same, by what is kept of the claim's papers."""
    return asked_for(claim, papers_shown(office, claim))


def papers_shown(office: Office, claim: Claim) -> PapersShow:
    """What is kept of the claim's papers."""
    pages = [page for document in claim.documents for page in document.pages]
    at = {page.id: place for place, page in enumerate(pages, 1)}
    places = {field.name: at[field.page_id] for field in claim.fields if field.page_id in at}
    values = values_of(office.keys, claim, *_READ_FROM)
    return PapersShow({page.kind for page in pages}, values, places)


def may_also_claim(
    claim: Claim, papers: PapersShow, told: Sequence[Mapping[str, object]]
) -> list[str]:
    """The kinds of event that the papers suggest beyond those the claim asks for (`told`)."""
    asked = Counter(map(kind_of, told))
    found: list[str] = []
    # Of papers that came after people told the events, or of a stay they dropped.
    if 0 < asked[STAY] < stays_shown(papers) and stays_to_offer(claim, told, papers):
        found.append(STAY)
    # Most papers suggest nothing: only then is it asked which plans the member has.
    if ILLNESS not in asked and suggests_illness(papers, *lists()):
        found += [ILLNESS] if suggests_illness(papers, *illness_lists_of(claim)) else []
    if ACCIDENT not in asked and suggests_accident(papers):
        found.append(ACCIDENT)
    if STAY not in asked and suggests_stay(papers, asked.keys()):
        found.append(STAY)
    return found


def illness_lists_of(claim: Claim) -> list[str]:
    """The lists of illnesses of all plans the member has had, the main plan's in any case."""
    codes = [cover.plan for cover in claim.member.coverages] if claim.member else []
    terms = (plans.load(code).critical_illness for code in (MAIN_PLAN, *codes))
    return list(dict.fromkeys(each.illnesses.value for each in terms if each))


def leading_benefit(events: Sequence[Mapping[str, object]]) -> Benefit:
    """The benefit a claim with these events is listed under."""
    found = [_BENEFITS[EventKind(kind_of(event))] for event in events]
    order = (Benefit.ACCIDENT, Benefit.CRITICAL_ILLNESS, Benefit.HOSPITAL_ALLOWANCE)
    return next(benefit for benefit in order if benefit in found)


def is_told(event: Mapping[str, object]) -> bool:
    """Whether nothing about the event is left for a person to fill in before it can be judged.

    What a stay lacks is a field that is keyed.
    """
    if kind_of(event) == STAY:
        return True
    try:
        event_from_json(event)
    except BadInput:
        return False
    return True


def stays_to_offer(
    claim: Claim, events: Sequence[Mapping[str, object]], papers: PapersShow
) -> list[int]:
    """Which of the separate stays that the papers show are none of these events, and were not
    given to another claim either."""
    asked = {which_stay(event) for event in events if is_read_from_papers(event)}
    others = [which for which in range(1, stays_shown(papers) + 1) if which not in asked]
    joined = _joined_elsewhere(claim) if others else set()
    return [
        which
        for which in others
        if read_event(papers, stay_shown(which)).get("admitted_on") not in joined
    ]


def _joined_elsewhere(claim: Claim) -> set[object]:
    """The days on which the stays began that two people gave to another claim."""
    return {
        about_of(given).get("admitted_on")
        for given in claim.answers
        if given.confirmed_at and given.chosen.makes is Makes.JOIN
    }


def is_read_from_papers(event: Mapping[str, object]) -> bool:
    """Whether the hospital and the days of this event are those the papers of the claim show."""
    return kind_of(event) == STAY and "admitted_on" not in event
