"""Composes mails with attached papers from a template; the same contents give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from jinja2 import TemplateError

from documents.letters.contents import Issued
from documents.letters.writing import words_only
from language import _
from rules.errors import BadInput

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"


@dataclass(frozen=True)
class Attachment:
    """One file that goes with a mail; its name holds nothing personal."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Envelope:
    """Sender, receiver, time, and the permanent Message-ID."""

    message_id: str
    at: datetime
    sender: Address
    to: Address


def address(text: str, name: str = "") -> Address:
    """The checked mail address; raises BadInput, without quoting it, if it is not one."""
    try:
        found = Address(name, addr_spec=text.strip())
        found.addr_spec.encode("ascii")
    except (MessageError, ValueError, IndexError) as error:
        raise BadInput(_("邮箱地址无法使用")) from error
    if not (found.username and found.domain):
        raise BadInput(_("邮箱地址无法使用"))
    return found


def compose(
    envelope: Envelope,
    paper: Issued,
    attachments: Sequence[Attachment],
    templates: Path = TEMPLATES,
) -> EmailMessage:
    """The message for this paper; the template's first line is the subject."""
    subject, text = _words(paper, templates)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = envelope.message_id
    message["Date"] = format_datetime(envelope.at)
    message["From"], message["To"] = envelope.sender, envelope.to
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="base64")
    for each in attachments:
        main, _slash, sub = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
    if message.is_multipart():
        # By default the boundary is random, and each attempt would make another message.
        message.set_boundary(sha256(envelope.message_id.encode()).hexdigest()[:32])
    return message


def _words(paper: Issued, templates: Path) -> tuple[str, str]:
    text = (templates / f"{paper.kind}.txt").read_text(encoding="utf-8")
    try:
        filled = words_only(text, vars(paper))
    except TemplateError as error:
        raise BadInput(
            _("邮件模板 %(name)s.txt 有误：%(error)s") % {"name": paper.kind, "error": error}
        ) from error
    subject, _break, rest = filled.partition("\n")
    return subject.strip(), rest.strip() + "\n"
