"""Heirs (继承人): who gets the money of a member who has died."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Digest, Instant, Key, Sealed


class Heir(Base):
    """One heir of the member behind a claim, as one person keyed him and another confirmed.

    `person` holds name, ID number, account and bank; `ref` names the row in the seal. The share is
    an exact fraction, so that three thirds are the whole. `card_print` is the fingerprint of the
    account, None where he was keyed before it was kept. The pages prove the relation, and show
    the joint statement (R35); `unread` names the values that no page was read to say when
    he was keyed. An heir is never edited: a changed list withdraws all of its rows.
    """

    __tablename__ = "heir"
    __table_args__ = (
        CheckConstraint("0 < share AND share <= share_of", name="share_of_the_whole"),
        CheckConstraint("confirmed_by <> keyed_by", name="confirmer_is_not_keyer"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_and_at_together"
        ),
        Index(
            "uq_heir_one_row_a_person",
            "claim_id",
            "id_print",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    ref: Mapped[UUID] = mapped_column(default=uuid4)
    person: Mapped[Sealed]
    id_print: Mapped[Digest]
    card_print: Mapped[bytes | None] = mapped_column(index=True)
    relation: Mapped[str]
    share: Mapped[int]
    share_of: Mapped[int]
    unread: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    proof_page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    statement_page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    keyed_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    keyed_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
