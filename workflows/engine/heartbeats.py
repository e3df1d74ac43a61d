"""Which processes are alive, silent, too slow of clock or of another version, by their heartbeats
(心跳)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Heartbeat
from workflows.engine.office import Office

SILENT = timedelta(seconds=60)
"""After so long without a sign a process is taken for dead."""
KEPT = timedelta(days=1)
"""How long the row of a process that died is told of."""
CLOCK_OFF = 1000
"""By how many milliseconds a machine's clock may go before or behind the database's."""


def heard(session: Session) -> tuple[datetime, Sequence[Heartbeat]]:
    """The database's time, and the processes that were heard within a day."""
    now = session.scalars(select(func.clock_timestamp())).one()
    recent = select(Heartbeat).where(Heartbeat.seen_at > now - KEPT)
    return now, session.scalars(recent.order_by(Heartbeat.host, Heartbeat.started_at)).all()


def alive(now: datetime, rows: Iterable[Heartbeat]) -> list[Heartbeat]:
    """Those that were heard a moment ago."""
    return [each for each in rows if now - each.seen_at < SILENT]


def silent_hosts(now: datetime, rows: Collection[Heartbeat]) -> dict[str, datetime]:
    """The machines of which no process is heard any more, and when one was heard last."""
    living = {each.host for each in alive(now, rows)}
    last: dict[str, datetime] = {}
    for each in rows:
        if each.host not in living:
            last[each.host] = max(each.seen_at, last.get(each.host, each.seen_at))
    return last


def forget_old_heartbeats(office: Office) -> int:
    """Remove the rows of processes that died more than a day ago; return how many."""
    with office.sessions.unit_of_work() as session:
        gone = delete(Heartbeat).where(Heartbeat.seen_at < func.clock_timestamp() - KEPT)
        return len(session.scalars(gone.returning(Heartbeat.id)).all())
