"""Signs what the log holds, again and again, so that nobody rewrites it unseen afterwards.

A root covers the events up to a position. Positions are taken when an event is written, and become
visible when its transaction commits: so first everybody who writes at the moment is waited for, and
no event appears later below a position that was signed.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from documents.signing import Signer, as_text
from models import AuditEvent, AuditRoot, Base
from workflows.audit.root_copies import add_to_file, last_copied, tell_syslog
from workflows.audit.root_lines import EVENTS, STAMPS, SignedSpan, Statement, hash_of
from workflows.engine.office import Office
from workflows.engine.turns import OneAtATime, take_if_free

log = logging.getLogger("huzhu.audit")

LOGS = (EVENTS, STAMPS)
"""The tables that a root covers; each row has a position and a hash."""

UNSIGNED_FOR = timedelta(minutes=10)
"""How long an event may wait for its root before something is wrong."""

DUE_AFTER = timedelta(minutes=1)
DUE_ROWS = 1000
ROWS_AT_ONCE = 50_000
PATIENCE = 10.0


def sign_if_due(office: Office, patience: float = PATIENCE) -> int:
    """Sign what has come since the last root, if it is due; how many roots were made.

    Without a key nothing is signed, nor where the file holds a root that the database does not:
    then one of the two was rewritten, or an older state was restored, and a person has to look.
    """
    if not office.settings.audit_key.get_secret_value():
        return 0
    made = 0
    with office.sessions.unit_of_work("root") as session:
        if take_if_free(session, OneAtATime.SIGN_ROOT) and _copies_agree(session, office):
            last = _last(session)
            if _is_due(session, office, last):
                made = sum(1 for _root in _signed(session, office, last, patience))
    _copy(office)
    return made


def settled_upto(session: Session) -> int:
    """The position up to which the log is whole: no event appears below it any more. 0 where
    nothing was signed yet."""
    return _after(_last(session), EVENTS)


def unsigned_since(session: Session) -> datetime | None:
    """When the oldest event happened that no root covers; None where there is none."""
    last = _last(session)
    rest = select(func.min(AuditEvent.at)).where(AuditEvent.position > _after(last, EVENTS))
    return session.scalar(rest)


def _is_due(session: Session, office: Office, last: Statement | None) -> bool:
    if last is None or _is_new_key(last, signer_of(office)):
        return True
    waiting = sum(_upto(session, table) - _after(last, table) for table in LOGS)
    return waiting >= DUE_ROWS or (waiting > 0 and office.clock() - last.at >= DUE_AFTER)


def _signed(
    session: Session, office: Office, last: Statement | None, patience: float
) -> Iterator[AuditRoot]:
    """Make the roots that cover what is written; none while somebody writes for long."""
    upto = {table: _upto(session, table) for table in LOGS}
    if not _writers_are_done(session, patience):
        log.warning("no root: somebody is writing for seconds=%s", patience)
        return
    now, signer = office.clock(), signer_of(office)
    while last is None or _is_new_key(last, signer) or _lacks(last, upto):
        spans = {table: _next_span(session, table, last, upto[table]) for table in LOGS}
        before = session.get(AuditRoot, last.number) if last else None
        last = Statement(
            number=last.number + 1 if last else 1,
            at=now,
            previous=hash_of(before.line) if before else "",
            spans=spans,
            **_keys(last, signer),
        )
        root = AuditRoot(number=last.number, at=last.at, line=last.line(signer))
        session.add(root)
        session.flush()
        yield root


def signer_of(office: Office) -> Signer:
    """The keys of the settings."""
    return Signer.from_text(office.settings.audit_key.get_secret_value())


def _is_new_key(last: Statement, signer: Signer) -> bool:
    return last.signs_next != signer.name


def _keys(last: Statement | None, signer: Signer) -> dict[str, str]:
    """Which key signs the next root, and to which it hands over: the one before a new key does.

    Where that is lost the new one begins by itself, and only who is told its public key by a person
    believes it.
    """
    if last is None or not _is_new_key(last, signer):
        return {"key": signer.name}
    if last.signs_next in signer.private:
        return {"key": last.signs_next, "next_key": as_text(signer.public[signer.name])}
    log.error("a new key signs that the one before did not name: before=%s", last.signs_next)
    return {"key": signer.name}


def _lacks(last: Statement, upto: Mapping[str, int]) -> bool:
    """Whether something up to there is covered by no root."""
    return any(_after(last, table) < upto[table] for table in LOGS)


def _next_span(session: Session, table: str, last: Statement | None, upto: int) -> SignedSpan:
    after = _after(last, table)
    until = min(upto, after + ROWS_AT_ONCE)
    rows = Base.metadata.tables[table]
    each = func.int8send(rows.c.position).op("||")(rows.c.hash)
    joined = func.string_agg(each, aggregate_order_by(_NOTHING, rows.c.position))
    counted = select(func.count(), func.sha256(func.coalesce(joined, _NOTHING)))
    within = (rows.c.position > after, rows.c.position <= until)
    count, digest = session.execute(counted.where(*within)).one()
    return SignedSpan(after, until, count, digest.hex())


_NOTHING = literal_column("''::bytea", LargeBinary)


def _after(last: Statement | None, table: str) -> int:
    """Up to where this root covers the table."""
    span = last.spans.get(table) if last else None
    return span.upto if span else 0


def _upto(session: Session, table: str) -> int:
    """The last position that was given away, whether its row is visible or not."""
    sequence = func.pg_get_serial_sequence(table, "position")
    return session.scalar(select(func.coalesce(func.pg_sequence_last_value(sequence), 0))) or 0


def _writers_are_done(session: Session, patience: float) -> bool:
    """Wait until no transaction is left of those that write to the log now."""
    waited_for = _writers(session)
    until = time.monotonic() + patience
    while waited_for & _writers(session):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _writers(session: Session) -> set[str]:
    """The transactions that write to the log, and hold a lock on it until they end."""
    return set(session.scalars(_WRITERS, {"logs": list(LOGS)}))


_WRITERS = text("""
    SELECT DISTINCT l.virtualtransaction FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.locktype = 'relation' AND c.relname = ANY(:logs) AND l.mode = 'RowExclusiveLock'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")


def _last(session: Session) -> Statement | None:
    line = session.scalar(select(AuditRoot.line).order_by(AuditRoot.number.desc()).limit(1))
    return Statement.of_line(line) if line else None


def _copies_agree(session: Session, office: Office) -> bool:
    """Whether the last root in the file is in the database."""
    line = last_copied(office.settings.roots_file)
    if not line:
        return True
    told = Statement.of_line(line)
    root = session.get(AuditRoot, told.number) if told else None
    if root is not None and root.line == line:
        return True
    log.error("no root: the file holds one that the database does not: file of roots line end")
    return False


def _copy(office: Office) -> None:
    """Hand the roots that are not in the file yet to it and to the syslog server."""
    file, syslog = office.settings.roots_file, office.settings.audit_syslog
    with office.sessions.unit_of_work("copy roots") as session:
        if not take_if_free(session, OneAtATime.SIGN_ROOT):
            return
        told = Statement.of_line(last_copied(file))
        missing = select(AuditRoot.line).where(AuditRoot.number > (told.number if told else 0))
        lines = list(session.scalars(missing.order_by(AuditRoot.number)))
        if lines:
            add_to_file(file, lines)
            if syslog:
                tell_syslog(syslog, lines)
