"""Programs that act in the name of an account, and the answers they were given."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Digest, Instant, Json, Key


class ApiToken(Base):
    """A program's right to do some acts of one account, until `expires_on` (included).

    One administrator asks for it, another one agrees, and the person of the account draws its
    secret: only then there is a `token_print`, the keyed hash of secret, account, acts and last
    day. `last_used_at` is written at most once a minute.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("asked_by <> agreed_by", name="another_agrees"),
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed_by_somebody"),
        CheckConstraint("token_print IS NULL OR agreed_at IS NOT NULL", name="drawn_once_agreed"),
        CheckConstraint("cardinality(acts) > 0", name="may_do_something"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    name: Mapped[str]
    acts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expires_on: Mapped[date]
    asked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[Instant]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    agreed_at: Mapped[datetime | None]
    token_print: Mapped[bytes | None]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class ApiAnswer(Base):
    """What a program was answered to one write, so that the same request again is not done again.

    `key_print` is the keyed hash of the key that it chose, `request_print` that of what it asked.
    """

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("token_id", "key_print"),)

    id: Mapped[Key]
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    key_print: Mapped[Digest]
    request_print: Mapped[Digest]
    body: Mapped[Json | None] = mapped_column(JSONB)
    at: Mapped[Instant] = mapped_column(index=True)
