"""A small IMAP server over TLS for tests: one folder, the commands that the program uses."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from tests.smtp import PASSWORD

_UID = re.compile(r"UID (SEARCH|FETCH|STORE) (\S+) ?(.*)")


@dataclass
class KeptMessage:
    """A message of the mailbox and its flags."""

    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class ImapServer:
    """What lies in the mailbox, by number, and what it is told: its port, its epoch."""

    port: int = 0
    epoch: int = 1
    messages: dict[int, KeptMessage] = field(default_factory=dict)
    fetched: list[int] = field(default_factory=list)

    def arrive(self, content: bytes) -> KeptMessage:
        kept = self.messages[max(self.messages, default=0) + 1] = KeptMessage(content)
        return kept

    def answer(self, command: str) -> bytes:
        """The untagged answers to a command; ValueError to one that is refused."""
        if command.startswith("LOGIN"):
            if PASSWORD not in command:
                raise ValueError
            return b""
        if command.startswith("SELECT"):
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d]\r\n" % (len(self.messages), self.epoch)
        if match := _UID.match(command):
            return getattr(self, f"_{match[1].lower()}")(match[2], match[3])  # type: ignore[no-any-return]
        return b"* CAPABILITY IMAP4rev1\r\n" if command == "CAPABILITY" else b""

    def _search(self, _first: str, _rest: str) -> bytes:
        unread = (n for n, m in self.messages.items() if not {"\\Seen", "\\Flagged"} & m.flags)
        return b"* SEARCH %s\r\n" % " ".join(map(str, unread)).encode()

    def _fetch(self, uid: str, what: str) -> bytes:
        data = self.messages[int(uid)].content
        if "SIZE" in what:
            return b"* 1 FETCH (UID %s RFC822.SIZE %d)\r\n" % (uid.encode(), len(data))
        self.fetched.append(int(uid))
        return b"* 1 FETCH (UID %s BODY[] {%d}\r\n%s)\r\n" % (uid.encode(), len(data), data)

    def _store(self, uid: str, what: str) -> bytes:
        self.messages[int(uid)].flags |= set(re.findall(r"\\\w+", what))
        return b""


@contextmanager
def imap_server(context: ssl.SSLContext) -> Iterator[ImapServer]:
    """A server on a port of its own, with the certificate of this context."""
    told = ImapServer()

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline():
                tag, _blank, command = line.decode().strip().partition(" ")
                try:
                    self.wfile.write(told.answer(command) + f"{tag} OK done\r\n".encode())
                except ValueError:
                    self.wfile.write(f"{tag} NO refused\r\n".encode())
                if command == "LOGOUT":
                    return

    class ImapListener(ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

        def get_request(self) -> tuple[ssl.SSLSocket, object]:
            found, address = super().get_request()
            return context.wrap_socket(found, server_side=True), address

    with ImapListener(("127.0.0.1", 0), Talk) as server:
        told.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
