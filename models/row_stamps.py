"""What protected rows held when the program wrote them."""

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Digest


class RowStamp(Base):
    """The stamps of the rows of one table that one transaction wrote. Append-only.

    `columns` are the names of what is stamped, with commas; `row_keys` the rows, with blanks, each
    by its primary key; `stamps` one keyed hash of 16 bytes for each, all zero where the row was
    deleted. The last stamp of a row is that of what it holds. `nonce` is random, so that no stamp
    comes twice. `hash` is the keyed hash of all this under the key of that name; signed roots cover
    it.
    """

    __tablename__ = "row_stamp"
    __table_args__ = (Index("ix_row_stamp_last", "subject", "position"),)

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    subject: Mapped[str]
    columns: Mapped[str]
    row_keys: Mapped[str]
    stamps: Mapped[bytes]
    nonce: Mapped[bytes] = mapped_column(unique=True)
    key: Mapped[str]
    hash: Mapped[Digest]
