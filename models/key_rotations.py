"""When everything was sealed anew."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Instant, Key


class KeyRotation(Audited, Base):
    """One act of sealing everything anew with the key of this name, by this suite.

    `ended_at` is when nothing was left that was sealed otherwise; None: it goes on when the
    command is given again.
    """

    __tablename__ = "key_rotation"

    id: Mapped[Key]
    key_name: Mapped[str]
    suite: Mapped[str]
    begun_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
