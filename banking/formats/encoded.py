"""Puts a long text into the bytes of a file, part by part."""

import io
from collections.abc import Iterable


def encoded(parts: Iterable[str], charset: str) -> bytes:
    """The parts one after the other; a text of them all would need twice the memory."""
    file = io.BytesIO()
    for part in parts:
        file.write(part.encode(charset))
    return file.getvalue()
