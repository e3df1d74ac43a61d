"""Takes a mail apart: who sent it, and the files it brings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

_LARGEST_ORNAMENT = 20_000
"""Bytes: a smaller picture within the text is a signature's logo."""


@dataclass(frozen=True)
class MailMessage:
    """The sender's address in small letters, empty where none can be told, and the files."""

    sender: str = ""
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def taken_apart(data: bytes) -> MailMessage:
    """What the message brings; nothing where it is broken."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        return MailMessage(_sender(message), tuple(_files(message)))
    except Exception:  # noqa: BLE001 - on broken headers the parser raises almost anything
        return MailMessage()


def is_from(message: MailMessage, allowed: str) -> bool:
    """Whether the sender is one of these addresses, or of one of these `@domain`, in a list that
    commas part."""
    names = [name.strip().lower() for name in allowed.split(",") if name.strip()]
    _person, at, domain = message.sender.rpartition("@")
    return bool(at) and (message.sender in names or f"@{domain}" in names)


def _sender(message: EmailMessage) -> str:
    found = getaddresses([str(each) for each in message.get_all("From", [])])
    return found[0][1].strip().lower() if len(found) == 1 else ""


def _files(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Attachments and larger pictures, also those of a message that is forwarded whole."""
    for part in message.walk():
        if part.is_multipart():
            continue
        name, content = part.get_filename(), part.get_payload(decode=True)
        is_file = bool(name) or part.get_content_maintype() in ("image", "application")
        if is_file and isinstance(content, bytes) and not _is_ornament(part, content):
            yield name or f"附件.{part.get_content_subtype()}", content


def _is_ornament(part: EmailMessage, content: bytes) -> bool:
    within = "Content-ID" in part and part.get_content_disposition() != "attachment"
    is_picture = part.get_content_maintype() == "image"
    return within and is_picture and len(content) < _LARGEST_ORNAMENT
