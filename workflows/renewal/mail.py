"""Sends a reminder's papers to the unit by mail; a unit without mail finds them on its page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from documents.letters.mails import Attachment, Envelope, address, compose
from documents.letters.renewal_notice import RenewalNotice
from documents.packets.media_types import DOCX, XLSX
from language import SOURCE, _, speaking
from models import Renewal
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.steps import Lease
from workflows.renewal.mail_server import Undeliverable, send
from workflows.renewal.notice_writing import notice_of
from workflows.renewal.reminders import is_still_wanted


@dataclass(frozen=True)
class Parcel:
    """A mail to send: its papers, its receiver, and the Message-ID that every attempt uses."""

    message_id: str
    at: datetime
    to: str
    notice: RenewalNotice
    letter_sha256: str
    roster_sha256: str


def gather(session: Session, row: Renewal, office: Office) -> Parcel | None:
    """Gather what the mail needs; None if it is not needed or cannot be mailed."""
    if not is_still_wanted(session, office, row):
        return None
    if not office.settings.smtp_host or not row.unit.contact_email:
        advance(session, row, "post", office)
        return None
    assert row.letter_sha256 is not None
    assert row.mailed_roster_sha256 is not None
    assert row.written_at is not None
    # Stored before the first attempt, so that a second attempt sends the same message.
    row.message_id = row.message_id or _message_id(office, row)
    return Parcel(
        row.message_id,
        row.written_at,
        row.unit.contact_email,
        notice_of(office, row, (), 0),
        row.letter_sha256,
        row.mailed_roster_sha256,
    )


def work(parcel: Parcel, office: Office, _lease: Lease[Renewal]) -> None:
    """Send the mail with the masked roster."""
    with speaking(SOURCE):
        message = compose(
            Envelope(
                parcel.message_id,
                parcel.at,
                address(_sender(office), office.settings.office_name),
                address(parcel.to),
            ),
            parcel.notice,
            (
                Attachment(_("续保通知") + ".docx", office.store.get(parcel.letter_sha256), DOCX),
                Attachment(_("续保名册") + ".xlsx", office.store.get(parcel.roster_sha256), XLSX),
            ),
        )
    send(office.settings, message)


def record_sent(session: Session, row: Renewal, _result: None, office: Office) -> None:
    """Record that the mail server accepted the message."""
    row.mailed_at = office.clock()
    advance(session, row, "mail_renewal", office, message_id=row.message_id)


def _message_id(office: Office, row: Renewal) -> str:
    domain = address(_sender(office)).domain
    assert row.letter_sha256 is not None
    return f"<renewal-{row.id}.{row.letter_sha256[:24]}@{domain}>"


def _sender(office: Office) -> str:
    sender = office.settings.mail_from or office.settings.smtp_user
    if not sender:
        raise Undeliverable(_("没有设置发件地址 HUZHU_MAIL_FROM"))
    return sender
