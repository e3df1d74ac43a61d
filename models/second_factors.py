"""The second factor of a log-in: what makes its codes, and the codes for a lost one."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Digest, Instant, Key, Sealed


class SecondFactor(Base):
    """The secret from which a person's telephone and we make the same codes (RFC 6238).

    It counts once it is confirmed by a code. `last_step` is the half minute of the last code that
    was taken, so that none counts twice. `reset_asked_by` waits for a second administrator.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    secret: Mapped[Sealed]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)
    reset_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class RecoveryCode(Base):
    """A code that counts once in the place of the telephone's; only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_print: Mapped[Digest]
    used_at: Mapped[datetime | None]


class SecurityKey(Base):
    """A device of a person that signs challenges; we hold the public half of its key.

    `credential` is how the device knows the key, `signed` how often it has signed by its own count.
    """

    __tablename__ = "security_key"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    name: Mapped[str]
    credential: Mapped[Digest] = mapped_column(unique=True)
    public_key: Mapped[Digest]
    signed: Mapped[int]
    added_at: Mapped[Instant]
    used_at: Mapped[datetime | None]
