"""Blobs as objects of a bucket, at any service that speaks S3.

Each request is tried again where the answer is lost or the service is busy: to put or to delete
twice is to do it once. A service may show what was put a moment later only, so that an object that
is not found is looked for again before it is called missing.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from documents.blobs import Blob, NoSuchBlob
from language import _
from rules.errors import Transient

if TYPE_CHECKING:
    from obstore import ObjectMeta

_AT_ONCE = 8
_LOOK_AGAIN = (0.1, 0.4, 1.0)
"""Seconds before an object that was not found is looked for again."""
_ONE_REQUEST = timedelta(seconds=20)
_ALL_TRIES = timedelta(seconds=30)
_DELETED_AT_ONCE = 1000
_PIECE = 1024 * 1024

Found = TypeVar("Found")


@dataclass(frozen=True)
class Bucket:
    """Which bucket, what all names in it begin with, and how it is reached."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str

    def opened(self) -> S3Store:
        """The client of this bucket."""
        return S3Store(
            self.name,
            prefix=self.prefix,
            endpoint=self.endpoint or None,
            region=self.region,
            access_key_id=self.key_id,
            secret_access_key=self.secret,
            virtual_hosted_style_request=not self.endpoint,
            checksum_algorithm="SHA256",
            client_options={
                "allow_http": self.endpoint.startswith("http:"),
                "timeout": _ONE_REQUEST,
            },
            retry_config={
                "max_retries": 8,
                "retry_timeout": _ALL_TRIES,
                "backoff": {
                    "base": 2,
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=5),
                },
            },
        )


class BucketBlobs:
    """The bucket's service keeps each object whole or not at all; what a writer that crashed left
    of a large one is removed by the bucket's own rule (AbortIncompleteMultipartUpload)."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._opened: tuple[int, S3Store] | None = None

    @property
    def _objects(self) -> S3Store:
        """The client of this process: one that was opened before a fork hangs after it."""
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = os.getpid(), self._bucket.opened()
        return self._opened[1]

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        with _told():
            obstore.put(self._objects, name, iter(pieces))

    def put_all(self, blobs: Iterable[tuple[str, bytes]]) -> None:
        many = [*blobs]
        # The client is opened here, not by each thread.
        put = partial(obstore.put, self._objects)
        with _told(), ThreadPoolExecutor(_AT_ONCE) as threads:
            for _done in threads.map(lambda blob: put(*blob), many):
                pass

    def freshen(self, name: str) -> Blob | None:
        """Nothing: only a put makes an object newer."""
        return None

    def get(self, name: str) -> bytes:
        return self._found(lambda: obstore.get(self._objects, name).bytes().to_bytes(), name)

    def open(self, name: str) -> BinaryIO:
        found = self._found(lambda: obstore.get(self._objects, name), name)
        return BufferedReader(_Stream(iter(found.stream(_PIECE))), _PIECE)

    def head(self, name: str, count: int) -> bytes:
        read = partial(obstore.get_range, self._objects, name, start=0, length=count)
        return self._found(lambda: read().to_bytes(), name)

    def stat(self, name: str) -> Blob | None:
        with _told():
            try:
                return _blob(obstore.head(self._objects, name))
            except FileNotFoundError:
                return None

    def list(self, below: str = "") -> Iterator[Blob]:
        with _told():
            for some in obstore.list(self._objects, below or None):
                yield from map(_blob, some)

    def delete(self, names: Iterable[str]) -> None:
        many = [*names]
        with _told():
            for first in range(0, len(many), _DELETED_AT_ONCE):
                obstore.delete(self._objects, many[first : first + _DELETED_AT_ONCE])

    def sweep(self, before: datetime) -> int:
        """Nothing: see the class."""
        return 0

    def _found(self, look: Callable[[], Found], name: str) -> Found:
        """What a look finds, or a later one; NoSuchBlob where none does."""
        for seconds in (*_LOOK_AGAIN, None):
            with _told(), suppress(FileNotFoundError):
                return look()
            if seconds is not None:
                time.sleep(seconds)
        raise NoSuchBlob(name)


class _Stream(RawIOBase):
    """An object as it arrives."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        with _told():
            while not self._rest and (piece := next(self._pieces, None)) is not None:
                self._rest = memoryview(piece)
        count = min(len(into), len(self._rest))
        into[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


@contextmanager
def _told() -> Iterator[None]:
    """Say that the bucket did not do what was asked, without its own words: they name its address
    and may hold a key."""
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        kind = type(error).__name__
        raise Transient(
            _("影像库（对象存储）没有应答(%(kind)s)，请稍后再试") % {"kind": kind}
        ) from None


def _blob(found: "ObjectMeta") -> Blob:
    return Blob(found["path"], found["size"], found["last_modified"])
