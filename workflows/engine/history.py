"""Writes the audit trail: every event extends its subject's chain of hashes."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent
from models.base import Audited
from workflows.engine.rows import NewRow, append


@dataclass(frozen=True)
class NewEvent(NewRow):
    """An event to append. `detail` must be JSON, and hold no name or number of a person."""

    table = AuditEvent

    subject: str
    subject_id: int
    seq: int
    at: datetime
    actor_id: int | None
    verb: str
    source: str | None
    target: str | None
    detail: dict[str, object]
    hash: bytes


def record(
    session: Session,
    subject: Audited,
    verb: str,
    at: datetime,
    actor_id: int | None = None,
    source: str | None = None,
    target: str | None = None,
    **detail: object,
) -> None:
    """Add one event to the subject's history; the caller holds the subject's row lock."""
    subject.version += 1
    name, id_ = subject.__tablename__, subject.id  # type: ignore[attr-defined]
    told = detail | _of_command(session)
    facts = (name, id_, subject.version, at, actor_id, verb, source, target, told)
    event = NewEvent(*facts, _digest(subject.chain, *facts))
    subject.chain = event.hash
    append(session, event)


def first_event(
    session: Session,
    subject: str,
    subject_id: int,
    verb: str,
    at: datetime,
    target: str | None = None,
    actor_id: int | None = None,
    **detail: object,
) -> NewEvent:
    """The first event of a row that no object stands for; its caller writes both, the row with
    the event's `seq` as version and its hash as chain."""
    told = detail | _of_command(session)
    facts = (subject, subject_id, 1, at, actor_id, verb, None, target, told)
    return NewEvent(*facts, _digest(None, *facts))


def _of_command(session: Session) -> dict[str, object]:
    """What is done at the command line says so, and by which system user."""
    command_of = session.info.get("command_of")
    return {"command_of": command_of} if command_of else {}


def broken_links(session: Session) -> Iterator[AuditEvent]:
    """Every event whose hash does not follow from the one before it, in order of subject."""
    events = session.scalars(
        select(AuditEvent)
        .order_by(AuditEvent.subject, AuditEvent.subject_id, AuditEvent.seq)
        .execution_options(yield_per=1000)
    )
    owner, previous, seq = None, None, 0
    for event in events:
        if (event.subject, event.subject_id) != owner:
            owner, previous, seq = (event.subject, event.subject_id), None, 0
        seq += 1
        if event.seq != seq or event.hash != _hash(previous, event):
            yield event
        previous, seq = event.hash, event.seq


def _hash(previous: bytes | None, event: AuditEvent) -> bytes:
    return _digest(previous, *(getattr(event, name) for name in _FACTS))


_FACTS = (
    "subject",
    "subject_id",
    "seq",
    "at",
    "actor_id",
    "verb",
    "source",
    "target",
    "detail",
)


def _digest(
    previous: bytes | None, subject: str, subject_id: int, seq: int, at: datetime, *rest: object
) -> bytes:
    facts = [subject, subject_id, seq, at.astimezone(UTC).isoformat(), *rest]
    return hashlib.sha256((previous or b"") + _AS_TEXT(facts).encode()).digest()


_AS_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
