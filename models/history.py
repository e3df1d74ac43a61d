"""Audit events, which cannot be changed, and a record of each attempt at a step."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Digest, Instant, Json, Key


class AuditEvent(Base):
    """One thing that happened to one row. Append-only (a trigger), chained by hash per subject.

    `seq` counts from 1 and equals the subject's `version` after the event.

    `person` is the staff number behind the actor's account and `role` its roles at that moment.
    `channel`, `address` and `correlation` say where the act came from, None where nobody said.
    `key` names the key of the hash, which is outside the database; None of events from before
    the log was keyed, whose hash is plain SHA-256. `position` is the place in the whole log, with
    gaps where something was rolled back; signed roots (`AuditRoot`) go by it.

    In `detail` what people wrote or keyed is sealed under a key of the person it is about
    (`DetailKey`); the rest are codes, ids, days and sums. The hash is made over what is sealed.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        # By what the auditor asks, each in the order of the pages that he turns.
        Index("ix_audit_event_at", "at", "position"),
        Index("ix_audit_event_verb", "verb", "at", "position"),
        Index(
            "ix_audit_event_actor",
            "actor_id",
            "at",
            "position",
            postgresql_where=text("actor_id IS NOT NULL"),
        ),
        Index(
            "ix_audit_event_watched",
            text("(detail #>> '{asked,number}')"),
            postgresql_where=text("detail ? 'asked'"),
        ),
        Index("ix_audit_event_retry", "at", postgresql_where=text("verb = 'retry'")),
        Index("ix_audit_event_reveal", "actor_id", "at", postgresql_where=text("verb = 'reveal'")),
    )

    subject: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    verb: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str | None]
    detail: Mapped[Json] = mapped_column(JSONB)
    person: Mapped[str | None]
    role: Mapped[str | None]
    channel: Mapped[str | None]
    address: Mapped[str | None]
    correlation: Mapped[str | None]
    key: Mapped[str | None]
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    hash: Mapped[Digest]


class Installation(Audited, Base):
    """The installation itself: the subject of what happens to no row, such as log-ins at accounts
    that nobody has. One row, with the id 1."""

    __tablename__ = "installation"

    id: Mapped[Key]


class StepRun(Base):
    """One attempt at one step. `outcome` is done, retry, failed or lost.

    `correlation` is the id that the log of the same work carries, None of runs before it was kept.
    """

    __tablename__ = "step_run"
    __table_args__ = (Index("ix_step_run_subject", "machine", "subject_id", "id"),)

    id: Mapped[Key]
    machine: Mapped[str]
    subject_id: Mapped[int]
    step: Mapped[str]
    attempt: Mapped[int]
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str]
    cause: Mapped[str | None]
    correlation: Mapped[str | None]
