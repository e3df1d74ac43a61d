"""The mailbox at its server, by IMAP over TLS: which messages wait, and how they are marked."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from settings import Settings

FAILURES = (imaplib.IMAP4.error, OSError, EOFError)
"""The server cannot be reached, refuses, or breaks off."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Mailbox:
    """An open folder of the mailbox; `epoch` changes when its messages are numbered anew."""

    server: imaplib.IMAP4_SSL
    epoch: str

    def waiting(self) -> list[str]:
        """The numbers of the messages that are neither read nor flagged, the oldest first."""
        found = self._ask("SEARCH", None, "UNSEEN", "UNFLAGGED")
        return [uid for part in found if isinstance(part, bytes) for uid in part.decode().split()]

    def size_of(self, uid: str) -> int:
        """How many bytes the message has; 0 where it is gone."""
        answer = b" ".join(
            part for part in self._ask("FETCH", uid, "(RFC822.SIZE)") if isinstance(part, bytes)
        )
        found = _SIZE.search(answer)
        return int(found[1]) if found else 0

    def content_of(self, uid: str) -> bytes:
        """The message, which stays unread by it; empty where it is gone."""
        parts = self._ask("FETCH", uid, "(BODY.PEEK[])")
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    def mark_read(self, uid: str) -> None:
        """Its papers are stored."""
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def flag(self, uid: str) -> None:
        """It waits for a person, and is not taken again."""
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Flagged)")

    def _ask(self, command: str, *words: str | None) -> list[bytes | tuple[bytes, bytes] | None]:
        status, answer = self.server.uid(command, *words)  # type: ignore[arg-type]
        if status != "OK":
            raise imaplib.IMAP4.error(command)
        return answer


@contextmanager
def mailbox_of(settings: Settings) -> Iterator[Mailbox]:
    """The folder of the settings, open; one of `FAILURES` where that cannot be."""
    server = imaplib.IMAP4_SSL(
        settings.imap_host,
        settings.imap_port,
        ssl_context=ssl.create_default_context(),
        timeout=settings.imap_seconds,
    )
    try:
        server.login(settings.imap_user, settings.imap_password.get_secret_value())
        with suppress(imaplib.IMAP4.error):
            # Some large providers open no folder to a program that does not say its name.
            server.xatom("ID", '("name" "huzhu")')
        status, _count = server.select(f'"{settings.imap_folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error("SELECT")
        [epoch] = server.response("UIDVALIDITY")[1][:1] or [b""]
        yield Mailbox(server, (epoch or b"").decode())
    finally:
        with suppress(*FAILURES):
            server.logout()
