"""The only file that opens and commits: one session for each unit of work."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, NamedTuple, cast

from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, SessionTransaction

from crash_points import crash_point
from documents.sealing import KeyRing
from workflows.engine.log_key import LogKey
from workflows.engine.origin import correlation
from workflows.engine.row_stamps import (
    drop_noted,
    note_flushed,
    refuse_unnoted,
    write_stamps,
)
from workflows.engine.rows import drop_appended, write_appended


class Bell(NamedTuple):
    """A row that a step may now take up. Losing one costs time, never the claim.

    `alone` asks for a message that no other row shares, since its work is long, or since it may
    have brought down the worker that took it with others. `correlation` is that of the origin that
    caused it.
    """

    machine: str
    state: str
    id: int
    alone: bool = False
    correlation: str = ""


Ringer = Callable[[Sequence[Bell]], None]
LastWork = Callable[[Session, Sequence[Any]], None]


class UnitOfWork(Session):
    """A session that writes what was appended to it behind the objects of each flush."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write everything that has changed."""
        super().flush(objects)
        write_appended(self)

    def begin_nested(self) -> SessionTransaction:
        """Begin a savepoint, behind everything that was written before it."""
        self.flush()
        do_the_last(self)
        write_stamps(self)
        return super().begin_nested()


def at_the_end(session: Session, work: LastWork, row: Any) -> None:
    """Have this row worked off together with the others that the same work is asked for, at the end
    of the transaction or before the next savepoint."""
    session.info.setdefault("last work", {}).setdefault(work, []).append(row)


def waits_for_the_end(session: Session, work: LastWork) -> Sequence[Any]:
    """The rows that this work was asked for and has not done yet."""
    asked: dict[LastWork, list[Any]] = session.info.get("last work", {})
    return asked.get(work, ())


def do_the_last(session: Session) -> None:
    """Do what waits for the end now, as another part of the same work asks for it."""
    asked: dict[LastWork, list[Any]] = session.info.pop("last work", {})
    for work, rows in asked.items():
        work(session, rows)


def _drop_the_last(session: Session, *_: object) -> None:
    """Forget what goes with a savepoint that is rolled back; what came before it is done."""
    session.info.pop("last work", None)


event.listen(UnitOfWork, "after_soft_rollback", _drop_the_last)
event.listen(UnitOfWork, "after_soft_rollback", drop_appended)
event.listen(UnitOfWork, "after_soft_rollback", drop_noted)
event.listen(UnitOfWork, "after_flush", note_flushed)
event.listen(UnitOfWork, "do_orm_execute", refuse_unnoted)


class Sessions:
    """Opens units of work on one database and rings the bells of what they committed.

    `command_of` is the system user whose command they are, which each event tells; empty elsewhere.
    `token` is the id of the token by which a program does it, which each event tells; 0 elsewhere.
    `log_key` is that of the log's chains; without it no event can be written and no row is
    stamped. `keys` is the ring of their office, which each session carries to where sealed rows
    are opened.
    """

    command_of = ""
    token = 0
    log_key: LogKey | None = None
    keys: KeyRing | None = None

    def __init__(
        self, database_url: str, ringer: Ringer | None = None, called: str = "huzhu"
    ) -> None:
        """`called` is the name of each connection, by which the database tells processes apart."""
        arguments = {"connect_timeout": 10, "application_name": called}
        self.engine = create_engine(
            database_url, pool_size=5, max_overflow=10, connect_args=arguments
        )
        self.ringer = ringer

    def of_command(self, system_user: str) -> "Sessions":
        """The same, for the command of this system user."""
        those = copy(self)
        those.command_of = system_user
        return those

    def of_token(self, token_id: int) -> "Sessions":
        """The same, for a program with this token."""
        those = copy(self)
        those.token = token_id
        return those

    def with_keys(self, log_key: LogKey, keys: KeyRing) -> "Sessions":
        """The same, with the log chained by this key, and sealed rows opened with this ring."""
        those = copy(self)
        those.log_key, those.keys = log_key, keys
        return those

    @contextmanager
    def unit_of_work(self, act: str = "act") -> Iterator[Session]:
        """A session whose work is committed at the end of the block, or not at all.

        `act` names the work for tests that crash before and after its commit.
        """
        with UnitOfWork(self.engine, expire_on_commit=False, info=self._info()) as session:
            with session.begin():
                yield session
                session.flush()
                do_the_last(session)
                write_stamps(session)
                crash_point(f"{act}, before commit")
            crash_point(f"{act}, after commit")
            bells = session.info.pop("bells", {})
        if bells and self.ringer is not None:
            self.ringer(list(bells.values()))

    @contextmanager
    def read_only(self) -> Iterator[Session]:
        """A session for reading only: what it changes is rolled back."""
        with Session(self.engine, info=self._info()) as session:
            yield session

    def _info(self) -> dict[str, object]:
        told = {
            "command_of": self.command_of,
            "token": self.token,
            "log_key": self.log_key,
            "keys": self.keys,
        }
        return {name: value for name, value in told.items() if value}


def keys_in(session: Session) -> KeyRing:
    """The ring of the office whose session this is."""
    return cast("KeyRing", session.info["keys"])


def bell_after_commit(session: Session, bell: Bell) -> None:
    """Ask for this bell to be rung once the session's work is committed, and for no earlier one
    of the same row."""
    caused = bell._replace(correlation=correlation())
    session.info.setdefault("bells", {})[bell.machine, bell.id] = caused


def no_bell(session: Session, machine: str, row_id: int) -> None:
    """Nothing is left to do for the row: a bell that was asked for earlier is not rung."""
    session.info.get("bells", {}).pop((machine, row_id), None)
