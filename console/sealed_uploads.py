"""Lets no uploaded byte lie on a disk in clear, not even in the temporary files of the framework.

The form parser of Starlette keeps a small file in memory and writes a larger one into the common
folder for temporary files, in clear. It offers no way to hand it another kind of file, so its name
for that kind is bound to ours, which seals what it writes with a key that no one else has.
"""

import os
import secrets
import tempfile
from io import BytesIO
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from starlette import formparsers

_BLOCK = 16
_KEY_BYTES = 32


def seal_uploads() -> None:
    """Have every form parser of this process use `SealedUpload` for the files of a form."""
    vars(formparsers)["SpooledTemporaryFile"] = SealedUpload


class SealedUpload:
    """A file of a form: up to `max_size` bytes in memory, more on disk, encrypted.

    The key lives as long as this object, and the file has no name: after a crash nobody can read
    what is left of it. It is written once from its start, then read; CTR lets it be read from any
    place. Nobody but this process reads it, so that a tag would protect from nothing.
    """

    def __init__(self, max_size: int = 0) -> None:
        self._max_size = max_size
        self._rolled = False
        self._file: BinaryIO = BytesIO()
        self._key = secrets.token_bytes(_KEY_BYTES)

    def write(self, data: bytes) -> int:
        if not self._rolled and self._max_size and self.tell() + len(data) > self._max_size:
            self._roll()
        self._file.write(self._crypted(data, self.tell()) if self._rolled else data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        place = self.tell()
        data = self._file.read(size)
        return self._crypted(data, place) if self._rolled else data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()

    def _roll(self) -> None:
        """Move what is in memory to the disk."""
        place, memory = self.tell(), self._file
        memory.seek(0)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        self._file.write(self._crypted(memory.read(), 0))
        self._file.seek(place)
        self._rolled = True

    def _crypted(self, data: bytes, place: int) -> bytes:
        """These bytes of the file, from this place on, encrypted or decrypted."""
        block, inside = divmod(place, _BLOCK)
        cipher = Cipher(AES(self._key), CTR(block.to_bytes(_BLOCK))).encryptor()
        cipher.update(bytes(inside))
        return cipher.update(data)
