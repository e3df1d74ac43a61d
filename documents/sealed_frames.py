"""A sealed file as a row of frames, so that no file has to fit into memory.

Each frame is its length and a sealed piece, bound to what the file is about and to its place.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from documents.sealing import KeyRing

FRAME_BYTES = 4 * 1024 * 1024
"""How much a frame holds at most."""

LENGTH_BYTES = 4


def write_frames(target: BinaryIO, keys: KeyRing, about: str, frames: Iterable[bytes]) -> None:
    """Seal these frames into the file."""
    for piece in sealed_frames(keys, about, frames):
        target.write(piece)
    target.flush()


def sealed_frames(keys: KeyRing, about: str, frames: Iterable[bytes]) -> Iterator[bytes]:
    """What a file of these frames holds, a piece for each."""
    for place, frame in enumerate(frames):
        sealed = keys.seal(frame, f"{about}:{place}")
        yield len(sealed).to_bytes(LENGTH_BYTES) + sealed


def read_frames(source: BinaryIO, keys: KeyRing, about: str) -> Iterator[bytes]:
    """The frames of the file; SealBroken at one that is not in its place, or not sealed by us.

    What was cut off at the end is not missed: the last frame has to say that it is the last.
    """
    place = 0
    while length := source.read(LENGTH_BYTES):
        yield keys.open(source.read(int.from_bytes(length)), f"{about}:{place}")
        place += 1
