"""Takes in what comes by mail: the files of a message are one packet.

The order of acts is the promise, as with the drop folder: a message is marked read only when its
papers are stored. Until then it is taken again, and is the same packet, known by its number.
"""

import hashlib
import logging
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.packets.file_limits import MEBIBYTE
from documents.packets.file_names import in_order
from documents.packets.mail_message import is_from, taken_apart
from language import _
from models import Packet
from models.states import PacketState
from workflows.claims.packets.imap_server import FAILURES, Mailbox, mailbox_of
from workflows.claims.packets.inbox import MAIL, begun
from workflows.claims.packets.intake import REFUSED
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.origin import Channel, Origin, coming_from
from workflows.engine.turns import OneAtATime, take_if_free
from workflows.sealed_values.files import name_print

log = logging.getLogger("huzhu.mailbox")

_AT_ONCE = 50
"""Messages of one look; the rest wait for the next."""
_SWELLING = 1.4
"""Files grow by so much in a mail."""
_DONE = (PacketState.STORED, PacketState.AWAY)


def look(office: Office) -> None:
    """Take in new messages, and mark those whose papers are stored by now."""
    if not office.settings.imap_host:
        return
    try:
        with mailbox_of(office.settings) as box:
            for uid in box.waiting()[:_AT_ONCE]:
                # Each message begins a story of its own; the look is not part of it.
                with coming_from(Origin(Channel.MAIL)):
                    _try_message(office, box, uid)
    except FAILURES as failure:
        log.warning("mailbox not reached: cause=%s", type(failure).__name__)


def _try_message(office: Office, box: Mailbox, uid: str) -> None:
    """One message that the server does not give out must not keep out those behind it."""
    try:
        _take_or_mark(office, box, uid)
    except FAILURES as failure:
        log.warning("message not taken yet: cause=%s", type(failure).__name__)


def _take_or_mark(office: Office, box: Mailbox, uid: str) -> None:
    entry = _entry_of(office, box, uid)
    with office.sessions.read_only() as session:
        packet = _packet_of(session, office, entry)
        state, outcome = (packet.state, packet.outcome) if packet else (None, None)
    if state is None:
        _take(office, box, uid, entry)
    elif outcome == REFUSED or state == PacketState.GONE:
        # Refused, or lost from the spool before its papers were stored: a person reads the mail.
        box.flag(uid)
    elif state in _DONE:
        box.mark_read(uid)


def _take(office: Office, box: Mailbox, uid: str, entry: str) -> None:
    if box.size_of(uid) > _SWELLING * office.limits.max_bytes_packet:
        size = office.limits.max_bytes_packet // MEBIBYTE
        _refuse(office, entry, _("邮件的附件合计超过 %(size)s MB") % {"size": size})
        return
    if not (content := box.content_of(uid)):
        return  # gone since the mailbox was searched
    message = taken_apart(content)
    if not is_from(message, office.settings.imap_senders):
        _refuse(office, entry, _("发件人不在名单里，没有收件；邮件仍在邮箱中"))
    elif not message.files:
        _refuse(office, entry, _("邮件里没有附件（“超大附件”只是链接，请改用普通附件）"))
    else:
        _settle(office, entry, message.files)


def _settle(office: Office, entry: str, files: Sequence[tuple[str, bytes]]) -> None:
    with office.sessions.unit_of_work("mail taken") as session:
        if packet := _begin(session, office, entry):
            office.spool.put(entry, in_order(files))
            advance(session, packet, "settle", office)


def _refuse(office: Office, entry: str, why: str) -> None:
    """Tell it once, where packets are told; the message is flagged at the next look."""
    with office.sessions.unit_of_work("mail refused") as session:
        if packet := _begin(session, office, entry):
            packet.outcome, packet.notes = REFUSED, [why]
            advance(session, packet, "take_back", office)


def _begin(session: Session, office: Office, entry: str) -> Packet | None:
    """A packet for this message; None if another look has begun one."""
    if not take_if_free(session, OneAtATime.LOOK_INTO_MAILBOX):
        return None
    if _packet_of(session, office, entry):
        return None
    return begun(session, office, entry, folder=MAIL)


def _packet_of(session: Session, office: Office, entry: str) -> Packet | None:
    print_ = name_print(office.keys, MAIL, entry.encode())
    return session.scalar(select(Packet).filter_by(folder=MAIL, name_print=print_))


def _entry_of(office: Office, box: Mailbox, uid: str) -> str:
    """The name in the spool of what this message brings: says nothing of who sent it."""
    ready = office.settings
    place = "\n".join((ready.imap_host, ready.imap_user, ready.imap_folder, box.epoch, uid))
    return f"mail-{hashlib.sha256(place.encode()).hexdigest()[:32]}"
