"""Tells the database every few seconds that this process lives; answers /healthz and /readyz.

It costs a statement every fifteen seconds, on a connection of its own each time: a database that
was started again, or a pooler in between, needs no care. A container's check asks the port, which
takes no new Python.
"""

import logging
import platform
import threading
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from types import TracebackType
from typing import Self

import psycopg
from psycopg.conninfo import make_conninfo

from servers.roles import plain
from settings import Settings
from workers.last_progress import last_progress

log = logging.getLogger("huzhu.pulse")

SECONDS = 15.0
_READY = timedelta(seconds=3 * SECONDS)
"""A process that could not tell the database for so long is not ready."""

_BEAT = """
INSERT INTO heartbeat (id, kind, host, queues, build, started_at, seen_at, clock_off, progress_at)
VALUES (%(id)s, %(kind)s, %(host)s, %(queues)s, %(build)s, clock_timestamp(), clock_timestamp(),
        %(off)s, %(progress)s)
ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp(), clock_off = excluded.clock_off,
        progress_at = excluded.progress_at
"""


class Pulse:
    """The pulse of this process for as long as the block runs; `is_well` says, beside that the
    database is reached, whether the process does what it is there for."""

    def __init__(
        self,
        ready: Settings,
        kind: str,
        queues: Sequence[str] = (),
        is_well: Callable[[], bool] = lambda: True,
    ) -> None:
        self._url, self._is_well = plain(ready.database_url), is_well
        self._row = {
            "id": uuid.uuid4().hex,
            "kind": kind,
            "host": platform.node(),
            "queues": list(queues),
            "build": ready.build or version("huzhu"),
        }
        self._told_at: datetime | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="pulse", daemon=True)
        self._server = _server_of(ready, self) if ready.health_port else None

    @property
    def is_ready(self) -> bool:
        """Whether the process told the database a moment ago, and does its work."""
        at = self._told_at
        return at is not None and datetime.now(UTC) - at < _READY and self._is_well()

    def __enter__(self) -> Self:
        self._thread.start()
        if self._server:
            threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The row goes with a process that ends in order."""
        self._ended.set()
        self._thread.join(timeout=5)
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        with suppress(psycopg.Error), self._connected() as connection:
            connection.execute("DELETE FROM heartbeat WHERE id = %(id)s", self._row)

    def _go_on(self) -> None:
        while True:
            try:
                self.tell()
            except psycopg.Error as error:
                log.warning("not told error=%s", type(error).__name__)
            if self._ended.wait(SECONDS):
                return

    def tell(self) -> None:
        """Tell the database that the process is alive."""
        with self._connected() as connection:
            off = _clock_off(connection)
            connection.execute(_BEAT, {**self._row, "off": off, "progress": last_progress()})
        self._told_at = datetime.now(UTC)

    def _connected(self) -> psycopg.Connection:
        given = make_conninfo(self._url, connect_timeout=5, options="-c statement_timeout=5000")
        return psycopg.connect(given, autocommit=True)


def _clock_off(connection: psycopg.Connection) -> int:
    """By how many milliseconds this machine's clock goes before the database's, below zero behind;
    0 where the time that the question took may be all of it."""
    before = datetime.now(UTC)
    [[there]] = connection.execute("SELECT clock_timestamp()").fetchall()
    after = datetime.now(UTC)
    if before <= there <= after:
        return 0
    off = before - there if there < before else after - there
    return int(off / timedelta(milliseconds=1))


def _server_of(ready: Settings, pulse: Pulse) -> ThreadingHTTPServer:
    class HealthAnswer(BaseHTTPRequestHandler):
        """Says nothing but whether the process lives (/healthz) and does its work (/readyz)."""

        timeout = 5

        def do_GET(self) -> None:
            status = {"/healthz": HTTPStatus.OK}.get(self.path, HTTPStatus.NOT_FOUND)
            if self.path == "/readyz":
                status = HTTPStatus.OK if pulse.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *told: object) -> None:
            """A check every few seconds is no news."""

    return ThreadingHTTPServer((ready.health_host, ready.health_port), HealthAnswer)
