"""A proxy that drops every third request: before the office hears of it, in the middle of it, or
once the office has done it and answers."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

LOST, TORN, UNANSWERED = "lost", "torn", "unanswered"
_EVERY = 3


class DroppingProxy(BaseHTTPRequestHandler):
    """One connection through it; `dropped` names what became of each request that did not pass."""

    protocol_version = "HTTP/1.1"
    office: int
    numbers: "count[int]"
    dropped: list[str]

    def do_POST(self) -> None:
        """Pass the request on, or drop it."""
        number = next(self.numbers)
        fault = (LOST, TORN, UNANSWERED)[number // _EVERY % 3] if number % _EVERY == 0 else ""
        size = int(self.headers["Content-Length"])
        if fault:
            self.dropped.append(fault)
        if fault in {LOST, TORN}:
            self.rfile.read(size // 2 if fault == TORN else 0)
            self._cut()
            return
        connection = HTTPConnection("127.0.0.1", self.office, timeout=60)
        connection.request("POST", self.path, self.rfile.read(size), dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if fault == UNANSWERED:
            self._cut()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def faulty_network(office: int) -> Iterator[tuple[int, list[str]]]:
    """The port through which the office at this one is reached, and what was dropped so far."""

    class Through(DroppingProxy):
        numbers = count()
        dropped: list[str] = []  # noqa: RUF012 - one for all requests

    Through.office = office
    server = ThreadingHTTPServer(("127.0.0.1", 0), Through)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, Through.dropped
    finally:
        server.shutdown()
        server.server_close()
