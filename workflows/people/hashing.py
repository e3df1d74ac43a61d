"""Hashing of passwords, which is slow on purpose, in a thread of its own with a short queue.

Thirty people who log in at once wait for each other; everybody else's pages do not wait for them.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from language import _
from rules.errors import Refused

T = TypeVar("T")

_HASHER = PasswordHasher()
_MOST_WAITING = 40
_waiting = threading.BoundedSemaphore(_MOST_WAITING)


class TooBusy(Refused):
    """So many wait already that one more would not be served soon."""


def hash_password(password: str) -> str:
    """The hash to store."""
    return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether it is the password of this hash."""
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def hash_of_nobody() -> str:
    """A name that nobody has is checked against this: it takes as long as one that exists."""
    return _HASHER.hash("no account")


@contextmanager
def a_place() -> Iterator[None]:
    """A place in the queue; TooBusy if it is full. It is taken before an attempt is counted: who is
    sent away has tried nothing."""
    if not _waiting.acquire(blocking=False):
        raise TooBusy(_("正在登录的人太多，请稍后再试"))
    try:
        yield
    finally:
        _waiting.release()


def in_turn(work: Callable[[], T]) -> "Future[T]":
    """Do this when its turn comes; only for who has a place in the queue."""
    # What is refused there is said in the language of who asked.
    return _pool().submit(copy_context().run, work)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "hashing", initializer=_yield_to_pages)


def _yield_to_pages() -> None:
    """Let the threads that serve pages go first. Linux knows a priority of each thread, which those
    that the hash starts inherit; elsewhere it stays as it is."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
