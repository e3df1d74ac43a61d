"""What was handed in, before it is a claim or papers of one."""

from datetime import date

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Digest, Instant, Sealed, Worked


class Packet(Worked, Base):
    """One entry of the drop folder, one upload or one mail, on its way into the store.

    `name` is sealed because clerks name folders after people. `owner` is the machine in whose
    drop folder it lies, empty where all machines share one folder or it lies in none. `outcome`
    is taken, rejected or repeated once the packet is stored; `notes` are the sentences for the
    person who dropped it. `objection_id` is the objection that the papers came with. `kept_until`
    is the last day on which the original is kept, sealed; None: it is not. `part_of` is the stack
    that it was a part of, and `cover` the claim's number on the sheet that lay with it there;
    `cut_from` is the claim that the stack had become before a clerk said whose its pages are.
    `seen_at` is when the office had looked at a packet that was rejected.
    """

    __tablename__ = "packet"
    __table_args__ = (
        Index(
            "uq_packet_one_of_a_name_in_the_folder",
            "owner",
            "name_print",
            unique=True,
            postgresql_where=text("state IN ('noticed', 'settled', 'stored')"),
        ),
        Index("ix_packet_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_packet_parked_at", "parked_at", postgresql_where=text("parked_at IS NOT NULL")),
        Index(
            "ix_packet_unseen_refusal",
            "id",
            postgresql_where=text("outcome = 'rejected' AND seen_at IS NULL"),
        ),
        Index("ix_packet_objection_id", "objection_id"),
        Index("ix_packet_cut_from", "cut_from", postgresql_where=text("cut_from IS NOT NULL")),
        Index("ix_packet_part_of", "part_of", postgresql_where=text("part_of IS NOT NULL")),
        Index(
            "ix_packet_kept_until", "kept_until", postgresql_where=text("kept_until IS NOT NULL")
        ),
    )

    name: Mapped[Sealed]
    name_print: Mapped[Digest]
    folder: Mapped[str]
    owner: Mapped[str] = mapped_column(default="", server_default="")
    fingerprint: Mapped[str]
    noticed_at: Mapped[Instant]
    outcome: Mapped[str | None]
    notes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    digest: Mapped[str | None] = mapped_column(index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"))
    kept_until: Mapped[date | None]
    part_of: Mapped[int | None] = mapped_column(ForeignKey("packet.id"))
    cover: Mapped[str | None]
    cut_from: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    seen_at: Mapped[Instant | None]
