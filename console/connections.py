"""What one connection may cost: who sends nothing more, or sends too slowly, is cut off.

uvicorn ends a connection that is idle between two requests, and waits for ever within one: some
hundred connections with half a head would take all that the process may open.
"""

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 500
"""Connections at once. One more that asks for something is answered 503."""


class TimedConnection(H11Protocol):
    """One connection of a browser or of the proxy, whose requests have to come to an end.

    Where there are too many, those go first that have waited longest and sent no whole request: an
    honest browser sends its head at once.
    """

    head_seconds: ClassVar[float] = 10
    body_seconds: ClassVar[float] = 30
    """What a body may take beside its length at the slowest speed."""
    slowest: ClassVar[int] = 20_000
    """Bytes of a body in a second."""
    most_waiting: ClassVar[int] = 400

    _patience: asyncio.TimerHandle | None = None
    _waits_for: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.since = asyncio.get_running_loop().time()
        super().connection_made(transport)
        self._wait_for(h11.IDLE, self.head_seconds)
        if len(self.connections) > self.most_waiting:
            self._cut_off_the_oldest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_for(None, 0)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        super().handle_events()
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._wait_for(state, self.body_seconds + self._length() / self.slowest)
        elif state is h11.IDLE and self.timeout_keep_alive_task is None:
            self._wait_for(state, self.head_seconds)
        else:
            self._wait_for(None, 0)

    def _wait_for(self, state: object, seconds: float) -> None:
        """Cut the connection off unless it is in another state by then; None: it may stay."""
        if state is self._waits_for:
            return
        self._waits_for = state
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self.loop.call_later(seconds, self._cut_off, seconds) if state else None

    def _cut_off(self, seconds: float) -> None:
        if self.flow.read_paused:
            # It is we who do not read on.
            self._patience = self.loop.call_later(seconds, self._cut_off, seconds)
            return
        self.transport.abort()

    def _cut_off_the_oldest(self) -> None:
        waiting = [
            each
            for each in self.connections
            if isinstance(each, TimedConnection)
            and each.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        ]
        now = self.loop.time()
        min(waiting, key=lambda each: each.worth(now)).transport.abort()

    def worth(self, now: float) -> tuple[bool, bool, float]:
        """Of those that wait the one that is worth least is cut off. Most is the one that only just
        came; of older ones, one that has at least asked for something; then the younger one."""
        is_new = now - self.since < 1
        return is_new, not is_new and self.conn.their_state is h11.SEND_BODY, self.since

    def _length(self) -> int:
        lengths = [value for name, value in self.headers if name == b"content-length"]
        return int(lengths[0]) if lengths else 0
