"""A stack with the papers of several claims is divided: each part becomes a packet of its own.

The parts lie sealed in the spool before their rows are written, in the transaction in which the
stack is taken in. At any crash either the stack is still to be taken in, and what the spool holds
of it is swept, or each part is a packet that waits like any upload.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from sqlalchemy.orm import Session

from documents.packets.cutting import files_of
from documents.packets.opening import PacketFile
from documents.packets.stacks import StackPart
from language import _
from models import Packet
from workflows.claims.packets.inbox import MAIL, UPLOADS, begun
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.steps import Lease

DIVIDED = "divided"


@dataclass(frozen=True)
class SpooledPart:
    """A part of a stack, and the name under which its files lie in the spool."""

    entry: str
    part: StackPart


def put_parts(
    office: Office, lease: Lease[Packet], parts: Sequence[StackPart], files: Sequence[PacketFile]
) -> tuple[SpooledPart, ...]:
    """Put the files of each part into the spool, under a name that no other attempt uses: a worker
    that is late must not touch what another has recorded."""
    return tuple(_put(office, lease, part, files) for part in parts)


def _put(
    office: Office, lease: Lease[Packet], part: StackPart, files: Sequence[PacketFile]
) -> SpooledPart:
    entry = uuid4().hex
    named = list(files_of(part.pages, files, office.limits))
    office.spool.put(entry, ((name, BytesIO(data)) for name, data in named))
    lease.extend()
    return SpooledPart(entry, part)


def divide(session: Session, office: Office, stack: Packet, parts: Sequence[SpooledPart]) -> None:
    """Make a packet of each part, which goes on as what a person sent does."""
    for each in parts:
        part = begun(
            session,
            office,
            each.entry,
            folder=MAIL if stack.folder == MAIL else UPLOADS,
            notes=doubts(each.part),
            sent_by=stack.sent_by,
            part_of=stack.id,
            cover=each.part.number,
        )
        advance(session, part, "settle", office)
    stack.outcome = DIVIDED
    stack.notes = [*stack.notes, _("按封面分为 %(count)s 件，分别收件") % {"count": len(parts)}]
    if alone := sum(each.part.number is None for each in parts):
        note = _("其中 %(count)s 件没有封面，请核对属于哪个案件") % {"count": alone}
        stack.notes = [*stack.notes, note]


def doubts(part: StackPart) -> list[str]:
    """Sentences for who has the papers: the sheet tells another number of pages, or a page beside
    sheets could not be looked at and may be one."""
    found = []
    if part.is_counted_wrong:
        words = {"n": part.number, "told": part.told, "count": part.count}
        found.append(_("案件 %(n)s 的封面写明 %(told)s 页，实有 %(count)s 页，请核对") % words)
    if part.unseen:
        note = _("其中 %(count)s 页无法查看是不是封面，请核对材料属于哪个案件")
        found.append(note % {"count": part.unseen})
    return found
