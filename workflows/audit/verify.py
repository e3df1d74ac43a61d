"""Compares the log with what was signed: what was changed, deleted, reordered or backdated.

Nothing of a root is believed but its line, and no line that is not signed by one of our keys.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from documents.signing import public_keys
from language import N_, _
from models import AuditEvent, AuditRoot, RowStamp
from workflows.audit.root_lines import EVENTS, STAMPS, Statement, hash_of, signed_by
from workflows.audit.roots import UNSIGNED_FOR
from workflows.audit.spans_anew import SpansAnew
from workflows.audit.verify_rows import cards_open, rows_are_stamped
from workflows.engine.office import Office
from workflows.proof import Invariant, called, recounted

TOLERANCE = timedelta(hours=1)
"""How far the time of an event may lie from that of the roots around it: an act takes a while."""

PublicKeys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class RootCopies:
    """The lines of the file of roots, and its name."""

    name: str
    lines: Sequence[str]


def verify(
    session: Session, office: Office, keys: PublicKeys, copies: RootCopies
) -> Iterator[Invariant]:
    """Check the whole log in one snapshot; the session is a fresh one, as for `prove`."""
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    roots = session.scalars(select(AuditRoot).order_by(AuditRoot.number)).all()
    lines = [root.line for root in roots]
    statements = [told for line in lines if (told := Statement.of_line(line))]
    yield Invariant(
        "signed_roots", _("每次签名属实，首尾相接"), len(roots), tuple(_faults(roots, keys))
    )
    yield Invariant(
        "kept_elsewhere", _("库内外的签名一致"), len(lines), tuple(_apart(lines, copies))
    )
    yield from _log_as_signed(session, office, statements)
    yield rows_are_stamped(session, office)
    yield cards_open(session, office)
    yield from recounted(session, office, "whole_chains", "whole_histories", "known_moves")


def _faults(roots: Sequence[AuditRoot], keys: PublicKeys) -> Iterator[str]:
    """Roots that are not signed by us, or do not follow from the one before.

    The key that a root of ours names signs what follows, in the place of the one that named it.
    Who gives several keys gives all that there are; each of them that has not handed over yet may
    begin by itself, since the one before it may be lost.
    """
    if not roots:
        yield _("还没有签名：请设 HUZHU_AUDIT_KEY 并启动定时器")
    last: Statement | None = None
    before, trusted = "", dict(keys)
    for at, root in enumerate(roots, 1):
        told = Statement.of_line(root.line)
        if told is None or not signed_by(root.line, trusted):
            yield _("第 %(number)s 号签名不是本系统所签") % {"number": root.number}
        elif not _follows(told, last, before, at) or (root.number, root.at) != (at, told.at):
            yield _("第 %(number)s 号签名与前一号不相接") % {"number": root.number}
        elif told.next_key:
            named = public_keys(told.next_key)
            trusted = {name: trusted[name] for name in trusted if name != told.key}
            trusted.update(named)
            if len(keys) > 1 and not keys.keys() & named.keys():
                yield _("第 %(number)s 号签名将签名移交给了未知的密钥") % {"number": root.number}
        last, before = told, root.line


def _follows(told: Statement, last: Statement | None, before: str, at: int) -> bool:
    """Whether the root begins where the one before ended, as one after it."""
    if told.number != at or told.previous != (hash_of(before) if before else ""):
        return False
    if last is None:
        return all(span.after == 0 for span in told.spans.values())
    ends = {table: span.upto for table, span in last.spans.items()}
    begins = {table: span.after for table, span in told.spans.items()}
    # A later version covers more tables, each from its begin.
    return told.at >= last.at and begins == dict.fromkeys(begins, 0) | ends


def _apart(lines: Sequence[str], copies: RootCopies) -> Iterator[str]:
    """Where the file and the database differ. The last lines may be missing in the file: they are
    added to it after they are in the database."""
    if lines and not copies.lines:
        yield _("签名文件 %(file)s 不在或是空的") % {"file": copies.name}
        return
    for number, (ours, copy) in enumerate(zip_longest(lines, copies.lines), 1):
        if copy is not None and copy != ours:
            words = {"number": number, "file": copies.name}
            yield _("第 %(number)s 号签名与文件 %(file)s 中的不同，或数据库中缺失") % words


def _log_as_signed(
    session: Session, office: Office, statements: Sequence[Statement]
) -> Iterator[Invariant]:
    spans = SpansAnew(EVENTS, _("操作记录"), statements)
    found = list(_event_faults(session, office, spans, statements))
    yield Invariant("as_signed", _("操作记录与签名时一致"), spans.checked, tuple(found))
    stamps = SpansAnew(STAMPS, _("印记"), statements)
    found = []
    passing = select(RowStamp.position, RowStamp.hash).order_by(RowStamp.position)
    for kept in session.execute(passing.execution_options(yield_per=5000)):
        found += stamps.add(kept.position, kept.hash)
    found += stamps.end()
    yield Invariant("stamps_as_signed", _("印记与签名时一致"), stamps.checked, tuple(found))


def _event_faults(
    session: Session, office: Office, spans: SpansAnew, statements: Sequence[Statement]
) -> Iterator[str]:
    wanted = select(
        AuditEvent.position,
        AuditEvent.hash,
        AuditEvent.at,
        AuditEvent.key,
        AuditEvent.subject,
        AuditEvent.subject_id,
        AuditEvent.seq,
    ).order_by(AuditEvent.position)
    # Whatever the first signing found, events without a key among it.
    first_at = statements[0].at if statements else None
    for event in session.execute(wanted.execution_options(yield_per=5000)):
        yield from spans.add(event.position, event.hash)
        is_later = first_at is not None and (spans.root is None or spans.root.at > first_at)
        words = {"subject": called(event.subject), "id": event.subject_id, "seq": event.seq}
        for sentence in _odd(event, spans, is_later, office.clock()):
            yield _(sentence) % words
    yield from spans.end()


def _odd(event: Any, spans: SpansAnew, is_later: bool, now: datetime) -> Iterator[str]:
    """What is wrong with this event, which stands between two roots."""
    if is_later and event.key is None:
        yield N_("%(subject)s %(id)s 的第 %(seq)s 条操作记录没有密钥")
    if spans.last is not None and event.at < spans.last.at - TOLERANCE:
        yield N_("%(subject)s %(id)s 的第 %(seq)s 条操作记录，时间早于此前的签名")
    if spans.root is not None and event.at > spans.root.at + TOLERANCE:
        yield N_("%(subject)s %(id)s 的第 %(seq)s 条操作记录，时间晚于此后的签名")
    if spans.root is None and event.at < now - UNSIGNED_FOR:
        yield N_("%(subject)s %(id)s 的第 %(seq)s 条操作记录至今没有签名")
