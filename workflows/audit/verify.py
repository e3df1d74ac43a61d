"""Compares the log with what was signed: what was changed, deleted, reordered or backdated.

Nothing of a root is believed but its line, and no line that is not signed by one of our keys.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, AuditRoot
from workflows.audit.root_lines import EVENTS, SignedSpan, Statement, hash_of, signed_by
from workflows.audit.roots import UNSIGNED_FOR
from workflows.engine.office import Office
from workflows.proof import Invariant, called, recounted

TOLERANCE = timedelta(hours=1)
"""How far the time of an event may lie from that of the roots around it: an act takes a while."""

PublicKeys = Mapping[str, Ed25519PublicKey]

RowOfLog = tuple[Statement | None, Statement | None, Any]
"""An event, the root that covers it, and the one before that root; None where there is none."""


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
    events = EventsAsSigned(office, statements)
    found = tuple(events.faults(session))
    yield Invariant("as_signed", _("操作记录与签名时一致"), events.checked, found)
    yield from recounted(session, office, "whole_chains", "whole_histories", "known_moves")


def _faults(roots: Sequence[AuditRoot], keys: PublicKeys) -> Iterator[str]:
    """Roots that are not signed by us, or do not follow from the one before."""
    if not roots:
        yield _("还没有签名：请设 HUZHU_AUDIT_KEY 并启动定时器")
    last: Statement | None = None
    before = ""
    for at, root in enumerate(roots, 1):
        told = Statement.of_line(root.line)
        if told is None or not signed_by(root.line, keys):
            yield _("第 %(number)s 号签名不是本系统所签") % {"number": root.number}
        elif not _follows(told, last, before, at) or (root.number, root.at) != (at, told.at):
            yield _("第 %(number)s 号签名与前一号不相接") % {"number": root.number}
        last, before = told, root.line


def _follows(told: Statement, last: Statement | None, before: str, at: int) -> bool:
    """Whether the root begins where the one before ended, as one after it."""
    if told.number != at or told.previous != (hash_of(before) if before else ""):
        return False
    if last is None:
        return all(span.after == 0 for span in told.spans.values())
    return told.at >= last.at and all(
        table in told.spans and told.spans[table].after == span.upto
        for table, span in last.spans.items()
    )


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


class EventsAsSigned:
    """The events in order of their positions, counted and hashed for each root anew."""

    def __init__(self, office: Office, statements: Sequence[Statement]) -> None:
        self.now = office.clock()
        self.statements = statements
        self.checked = 0

    def faults(self, session: Session) -> Iterator[str]:
        """What differs from what was signed."""
        rest = iter(self.statements)
        last: Statement | None = None
        root = next(rest, None)
        count, digest = 0, sha256()
        for event in self._events(session):
            while root is not None and event.position > _span(root).upto:
                yield from self._compared(root, count, digest.hexdigest())
                last, root, count, digest = root, next(rest, None), 0, sha256()
            count += 1
            digest.update(event.position.to_bytes(8, "big") + event.hash)
            yield from self._odd(event, last, root)
        while root is not None:
            yield from self._compared(root, count, digest.hexdigest())
            root, count, digest = next(rest, None), 0, sha256()

    def _events(self, session: Session) -> Iterator[Any]:
        wanted = select(
            AuditEvent.position,
            AuditEvent.hash,
            AuditEvent.at,
            AuditEvent.key,
            AuditEvent.subject,
            AuditEvent.subject_id,
            AuditEvent.seq,
        ).order_by(AuditEvent.position)
        for event in session.execute(wanted.execution_options(yield_per=5000)):
            self.checked += 1
            yield event

    def _compared(self, root: Statement, count: int, digest: str) -> Iterator[str]:
        span = _span(root)
        words = {"number": root.number, "at": f"{root.at:%Y-%m-%d %H:%M:%S}"}
        if count < span.count:
            missing = words | {"count": span.count - count}
            yield _("第 %(number)s 号签名（%(at)s）之后，所签操作记录少了 %(count)s 条") % missing
        elif count > span.count:
            more = words | {"count": count - span.count}
            yield _("第 %(number)s 号签名（%(at)s）之后，所签操作记录多了 %(count)s 条") % more
        elif digest != span.digest:
            yield _("第 %(number)s 号签名（%(at)s）之后，所签操作记录被改动或换了次序") % words

    def _odd(self, event: Any, last: Statement | None, root: Statement | None) -> Iterator[str]:
        """What is wrong with this event, which stands between these two roots."""
        words = {"subject": called(event.subject), "id": event.subject_id, "seq": event.seq}
        if event.key is None and self._is_of_later(root):
            yield _("%(subject)s %(id)s 的第 %(seq)s 条操作记录没有密钥") % words
        if last is not None and event.at < last.at - TOLERANCE:
            yield _("%(subject)s %(id)s 的第 %(seq)s 条操作记录，时间早于此前的签名") % words
        if root is not None and event.at > root.at + TOLERANCE:
            yield _("%(subject)s %(id)s 的第 %(seq)s 条操作记录，时间晚于此后的签名") % words
        if root is None and event.at < self.now - UNSIGNED_FOR:
            yield _("%(subject)s %(id)s 的第 %(seq)s 条操作记录至今没有签名") % words

    def _is_of_later(self, root: Statement | None) -> bool:
        """Whether what this root covers was written after the first signing, of all there was."""
        first = self.statements[0] if self.statements else None
        return first is not None and (root is None or root.at > first.at)


def _span(root: Statement) -> SignedSpan:
    return root.spans[EVENTS]
