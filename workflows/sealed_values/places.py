"""Where sealed values stand: the list of columns that hold them, and what each is sealed about."""

from dataclasses import dataclass
from uuid import UUID

from documents.sealing import KeyRing

Part = int | str | bytes | UUID
"""A value of the row that a sealed value is bound to."""


@dataclass(frozen=True)
class Place:
    """A column of sealed values. Each is bound to its table, its column, and the values of its row
    that stand in `by`, so that a value copied elsewhere does not open."""

    table: str
    column: str
    by: tuple[str, ...]

    def about(self, *row: Part) -> str:
        """What the value of the row with these values is bound to."""
        words = (each.hex() if isinstance(each, bytes) else str(each) for each in row)
        return ":".join(
            (_OLDER_NAMES.get((self.table, self.column), f"{self.table}.{self.column}"), *words)
        )

    def seal(self, keys: KeyRing, text: str | bytes, *row: Part) -> bytes:
        """Seal it for the row with these values."""
        return keys.seal(text if isinstance(text, bytes) else text.encode(), self.about(*row))

    def open(self, keys: KeyRing, sealed: bytes, *row: Part) -> str:
        """The text that was sealed for the row with these values; SealBroken where it was not."""
        return keys.open(sealed, self.about(*row)).decode()


# What was sealed before every column had a place of its own keeps the name it was sealed about.
_OLDER_NAMES = {("page_reading", "reading"): "page_reading"}

FIELD = Place("field", "value", ("claim_id", "name"))
PAYEE = Place("payment", "payee", ("reference",))
HARDSHIP = Place("relief", "hardship", ("number",))
HEIR = Place("heir", "person", ("ref",))
OBJECTION = Place("objection", "said", ("number",))
PACKET_NAME = Place("packet", "name", ("name_print",))
DOCUMENT_NAME = Place("document", "name", ("claim_id", "sha256"))
READING = Place("page_reading", "reading", ("sha256", "number"))
ID_CARDS = Place("id_copy", "cards", ("enrolment_id", "sha256"))
ID_NUMBER = Place("member", "id_number", ("ref",))
CARD = Place("member", "card", ("ref",))
PHONE = Place("member", "phone", ("ref",))
SAID_CARD = Place("roster_change", "card", ("enrolment_id", "member_id"))
SAID_PHONE = Place("roster_change", "phone", ("enrolment_id", "member_id"))
NAMED_CARD = Place("member_card", "card", ("ref",))

PLACES = (
    FIELD,
    PAYEE,
    HARDSHIP,
    HEIR,
    OBJECTION,
    PACKET_NAME,
    DOCUMENT_NAME,
    READING,
    ID_CARDS,
    ID_NUMBER,
    CARD,
    PHONE,
    SAID_CARD,
    SAID_PHONE,
    NAMED_CARD,
)
"""Every column of sealed values."""
