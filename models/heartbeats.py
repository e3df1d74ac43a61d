"""Which processes run, on which machines, and when each was heard last."""

from datetime import datetime

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class Heartbeat(Base):
    """One process of the system; the row goes when it ends in order, so that one which is silent
    died or cannot be reached.

    `kind` is the command it was started by, `queues` are those a worker serves. `seen_at` is the
    database's clock, `clock_off` by how many milliseconds the machine's own went before it then.
    `progress_at` is when a worker last took a message, or when a process last sent one; None where
    it has not yet.
    """

    __tablename__ = "heartbeat"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    host: Mapped[str]
    queues: Mapped[list[str]] = mapped_column(ARRAY(Text))
    build: Mapped[str]
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    clock_off: Mapped[int]
    progress_at: Mapped[datetime | None]
