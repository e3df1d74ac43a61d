"""Which keys work on this database."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Sealed


class KeyCanary(Base):
    """A key in use, and what it makes of words that everybody knows: a process that makes something
    else of them, or lacks the key, does not start.

    `key_name` is that of a key that seals, or KeyCanary.PRINTS for the key of fingerprints.
    """

    __tablename__ = "key_canary"

    PRINTS = ":fingerprints"
    """No key that seals is called so: names have no colon."""

    key_name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[Sealed]
