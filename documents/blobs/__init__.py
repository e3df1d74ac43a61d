"""Where sealed bytes are kept under names: a folder of this machine, or a bucket that all share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from rules.errors import HuzhuError


class NoSuchBlob(HuzhuError):
    """Nothing is kept under this name."""


@dataclass(frozen=True)
class Blob:
    """What is known of kept bytes without reading them; `touched` is when they were put last."""

    name: str
    size: int
    touched: datetime


class Blobs(Protocol):
    """Bytes under names of letters, digits and strokes. What is put is whole or not there at all,
    and once a put has returned no crash and no other machine loses sight of it.

    A cause that passes, as a bucket that does not answer, is raised as OSError or Transient.
    """

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep these pieces, one after the other, in the place of what was there."""

    def put_all(self, blobs: Iterable[tuple[str, bytes]]) -> None:
        """Keep all of these, each in the place of what was there."""

    def freshen(self, name: str) -> Blob | None:
        """The blob, from now on as new as one that is put now; None where it has to be put again,
        since it is not there or cannot be made newer."""

    def get(self, name: str) -> bytes:
        """What is kept; NoSuchBlob."""

    def open(self, name: str) -> BinaryIO:
        """The same as a stream, to be closed; NoSuchBlob."""

    def head(self, name: str, count: int) -> bytes:
        """Its first bytes, so many at most; NoSuchBlob."""

    def stat(self, name: str) -> Blob | None:
        """What is known of it; None where it is not there."""

    def list(self, below: str = "") -> Iterator[Blob]:
        """All whose name begins with `below`, a first part of names that ends with a stroke."""

    def delete(self, names: Iterable[str]) -> None:
        """Keep these no longer; one that is not there is gone already."""

    def sweep(self, before: datetime) -> int:
        """Remove what writers that crashed before then left unfinished; how many."""
