"""Which clerk has which claim on his desk just now."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.people import User


class TakenClaim(Base):
    """A claim that a clerk works on (经手中), from `taken_at` on; `worked_at` is when he last did.

    The row does not stop anybody: others are told of it, and pick another claim. It is deleted when
    he puts the claim down.
    """

    __tablename__ = "taken_claim"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    taken_at: Mapped[datetime]
    worked_at: Mapped[datetime]

    user: Mapped[User] = relationship()
