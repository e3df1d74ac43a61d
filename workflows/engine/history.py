"""Writes the audit trail: every event extends its subject's chain of keyed hashes."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent, User
from models.base import Audited
from workflows.engine.log_key import LogKey
from workflows.engine.origin import origin
from workflows.engine.rows import NewRow, append
from workflows.engine.sealed_details import sealed_detail


@dataclass(frozen=True)
class NewEvent(NewRow):
    """An event to append. `detail` is JSON, in which what is of a person is sealed."""

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
    person: str | None
    role: str | None
    channel: str | None
    address: str | None
    correlation: str | None
    key: str
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
    told = sealed_detail(session, subject, verb, at, detail) | _of_command(session)
    happened = (name, id_, subject.version, at, actor_id, verb, source, target, told)
    event = _chained(session, subject.chain, *happened)
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
    return _chained(session, None, subject, subject_id, 1, at, actor_id, verb, None, target, told)


def _chained(
    session: Session,
    previous: bytes | None,
    subject: str,
    subject_id: int,
    seq: int,
    at: datetime,
    actor_id: int | None,
    *happened: Any,
) -> NewEvent:
    """The event with who did it and from where, and the hash that joins it to the one before."""
    key: LogKey = session.info["log_key"]
    told = (*_standing(session, actor_id), *_whence(), key.name)
    facts: tuple[Any, ...] = (subject, subject_id, seq, at, actor_id, *happened, *told)
    return NewEvent(*(*facts, key.digest(_content(previous, *facts))))


def _standing(session: Session, actor_id: int | None) -> tuple[str | None, str | None]:
    """The staff number of the person behind the account, and its roles at that moment."""
    if actor_id is None:
        return None, None
    known: dict[int, tuple[str | None, str | None]] = session.info.setdefault("standings", {})
    if actor_id not in known:
        with session.no_autoflush:
            user = session.get(User, actor_id)
        known[actor_id] = (user.staff_number, ",".join(user.roles)) if user else (None, None)
    return known[actor_id]


def _whence() -> tuple[str | None, str | None, str | None]:
    """Channel, address and correlation id."""
    where = origin()
    if where is None:
        return None, None, None
    return where.channel.value, where.address or None, where.correlation or None


def _of_command(session: Session) -> dict[str, object]:
    """What is done at the command line says so, and by which system user; what a program does, by
    which token."""
    return {name: session.info[name] for name in ("command_of", "token") if name in session.info}


def broken_links(session: Session) -> Iterator[AuditEvent]:
    """Every event whose hash does not follow from the one before it, in order of subject.

    Events from before the log was keyed have no key. None of them may follow a keyed one.
    """
    key: LogKey = session.info["log_key"]
    events = session.scalars(
        select(AuditEvent)
        .order_by(AuditEvent.subject, AuditEvent.subject_id, AuditEvent.seq)
        .execution_options(yield_per=1000)
    )
    owner, previous = None, None
    for event in events:
        if (event.subject, event.subject_id) != owner:
            owner, previous = (event.subject, event.subject_id), None
        if not _follows(key, previous, event):
            yield event
        previous = event


def _follows(key: LogKey, previous: AuditEvent | None, event: AuditEvent) -> bool:
    if event.seq != (previous.seq if previous else 0) + 1:
        return False
    before = previous.hash if previous else None
    if event.key is None:
        was_plain = previous is None or previous.key is None
        plain = _content(before, *(getattr(event, name) for name in _PLAIN_FACTS))
        return was_plain and event.hash == hashlib.sha256(plain).digest()
    content = _content(before, *(getattr(event, name) for name in _FACTS))
    return event.key == key.name and hmac.compare_digest(event.hash, key.digest(content))


_PLAIN_FACTS = (
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
_FACTS = (*_PLAIN_FACTS, "person", "role", "channel", "address", "correlation", "key")


def _content(
    previous: bytes | None, subject: str, subject_id: int, seq: int, at: datetime, *rest: object
) -> bytes:
    facts = [subject, subject_id, seq, at.astimezone(UTC).isoformat(), *rest]
    return (previous or b"") + _AS_TEXT(facts).encode()


_AS_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
