"""Declares steps: what is done unattended to rows of one table in one state."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from models import Worked
from rules.errors import HuzhuError
from workflows.engine.belongings import Path
from workflows.engine.office import Office

Row = TypeVar("Row", bound=Worked)
Job = TypeVar("Job")
Result = TypeVar("Result")

Reach = Callable[[Office], ColumnElement[bool]]
"""The rows that a machine with these settings can work on, as a condition."""


@dataclass(frozen=True)
class Retry:
    """How often a step is tried and how long it waits in between: doubling, with jitter."""

    attempts: int = 8
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=10)

    def delay(self, attempt: int) -> timedelta:
        """How long to wait after this attempt (from 1): between half and the whole of the step."""
        whole = min(self.first * 2 ** min(attempt - 1, 30), self.longest)
        return timedelta(seconds=whole.total_seconds() * random.uniform(0.5, 1.0))  # noqa: S311


@dataclass(frozen=True)
class Quick(Generic[Row]):
    """A step that is one function in one transaction under the locks of its rows.

    `do` is given any number of rows and asks as few questions about all as about one; what belongs
    to them has been read with them as `reads` says. With the rows it has moved the step `then`
    goes on in the same transaction. `reach` tells which rows this machine can work on; without it
    all of them.
    """

    name: str
    row: type[Row]
    source: str
    queue: str
    do: Callable[[Session, Sequence[Row], Office], None]
    reads: Sequence[Path] = ()
    then: "Quick[Row] | None" = None
    retry: Retry = field(default_factory=Retry)
    limit: int = 60
    reach: Reach | None = None


@dataclass(frozen=True)
class Slow(Generic[Row, Job, Result]):
    """A step that gathers, works with no transaction held, and records.

    `gather` moves the row on itself where nothing is left to work on, and then returns None;
    `pass_on` does so for many rows at once, with which the step `then` goes on in the same
    transaction. `work` may be repeated without harm. It extends the lease it is given now and
    then; `LeasePassed` is raised when another worker has taken over. `seconds` is the length of the
    lease, `limit` that of the whole run.
    """

    name: str
    row: type[Row]
    source: str
    queue: str
    gather: Callable[[Session, Row, Office], Job]
    work: Callable[[Job, Office, "Lease[Row]"], Result]
    record: Callable[[Session, Row, Result, Office], None]
    pass_on: Callable[[Session, Sequence[Row], Office], None] | None = None
    reads: Sequence[Path] = ()
    then: Quick[Row] | None = None
    retry: Retry = field(default_factory=Retry)
    seconds: int = 120
    limit: int = 3600
    reach: Reach | None = None


Step = Quick[Any] | Slow[Any, Any, Any]


def within_reach(step: Step, office: Office) -> ColumnElement[bool]:
    """Which rows of the step this machine can work on."""
    return step.reach(office) if step.reach else true()


class LeasePassed(HuzhuError):
    """Another worker has taken the row; what this one found is dropped."""


@dataclass(frozen=True)
class Lease(Generic[Row]):
    """A slow step's hold on its row: it holds until another worker takes the row and so raises
    the fence."""

    office: Office
    step: Slow[Row, Any, Any]
    subject_id: int
    fence: int

    def extend(self) -> None:
        """Say that the work goes on; raises LeasePassed."""
        with self.office.sessions.unit_of_work(f"{self.step.name} extended") as session:
            self.keep(self.lock(session))

    def keep(self, subject: Row) -> None:
        """Say so of the row that the caller has locked, in the transaction of its other work."""
        until = self.office.clock() + timedelta(seconds=self.step.seconds)
        subject.held_until = subject.due_at = until

    def lock(self, session: Session) -> Row:
        """The row, locked, if it is still ours; raises LeasePassed."""
        subject = session.get(self.step.row, self.subject_id, with_for_update=True)
        if subject is None or subject.fence != self.fence or subject.state != self.step.source:
            raise LeasePassed(self.step.name)
        return subject
