"""The names in a ZIP file, from its directory at the end; nothing is unpacked."""

import struct
from collections.abc import Iterator

_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_END_BYTES, _ENTRY_BYTES = 22, 46
_MOST_COMMENT = 65_535
_MOST_NAMES = 10_000


def names_in(data: bytes) -> Iterator[bytes]:
    """The names as they are written; none where the directory is broken."""
    end = data.rfind(_END, max(0, len(data) - _END_BYTES - _MOST_COMMENT))
    if end < 0 or end + _END_BYTES > len(data):
        return
    (size,) = struct.unpack_from("<L", data, end + 12)
    at = end - size
    for _number in range(_MOST_NAMES):
        if at < 0 or data[at : at + len(_ENTRY)] != _ENTRY or at + _ENTRY_BYTES > end:
            return
        lengths = struct.unpack_from("<HHH", data, at + 28)
        yield data[at + _ENTRY_BYTES : at + _ENTRY_BYTES + lengths[0]]
        at += _ENTRY_BYTES + sum(lengths)
