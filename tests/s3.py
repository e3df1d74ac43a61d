"""An S3 service on this machine, and one that fails as services do."""

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from documents.blobs.bucket import Bucket

SEEN_AFTER_SECONDS = 0.08
"""How long an object that was put is not found yet, at the service that fails."""


@contextmanager
def s3_service() -> Iterator[str]:
    """The address of a service that does what it should."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(endpoint: str, name: str) -> Bucket:
    """An empty bucket there."""
    # The service checks no signature.
    with urlopen(Request(f"{endpoint}/{name}", method="PUT")):  # noqa: S310 - our own
        pass
    return Bucket(name, "", endpoint, "us-east-1", "key", "secret")


@contextmanager
def failing(endpoint: str, seed: int) -> Iterator[str]:
    """The address of the same service, where about every third request goes wrong: an answer is
    lost, the service is busy, an upload is torn, a list is slow; and what was put is not found at
    once."""

    class Failing(_Between):
        target = urlsplit(endpoint).netloc
        chance = random.Random(seed)
        put_at: dict[str, float] = {}  # noqa: RUF012 - one for all requests

    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Between(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target: str
    chance: random.Random
    put_at: dict[str, float]

    def _do(self) -> None:
        fault = self.chance.choice(("lost", "busy", "torn", *("none",) * 6))
        size = int(self.headers.get("Content-Length") or 0)
        if fault == "torn" and size:
            self.rfile.read(size // 2)
            self._cut()
            return
        body = self.rfile.read(size)
        if fault == "busy":
            self._answer(503, [], b"")
            return
        if self.command == "GET" and "list-type" in self.path:
            time.sleep(0.05)
        if self._is_not_seen_yet():
            self._answer(404, [], b"<Error><Code>NoSuchKey</Code></Error>")
            return
        status, headers, content = self._asked(body)
        if self.command == "PUT":
            self.put_at.setdefault(urlsplit(self.path).path, time.monotonic())
        if fault == "lost":
            self._cut()
            return
        self._answer(status, headers, content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _do  # noqa: N815 - names of the base class

    def _is_not_seen_yet(self) -> bool:
        put_at = self.put_at.get(urlsplit(self.path).path, 0.0)
        reads = self.command in {"GET", "HEAD"}
        return reads and time.monotonic() - put_at < SEEN_AFTER_SECONDS

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.target, timeout=10)
        connection.request(self.command, self.path, body, dict(self.headers))
        found: HTTPResponse = connection.getresponse()
        content = found.read()
        connection.close()
        return found.status, found.getheaders(), content

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        size = str(len(content))
        for name, value in headers:
            if name.lower() == "content-length":
                size = value
            elif name.lower() not in {"connection", "transfer-encoding", "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", size)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        pass
