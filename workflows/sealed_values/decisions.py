"""Sealed columns about what happened to a member: events, answers, decisions, rights."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy.orm import object_session

from documents.sealing import KeyRing
from models import Answer, Base, Claim, DecisionLine, DecisionPart, DecisionReason, Entitlement
from workflows.engine.session import keys_in
from workflows.sealed_values.places import ABOUT, EVENTS, FACTS, GIVEN_REASON, LINE, PAST, REASON

_DEATH = "death"


def keys_of(row: Base) -> KeyRing:
    """The ring of the office in whose session the row is."""
    session = object_session(row)
    assert session is not None, "the row is in no session"
    return keys_in(session)


def seal_facts(keys: KeyRing, decision_id: int, number: int, facts: Mapping[str, Any]) -> bytes:
    """What a part of a decision was judged by."""
    return FACTS.seal(keys, _json(facts), decision_id, number)


def opened_facts(keys: KeyRing, decision_id: int, number: int, sealed: bytes) -> dict[str, Any]:
    """The facts of this part of this decision."""
    return cast("dict[str, Any]", json.loads(FACTS.open(keys, sealed, decision_id, number)))


def facts_in(part: DecisionPart, keys: KeyRing | None = None) -> dict[str, Any]:
    """What the part was judged by; without keys, by those of the part's session."""
    return opened_facts(keys or keys_of(part), part.decision_id, part.number, part.facts)


def are_of_death(facts: Mapping[str, Any]) -> bool:
    """Whether the event in these facts is the member's death."""
    return bool(facts.get("event", {}).get("outcome") == _DEATH)


def seal_line(keys: KeyRing, text: str, decision_id: int, part: int, number: int) -> bytes:
    """The sentence of a line of a decision."""
    return LINE.seal(keys, text, decision_id, part, number)


def line_text(line: DecisionLine, keys: KeyRing | None = None) -> str:
    """What the line says; without keys, by those of its session."""
    about = line.decision_id, line.part, line.number
    return LINE.open(keys or keys_of(line), line.text, *about)


def seal_reason(keys: KeyRing, text: str, decision_id: int, part: int, number: int) -> bytes:
    """The sentence of a reason of a decision."""
    return REASON.seal(keys, text, decision_id, part, number)


def reason_text(reason: DecisionReason, keys: KeyRing | None = None) -> str:
    """What the reason says; without keys, by those of its session."""
    about = reason.decision_id, reason.part, reason.number
    return REASON.open(keys or keys_of(reason), reason.text, *about)


def seal_past(keys: KeyRing, decision_id: int, part: int, past: Mapping[str, Any]) -> bytes:
    """What later claims of the member must know of the right that this part grants."""
    return PAST.seal(keys, _json(past), decision_id, part)


def past_of(right: Entitlement) -> dict[str, Any]:
    """What later claims of the member must know of the right."""
    text = PAST.open(keys_of(right), right.past, right.decision_id, right.part)
    return cast("dict[str, Any]", json.loads(text))


def tell_events(keys: KeyRing, claim: Claim, events: Sequence[Mapping[str, Any]]) -> None:
    """Keep what people established about the events of the claim."""
    claim.events = EVENTS.seal(keys, _json(events), claim.id) if events else None
    claim.tells_death = any(each.get("outcome") == _DEATH for each in events)


def events_told(claim: Claim) -> list[dict[str, object]]:
    """What people established about the events of the claim; empty where nobody did."""
    if claim.events is None:
        return []
    opened = json.loads(EVENTS.open(keys_of(claim), claim.events, claim.id))
    return cast("list[dict[str, object]]", opened)


def keep_about(keys: KeyRing, answer: Answer, about: Mapping[str, Any], reason: str) -> None:
    """Keep the event that was asked about, as it was, and why the person answered so."""
    answer.about = ABOUT.seal(keys, _json(about), answer.id)
    answer.about_print = keys.fingerprint(_json(about))
    answer.reason = GIVEN_REASON.seal(keys, reason, answer.id)


def about_of(answer: Answer) -> dict[str, Any]:
    """The event that was asked about, as it was when it was answered."""
    return cast("dict[str, Any]", json.loads(ABOUT.open(keys_of(answer), answer.about, answer.id)))


def why_of(answer: Answer) -> str:
    """Why the person answered so."""
    return GIVEN_REASON.open(keys_of(answer), answer.reason, answer.id)


def _json(value: object) -> str:
    # In one order, so that equal events have one fingerprint.
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
