"""Packs the parts of a Word file: the constant ones once, the others for each letter.

zipfile would read and write the directory of all parts again for each letter, which took half the
time of filling it in.
"""

import struct
import zlib
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _MADE_BY_UNIX, _DEFLATED, _UTF_8 = 20, 0x314, 8, 0x800
_NO_TIME, _NO_DATE = 0, 0x21
"""Midnight of 1 January 1980, so that the same contents give the same bytes."""
_OWNERS_FILE = 0o600 << 16


@dataclass(frozen=True)
class WordFile:
    """Packed parts of a .zip archive, and what its directory says of them (PKWARE APPNOTE)."""

    parts: bytes = b""
    directory: bytes = b""
    count: int = 0

    def plus(self, name: str, content: bytes, level: int) -> "WordFile":
        """The file with one more part, compressed at this level."""
        packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed, path = packer.compress(content) + packer.flush(), name.encode()
        method = _VERSION, 0 if name.isascii() else _UTF_8, _DEFLATED, _NO_TIME, _NO_DATE
        sizes = zlib.crc32(content), len(packed), len(content), len(path), 0
        local = _LOCAL.pack(b"PK\3\4", *method, *sizes)
        place = 0, 0, 0, _OWNERS_FILE, len(self.parts)
        entry = _CENTRAL.pack(b"PK\1\2", _MADE_BY_UNIX, *method, *sizes, *place)
        parts, directory = self.parts + local + path + packed, self.directory + entry + path
        return WordFile(parts, directory, self.count + 1)

    def packed(self) -> bytes:
        """The file as it is stored."""
        sizes = len(self.directory), len(self.parts)
        end = _END.pack(b"PK\5\6", 0, 0, self.count, self.count, *sizes, 0)
        return self.parts + self.directory + end
