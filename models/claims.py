"""Claims, their papers, and what was read from them."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Digest, Instant, Json, Key, Sealed, Worked
from models.membership import Member, Unit
from rules.questions import PossibleAnswer, answer_to
from rules.verdict import Benefit, Code

if TYPE_CHECKING:
    from models.decisions import Decision, Entitlement
    from models.heirs import Heir
    from models.letters import Letter
    from models.payments import Payment
    from models.readings import StoredReading
    from models.recovery import Recovery


class Claim(Worked, Base):
    """One request (案件): what one packet asks for. `digest` is that of the packet it came in with;
    where other papers joined it before it was divided, that of all of them.

    `events` is what people established about each event it asks for, sealed; it goes before what
    was read; `tells_death` says whether it is the member's death. `rights` are the live ones,
    `heirs` those of the list in force. `look_again_on` is the day on which a claim that is held is
    among the waiting work again. `late_papers_at` is when papers were filed after the decision that
    a person has still to look at; `let_stand_by` is who proposed that they change nothing in it.
    `card_print` is the fingerprint of the bank card it names. Since `erased_at` the row says
    nothing of a person any more.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("(state = 'held') = (look_again_on IS NOT NULL)", name="held_until_a_day"),
        CheckConstraint(
            "(let_stand_by IS NULL) = (let_stand_reason IS NULL)"
            " AND (let_stand_by IS NULL OR late_papers_at IS NOT NULL)",
            name="let_stand_with_a_reason",
        ),
        Index("ix_claim_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "ix_claim_look_again_on",
            "look_again_on",
            postgresql_where=text("look_again_on IS NOT NULL"),
        ),
        Index(
            "ix_claim_late_papers_at",
            "late_papers_at",
            postgresql_where=text("late_papers_at IS NOT NULL"),
        ),
        Index("ix_claim_state_received_at", "state", "received_at"),
        Index("ix_claim_received_at_id", "received_at", "id"),
        Index("ix_claim_parked_at", "parked_at", postgresql_where=text("parked_at IS NOT NULL")),
        Index("ix_claim_unit_id_state", "unit_id", "state"),
        Index("ix_claim_number_begins", "number", postgresql_ops={"number": "text_pattern_ops"}),
        Index(
            "ix_claim_number_ends",
            literal_column("reverse(number)").label("reversed"),
            postgresql_ops={"reversed": "text_pattern_ops"},
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(unique=True)
    received_on: Mapped[date]
    received_at: Mapped[Instant]
    complete_at: Mapped[datetime | None]
    benefit: Mapped[str] = mapped_column(default="hospital_allowance")
    events: Mapped[bytes | None]
    tells_death: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    look_again_on: Mapped[date | None]
    late_papers_at: Mapped[datetime | None]
    let_stand_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    let_stand_reason: Mapped[str | None]
    card_print: Mapped[bytes | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]

    member: Mapped[Member | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    documents: Mapped[list["Document"]] = relationship(order_by="Document.id")
    fields: Mapped[list["Field"]] = relationship(order_by="Field.id")
    findings: Mapped[list["Finding"]] = relationship(order_by="Finding.id")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.id")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.number")
    letters: Mapped[list["Letter"]] = relationship(order_by="Letter.id", back_populates="claim")
    rights: Mapped[list["Entitlement"]] = relationship(
        primaryjoin="and_(Claim.id == Entitlement.claim_id, Entitlement.released_at.is_(None))",
        viewonly=True,
    )
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.id", back_populates="claim")
    recoveries: Mapped[list["Recovery"]] = relationship(
        primaryjoin="Claim.id == Recovery.claim_id", order_by="Recovery.id", viewonly=True
    )
    heirs: Mapped[list["Heir"]] = relationship(
        primaryjoin="and_(Claim.id == Heir.claim_id, Heir.withdrawn_at.is_(None))",
        order_by="Heir.id",
        viewonly=True,
    )

    @property
    def is_relief(self) -> bool:
        """Whether the claim carries out what the relief committee decided."""
        return self.benefit == Benefit.SECOND_RELIEF


class Document(Base):
    """One stored file of a claim, named by the SHA-256 of its content."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("claim_id", "sha256"),
        CheckConstraint("bytes > 0", name="not_empty"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    packet_id: Mapped[int] = mapped_column(ForeignKey("packet.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[Sealed]
    media_type: Mapped[str]
    bytes: Mapped[int]
    page_count: Mapped[int]

    pages: Mapped[list["Page"]] = relationship(order_by="Page.number", back_populates="document")
    readings: Mapped[list["StoredReading"]] = relationship(
        primaryjoin="Document.sha256 == foreign(StoredReading.sha256)",
        order_by="StoredReading.number",
        viewonly=True,
    )


class Page(Base):
    """One page of a document, from 1. `kind_by` is set when a person named the kind.

    `also` are the further papers that the reader saw on it; they do not count on a page that a
    person named as no paper of the claim.
    """

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        CheckConstraint("rotation IN (0, 90, 180, 270)", name="rotation"),
    )

    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    kind: Mapped[str]
    kind_confidence: Mapped[float]
    kind_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    also: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    rotation: Mapped[int]
    confidence: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]

    document: Mapped[Document] = relationship(back_populates="pages")


class Field(Base):
    """A typed value of a claim with its place; `corrected_by` is set when a person keyed it."""

    __tablename__ = "field"
    __table_args__ = (
        UniqueConstraint("claim_id", "name"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    name: Mapped[str]
    value: Mapped[Sealed]
    confidence: Mapped[float]
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    box: Mapped[list[int] | None] = mapped_column(JSONB)
    corrected_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class Finding(Base):
    """Something the document check wants: a missing paper or a question for a person.

    `subject` is a field, a kind of paper, or a page id; `detail` holds no value of a person.
    `answered_by` is the person who answered it; open findings keep the claim waiting.
    """

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("claim_id", "code", "subject"),)

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    code: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[Json] = mapped_column(default=dict)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_at: Mapped[datetime | None]


class Answer(Base):
    """What a person answered to a question of the rules about one event of a claim.

    `event` is the event's place in the claim, from 0, and `about` the event as it was then: the
    answer counts only while the event is the same. `document_id` is the paper it rests on, where
    it must have one. Where a second person must agree, it counts once `confirmed_by` is set.
    """

    __tablename__ = "claim_answer"
    __table_args__ = (
        CheckConstraint("event >= 0", name="event_from_nought"),
        CheckConstraint("confirmed_by <> answered_by", name="confirmer_is_not_answerer"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_and_at_together"
        ),
        Index(
            "uq_claim_answer_one_to_a_question",
            "claim_id",
            "question",
            "about_print",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    event: Mapped[int]
    about: Mapped[Sealed]
    about_print: Mapped[Digest]
    question: Mapped[str]
    answer: Mapped[str]
    reason: Mapped[Sealed]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    answered_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def chosen(self) -> PossibleAnswer:
        """What the question says of this answer: its words, and what it makes true."""
        return answer_to(Code(self.question), self.answer)
