"""Whether a process does what it is there for, beside reaching the database."""

import urllib.request
from collections.abc import Callable, Sequence

from redis.exceptions import RedisError

from settings import Settings
from workflows.engine import broker_notes
from workflows.pipeline import STEPS

_BETWEEN_TASKS = 60


def takes_work(ready: Settings, queues: Sequence[str]) -> Callable[[], bool]:
    """Whether the worker of these queues on this machine asks for work, or may still be busy with
    what it took last."""
    longest = max((step.limit for step in STEPS if step.queue in queues), default=0)

    def look() -> bool:
        try:
            silent = broker_notes.silent_seconds(ready.redis_url, queues)
        except RedisError:
            return False
        return silent is not None and silent <= longest + _BETWEEN_TASKS

    return look


def answers(port: int) -> Callable[[], bool]:
    """Whether the console on this port answers within three seconds."""

    def look() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/console.css", timeout=3):
                return True
        except OSError:
            return False

    return look
