"""Hashing of passwords, which is slow on purpose, in a thread of its own with a short queue.

Thirty people who log in at once wait for each other; everybody else's pages do not wait for them.
Who changes his password waits until nobody waits to log in, and one person has one place.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import cache, partial
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from language import _
from rules.errors import Refused

T = TypeVar("T")

_HASHER = PasswordHasher()
_MOST_WAITING = 40
_waiting = threading.BoundedSemaphore(_MOST_WAITING)
_places = threading.Lock()
_changing: set[int] = set()

_Job = tuple["Future[Any]", Callable[[], Any]]
_log_ins: deque[_Job] = deque()
_others: deque[_Job] = deque()


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
def the_place_of(person_id: int) -> Iterator[None]:
    """The one place of a person who changes his password; TooBusy if he has it already."""
    with _places:
        if person_id in _changing:
            raise TooBusy(_("上一次密码修改尚未完成，请稍候"))
        _changing.add(person_id)
    try:
        with a_place():
            yield
    finally:
        with _places:
            _changing.remove(person_id)


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
    return _queued(_log_ins, work)


def after_log_ins(work: Callable[[], T]) -> "Future[T]":
    """Do this when its turn comes and nobody waits to log in; only for who has a place."""
    return _queued(_others, work)


def _queued(queue: "deque[_Job]", work: Callable[[], T]) -> "Future[T]":
    done: Future[T] = Future()
    # What is refused there is said in the language of who asked.
    queue.append((done, partial(copy_context().run, work)))
    _pool().submit(_do_the_most_urgent)
    return done


def _do_the_most_urgent() -> None:
    done, work = (_log_ins or _others).popleft()
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
        done.set_exception(error)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "hashing", initializer=_yield_to_pages)


def _yield_to_pages() -> None:
    """Let the threads that serve pages go first. Linux knows a priority of each thread, which those
    that the hash starts inherit; elsewhere it stays as it is."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
