"""What the details of events tell of a person, sealed under his key and opened again."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, object_session

from documents.sealing import key_name
from language import N_, _
from models import AuditEvent
from models.base import Audited
from workflows.engine.detail_keys import key_of, keys_named, whose

ERASED = N_("（内容已抹去）")
"""Stands where something was told whose key is erased."""

# What people write and key, by the verb that tells it; "" stands for any verb.
_OF_PERSONS: Mapping[str, tuple[str, ...]] = {
    "": ("reason", "purpose"),
    "correct": ("before", "after"),
    "recheck": ("before", "after"),
    "add_papers": ("before", "after"),
}
_SEALED = "sealed"


def sealed_detail(
    session: Session, subject: Audited, verb: str, at: datetime, detail: dict[str, object]
) -> dict[str, object]:
    """The detail of the subject's event of its present version, with what is of a person sealed.

    The names stay, and so does what is empty: promises ask whether a reason was given.
    """
    names = [name for name in _names(verb) if detail.get(name)]
    if not names:
        return detail
    with session.no_autoflush:
        key = key_of(session, whose(session, subject), at)
    row = subject.__tablename__, subject.id, subject.version  # type: ignore[attr-defined]
    return detail | {
        name: {
            _SEALED: b64encode(
                key.seal(json.dumps(detail[name]).encode(), _about(*row, name))
            ).decode()
        }
        for name in names
    }


def detail_of(event: AuditEvent) -> dict[str, Any]:
    """What the event tells; of what lies under an erased key, the words that say so."""
    [told] = details_of([event])
    return told


def details_of(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    """What each of these events of one session tells; the keys are read together."""
    of = list(events)
    session = next((object_session(event) for event in of), None)
    if session is None:
        return []
    names = {key_name(value) for event in of for _name, value in _sealed_in(event)}
    keys = keys_named(session, names)
    return [{**event.detail, **_opened(keys, event)} for event in of]


def _opened(keys: Mapping[str, Any], event: AuditEvent) -> dict[str, Any]:
    row = event.subject, event.subject_id, event.seq
    opened = {}
    for name, value in _sealed_in(event):
        key = keys.get(key_name(value))
        opened[name] = json.loads(key.open(value, _about(*row, name))) if key else _(ERASED)
    return opened


def _sealed_in(event: AuditEvent) -> Iterator[tuple[str, bytes]]:
    """What is sealed in the detail, by name. Older events have nothing sealed so."""
    for name, value in event.detail.items():
        if isinstance(value, dict) and value.keys() == {_SEALED}:
            yield name, b64decode(value[_SEALED])


def _names(verb: str) -> tuple[str, ...]:
    return (*_OF_PERSONS[""], *_OF_PERSONS.get(verb, ()))


def _about(subject: str, subject_id: int, seq: int, name: str) -> str:
    return f"audit_event.detail:{subject}:{subject_id}:{seq}:{name}"
