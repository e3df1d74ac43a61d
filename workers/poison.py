"""Drops and counts what this program did not put into the broker, so that it stops no worker."""

import json
import logging
from collections import Counter
from collections.abc import Callable
from functools import partial
from queue import Empty
from typing import Any, TypeVar

from celery.signals import task_rejected, task_unknown
from kombu.transport import redis
from redis.exceptions import ResponseError

from settings import settings
from workers.tags import genuine, tagged

log = logging.getLogger("huzhu.poison")

_counts: Counter[str] = Counter()


def note(kind: str) -> None:
    """Count and log one dropped message; the log does not repeat its content."""
    # Loaded late: beat sends only, and knows nothing of the office.
    from workflows.engine import broker_notes

    _counts[kind] += 1
    broker_notes.count(settings().redis_url, broker_notes.DROPPED, kind)
    log.warning("poison=%s count=%s", kind, _counts[kind])


T = TypeVar("T")


class SturdyChannel(redis.Channel):
    """Reads nothing from the broker but messages that carry a tag of this program.

    Which queue a message goes to is in the program, not in the broker, where kombu keeps it too.
    """

    from_transport_options = (*redis.Channel.from_transport_options, "tag_key")  # type: ignore[assignment]
    tag_key = b""

    def _create_client(self, asynchronous: bool = False) -> Any:
        client = super()._create_client(asynchronous)  # type: ignore[no-untyped-call]
        # Before kombu: it would parse a forged message to find out what it is.
        client.set_response_callback("BRPOP", self._genuine)
        return client

    def _genuine(self, popped: list[bytes] | None, **_: object) -> tuple[bytes, bytes] | None:
        if not popped:
            return None
        key, kept = popped
        message = genuine(self.tag_key, key.decode().rsplit(self.sep, 1)[0], kept)
        if message is None:
            note("forged")
            return None
        return key, message

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except ResponseError as error:
            self._drop_other_kinds(self.active_queues, error)
            raise Empty from error
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            note("garbage")
            raise Empty from error

    def _put(self, queue: str, message: Any, **_: object) -> None:
        # Priorities are not used here: all of a queue stands under its name.
        kept = tagged(self.tag_key, queue, json.dumps(message).encode())
        with self.conn_or_acquire() as client:
            self._in_spite_of_other_kinds(queue, lambda: client.lpush(queue, kept))

    def kept_in(self, queue: str, most: int) -> list[bytes]:
        """What lies in the queue, with its tags; it stays there."""
        with self.conn_or_acquire() as client:
            read: Callable[[], list[bytes]] = partial(client.lrange, queue, 0, most - 1)
            return self._in_spite_of_other_kinds(queue, read)

    def _size(self, queue: str) -> int:
        count: Callable[[str], int] = super()._size
        return self._in_spite_of_other_kinds(queue, lambda: count(queue))

    def _lookup(self, exchange: str, routing_key: str, default: object = None) -> list[str]:
        return [routing_key]

    def _queue_bind(self, *_: object) -> None:
        """Keep no binding in the broker, since `_lookup` reads none."""

    def _in_spite_of_other_kinds(self, queue: str, act: Callable[[], T]) -> T:
        try:
            return act()
        except ResponseError as error:
            self._drop_other_kinds([queue], error)
            return act()

    def _drop_other_kinds(self, queues: list[str], error: ResponseError) -> None:
        """Remove what stands under the name of one of these queues and is no list."""
        if "WRONGTYPE" not in str(error):
            raise error
        name: Callable[[str, int], str] = self._q_for_pri
        with self.conn_or_acquire() as client:
            for key in (name(queue, step) for queue in queues for step in self.priority_steps):
                if client.type(key) not in (b"list", b"none"):
                    client.unlink(key)
                    note("no list")


def _unknown(**_: object) -> None:
    note("unknown task")


def _rejected(**_: object) -> None:
    note("unreadable body")


def install() -> None:
    """Install the channel and the handlers; who sends or takes messages calls it first."""
    redis.Transport.Channel = SturdyChannel
    task_unknown.connect(_unknown)
    task_rejected.connect(_rejected)
