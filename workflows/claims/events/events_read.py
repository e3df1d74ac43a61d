"""What the papers of a claim say of the events it asks for, in the form the rules read."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from documents.kinds import Kind
from documents.reading import quotes
from documents.reading.fields import SETTLEMENT_SUMS, FieldName
from documents.reading.further_stays import FurtherStay, read
from rules import hospitals, plans
from rules.facts import EventKind
from rules.hospitals import LEVEL_OF, Listing
from rules.illnesses import Illness, lists, suggested
from rules.owed import MAIN_PLAN
from workflows.claims.events.accidents_read import (
    is_by_accident,
    read_accident,
    shows_an_accident,
)
from workflows.claims.events.exclusion_signs import signs_of
from workflows.claims.events.papers_show import PapersShow

STAY, ILLNESS, ACCIDENT = EventKind

# Says in a kept event which of the stays of the papers it is; the rules do not read it.
_WHICH = "stay"

_BURNS = {"burns", "area", "percent"}

# What a tick on the application form asks for.
_TICKED = {
    "住院津贴": STAY,
    "医疗费用": STAY,
    "重大疾病": ILLNESS,
    "意外伤害": ACCIDENT,
    "身故": ACCIDENT,
    "伤残": ACCIDENT,
    "烧烫伤": ACCIDENT,
}


def shown_by(papers: PapersShow) -> list[str]:
    """The kinds of event the application form asks for or the papers show.

    A stay after an accident is part of the accident, and not for illness (R15), unless it is
    asked for. A death certificate alone is none: most people die of an illness.
    """
    found = {_TICKED[name] for name in papers.names(FieldName.BENEFITS_ASKED)}
    if shows_an_accident(papers):
        found.add(ACCIDENT)
    if Kind.DISCHARGE_RECORD in papers.kinds and (ACCIDENT not in found or papers.in_hospital):
        found.add(STAY)
    if Kind.PATHOLOGY_REPORT in papers.kinds and ACCIDENT not in found:
        found.add(ILLNESS)
    return [kind for kind in (STAY, ILLNESS, ACCIDENT) if kind in found] or [STAY]


def kind_of(event: Mapping[str, object]) -> str:
    """The kind of an event; one that does not say so is a stay."""
    return str(event.get("kind", STAY))


def which_stay(event: Mapping[str, object]) -> int:
    """Which of the separate stays that the papers show the event is, from 1."""
    return cast("int", event.get(_WHICH, 1))


def stay_shown(which: int) -> dict[str, object]:
    """The event of one of the stays that the papers show."""
    return {"kind": STAY} | ({_WHICH: which} if which > 1 else {})


def said_of(told: Mapping[str, object]) -> dict[str, object]:
    """What was told of an event, in the form the rules read."""
    return {name: value for name, value in told.items() if name != _WHICH}


def read_event(papers: PapersShow, told: Mapping[str, object]) -> dict[str, object]:
    """The event as the papers show it, as far as people have not established it."""
    kind = kind_of(told)
    read: dict[str, object] = {}
    if kind == STAY:
        read = _stay(papers, which_stay(told))
    elif kind == ACCIDENT:
        read = read_accident(papers)
    elif "illness" not in told:
        read = _illness(papers)
    return overruled(read | _signs(papers, told), said_of(told))


def _signs(papers: PapersShow, told: Mapping[str, object]) -> dict[str, object]:
    """R33: the signs in the papers and in the place and description a person keyed."""
    sign = papers.values.get(FieldName.EXCLUSION_SIGN, "")
    quoted = quotes.read(sign, papers.places.get(FieldName.EXCLUSION_SIGN)) if sign else []
    keyed = "\n".join(str(told[name]) for name in ("place", "description") if name in told)
    return signs_of(papers.told_diagnoses, quoted, keyed)


def stays_shown(papers: PapersShow) -> int:
    """How many separate stays the papers show (R7)."""
    return len(_hospitals_by_stay(papers))


def _hospitals_by_stay(papers: PapersShow) -> list[list[FurtherStay]]:
    """The hospitals after the first: to those of the first list the patient of the first stay was
    moved, and each further list is a stay of its own (R7)."""
    stays: list[list[FurtherStay]] = [[]]
    if not (further := papers.values.get(FieldName.FURTHER_STAYS)):
        return stays
    within = plans.load(MAIN_PLAN).rulings.transfer.value
    left_on = papers.values.get(FieldName.DISCHARGED_ON, "")
    for each in read(further):
        if is_separate(left_on, each.admitted_on, within):
            stays.append([])
        stays[-1].append(each)
        left_on = each.discharged_on
    return stays


def is_separate(left_on: str, admitted_on: str, within: int) -> bool:
    """Whether an admission is no move from the hospital left before (R7); what is no day is one."""
    try:
        gap = date.fromisoformat(admitted_on) - date.fromisoformat(left_on)
    except ValueError:
        return False
    return gap.days > within


def _stay(papers: PapersShow, which: int) -> dict[str, object]:
    """A stay with the hospitals the patient was moved to (R7), and the sums of each."""
    hospitals_of = _hospitals_by_stay(papers)[which - 1]
    if which == 1:
        first, moves = _first_hospital(papers), hospitals_of
    else:
        first, moves = as_transfer(hospitals_of[0]), hospitals_of[1:]
    return {
        "kind": STAY,
        "cause": "accident" if is_by_accident(papers) else "illness",
        **first,
        **({"transfers": [as_transfer(stay) for stay in moves]} if moves else {}),
    }


def _first_hospital(papers: PapersShow) -> dict[str, object]:
    return {
        "admitted_on": papers.values.get(FieldName.ADMITTED_ON),
        "discharged_on": papers.values.get(FieldName.DISCHARGED_ON),
        "hospital": _hospital(papers),
        **{name.value: papers.values[name] for name in SETTLEMENT_SUMS if name in papers.values},
    }


def _hospital(papers: PapersShow) -> dict[str, object]:
    """The level a settlement sheet prints counts only where the register does not know it."""
    name, printed = (
        papers.values.get(each) for each in (FieldName.HOSPITAL_NAME, FieldName.HOSPITAL_LEVEL)
    )
    if not printed or _listing(papers):
        return {"name": name}
    return {"name": name, "level": LEVEL_OF[printed]}


def prints_another_level(papers: PapersShow) -> bool:
    """Whether a settlement sheet prints another class of hospital than the register has."""
    printed = papers.values.get(FieldName.HOSPITAL_LEVEL)
    listing = _listing(papers) if printed else None
    return listing is not None and printed in LEVEL_OF and LEVEL_OF[printed] != listing.level


def _listing(papers: PapersShow) -> Listing | None:
    """What the register has of the hospital on the day of admission."""
    name, day = papers.values.get(FieldName.HOSPITAL_NAME), papers.values.get(FieldName.ADMITTED_ON)
    return hospitals.shipped().find(name, date.fromisoformat(day)) if name and day else None


_OF_HOSPITAL = ("level", "rank", "city")


def as_transfer(stay: FurtherStay) -> dict[str, object]:
    """A further stay in the form the rules read."""
    told: dict[str, object] = vars(stay) | {
        "hospital": {"name": stay.hospital} | {name: getattr(stay, name) for name in _OF_HOSPITAL}
    }
    # The total is compared with the other sums and pays nothing by itself.
    return {name: value for name, value in told.items() if name not in (*_OF_HOSPITAL, "total")}


def _illness(papers: PapersShow) -> dict[str, object]:
    """What the diagnoses suggest, for a person to name (R13, R34)."""
    found = suggested(papers.diagnoses, papers.proofs, *lists())
    names = [illness.code for illness in found] or [text for text, _code in papers.diagnoses[:1]]
    read: dict[str, object] = {"kind": ILLNESS, "to_name": True}
    if names:
        read["illness"] = names
    if day := papers.values.get(_dated_by(papers, found)):
        read["diagnosed_on"] = day
    return read


def _dated_by(papers: PapersShow, found: list[Illness]) -> FieldName:
    """R13: tumours and leukaemia are dated by their report, others by the admission."""
    by_report = plans.load(MAIN_PLAN).rulings.diagnosed.value
    if found:
        is_by_report = any(
            illness.code in by_report or illness.proof == "pathology" for illness in found
        )
    else:
        is_by_report = Kind.PATHOLOGY_REPORT in papers.kinds
    return FieldName.PATHOLOGY_ON if is_by_report else FieldName.ADMITTED_ON


def is_dated_by_admission(papers: PapersShow) -> bool:
    """Whether the illness that the papers suggest counts from the day of admission (R13)."""
    found = suggested(papers.diagnoses, papers.proofs, *lists())
    return _dated_by(papers, found) is FieldName.ADMITTED_ON


def from_transfer(told: Mapping[str, Any]) -> FurtherStay:
    """The same stay again, as it is written on one line."""
    hospital = told["hospital"]
    days_and_sums = {name: value for name, value in told.items() if name != "hospital"}
    known = {name: hospital.get(name) for name in _OF_HOSPITAL}
    return FurtherStay(hospital["name"], **days_and_sums, **known)


def overruled(event: Mapping[str, object], by: Mapping[str, object]) -> dict[str, object]:
    """The event with these values in the place of its own, level by level."""
    merged = dict(event)
    if _BURNS & by.keys():
        # The regions, or the area of the only one: what is told takes the place of both.
        merged = {name: value for name, value in event.items() if name not in _BURNS}
    for name, value in by.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, Mapping)
        merged[name] = overruled(old, value) if both else value  # type: ignore[arg-type]
    return merged
