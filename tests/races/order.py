"""Two transactions at once, in an order that is the same each time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from rules.errors import Refused
from workflows.engine.office import Office

Act = Callable[[Session], object]


@dataclass(frozen=True)
class Met:
    """How two acts at once ended: what each returned, or the sentence it was refused with."""

    first: object
    second: object
    second_waited: bool


def meet(office: Office, first: Act, second: Act, meanwhile: Act | None = None) -> Met:
    """The first has done its work, and commits only when the second waits for it, or is done; and
    `meanwhile` is done, which waits for neither."""
    ends: list[object] = [None, None]
    has_worked, may_commit, is_known = (threading.Event() for _ in range(3))
    backend: list[int] = []

    faults: list[Exception] = []

    def safely(play: Callable[[], None]) -> None:
        try:
            play()
        except Exception as fault:  # noqa: BLE001 - a thread's fault is shown by the test
            faults.append(fault)
            has_worked.set()
            is_known.set()

    def lead() -> None:
        with office.sessions.unit_of_work() as session:
            ends[0] = _refused_or(first, session)
            has_worked.set()
            may_commit.wait()

    def follow() -> None:
        has_worked.wait()
        with office.sessions.unit_of_work() as session:
            backend.append(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
            is_known.set()
            ends[1] = _refused_or(second, session)

    threads = [
        threading.Thread(target=safely, args=(play,), daemon=True) for play in (lead, follow)
    ]
    for thread in threads:
        thread.start()
    is_known.wait()
    waited = bool(backend) and _waits_or_ends(office, backend[0], threads[1])
    try:
        if meanwhile:
            with office.sessions.unit_of_work() as session:
                session.execute(text("SET LOCAL lock_timeout = '1s'"))
                meanwhile(session)
    finally:
        may_commit.set()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Met(ends[0], ends[1], waited)


def _refused_or(act: Act, session: Session) -> object:
    # Inside a savepoint: what a refused act has written is not kept, as at the edge.
    try:
        with session.begin_nested():
            return act(session)
    except Refused as refused:
        return str(refused)


def _waits_or_ends(office: Office, backend: int, thread: threading.Thread) -> bool:
    """Whether the backend came to wait for a lock before its thread ended."""
    while thread.is_alive():
        with office.sessions.read_only() as session:
            blocked = text("SELECT cardinality(pg_blocking_pids(:pid))")
            if session.execute(blocked, {"pid": backend}).scalar_one():
                return True
        time.sleep(0.005)
    return False
