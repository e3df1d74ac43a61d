"""Drops and counts messages that this program did not send, so that they stop no worker."""

import logging
from collections import Counter
from queue import Empty
from typing import Any

from celery.signals import task_rejected, task_unknown
from kombu.transport import redis

log = logging.getLogger("huzhu.poison")

_counts: Counter[str] = Counter()


def note(kind: str) -> None:
    """Count and log one dropped message; the log does not repeat its content."""
    _counts[kind] += 1
    log.warning("poison=%s count=%s", kind, _counts[kind])


class SturdyChannel(redis.Channel):
    """Drops what kombu cannot decode; otherwise the error would end the whole worker."""

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            note("garbage")
            raise Empty from error


def _unknown(**_: object) -> None:
    note("unknown task")


def _rejected(**_: object) -> None:
    note("unreadable body")


def install() -> None:
    """Install the channel and the handlers; the worker must call this before it connects."""
    redis.Transport.Channel = SturdyChannel
    task_unknown.connect(_unknown)
    task_rejected.connect(_rejected)
