"""What a sealed column is: where its values stand, and what each of them is sealed about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from documents.sealing import KeyRing

ERASED = b""
"""What a sealed column holds when the person of its row was erased; it opens with no key."""

ERASED_PRINT_BYTES = 16
"""The length of what stands in place of an erased fingerprint; every other one is longer."""

BoundTo = int | str | bytes | UUID
"""A value of the row that a sealed value is bound to."""


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed values. Each is bound to its table, its column, and the values of its row
    that stand in `by`, so that a value copied elsewhere does not open."""

    table: str
    column: str
    by: tuple[str, ...]

    def about(self, *row: BoundTo) -> str:
        """What the value of the row with these values is bound to."""
        words = (each.hex() if isinstance(each, bytes) else str(each) for each in row)
        return ":".join(
            (_OLDER_NAMES.get((self.table, self.column), f"{self.table}.{self.column}"), *words)
        )

    def seal(self, keys: KeyRing, text: str | bytes, *row: BoundTo) -> bytes:
        """Seal it for the row with these values."""
        return keys.seal(text if isinstance(text, bytes) else text.encode(), self.about(*row))

    def open(self, keys: KeyRing, sealed: bytes, *row: BoundTo) -> str:
        """The text that was sealed for the row with these values; SealBroken where it was not."""
        return keys.open(sealed, self.about(*row)).decode()

    def resealed(self, keys: KeyRing, sealed: bytes, *row: BoundTo) -> bytes:
        """The same value sealed as everything is sealed now."""
        about = self.about(*row)
        return keys.seal(keys.open(sealed, about), about)

    def read(self, keys: KeyRing, sealed: bytes, row: Mapping[str, Any]) -> str:
        """What was sealed in this row, given by column; a file's name may be no text."""
        about = self.about(*(row[name] for name in self.by))
        return keys.open(sealed, about).decode(errors="replace")


# What was sealed before every column had a place of its own keeps the name it was sealed about.
_OLDER_NAMES = {("page_reading", "reading"): "page_reading"}
