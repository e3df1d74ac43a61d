"""Looks through a queue without taking anything: for which rows a bell lies there."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Set
from typing import Any

from workers.poison import SturdyChannel
from workers.tags import genuine

LONG_QUEUE = 2000
"""From so many messages on a queue is not looked through."""


def waiting_bells(channel: SturdyChannel, queue: str) -> Mapping[str, Set[int]] | None:
    """The rows by the name of the step they are rung for; None if the queue is too long.

    Whatever is no message of this program is passed over: the worker drops it when it gets there.
    """
    declare: Callable[[str], Any] = channel.queue_declare
    if declare(queue).message_count >= LONG_QUEUE:
        return None
    found: dict[str, set[int]] = {}
    for kept in channel.kept_in(queue, LONG_QUEUE):
        message = genuine(channel.tag_key, queue, kept)
        if message is not None:
            step, ids = _rung_for(json.loads(message))
            found.setdefault(step, set()).update(ids)
    return found


def _rung_for(message: Any) -> tuple[str, list[int]]:
    arguments, _named, _embedded = json.loads(b64decode(message["body"]))
    return message["headers"]["task"], arguments
