"""Who is logged in where, and the wrong attempts that slow the next ones down."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Digest, Instant, Key


class WebSession(Base):
    """A browser in which a person is logged in. The row is deleted when the session ends.

    The browser's cookie holds a token; `token_print` is the keyed hash of it, of the account and of
    `needs_code`. `seen_at` is written at most once a minute. `address` and `agent` let the person
    tell one of his sessions from another. While it `needs_code`, only the password was given, and
    no page but that for the code opens.
    `challenge` is what a security key is asked to sign just now.
    """

    __tablename__ = "web_session"

    id: Mapped[Key]
    token_print: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    began_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    address: Mapped[str]
    agent: Mapped[str]
    needs_code: Mapped[bool]
    challenge: Mapped[bytes | None]


class LogInAttempt(Base):
    """The wrong attempts of one sender, at one log-in name or at all of them.

    `sender` is a network address, or a browser in which the person was logged in before.
    `login_print` is the keyed fingerprint of the log-in name, empty for all names together: people
    type their password there by mistake. Until `held_until` nothing the sender gives is looked at.
    """

    __tablename__ = "log_in_attempt"

    login_print: Mapped[Digest] = mapped_column(primary_key=True)
    sender: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[Instant]
    held_until: Mapped[datetime | None]
