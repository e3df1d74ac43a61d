"""The card after a return: what the papers show that came since the bank sent the member's money
back, beside the card that the claim names now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_card, mask_id, mask_numbers
from documents.reading.fields import FieldName, extract
from documents.reading.page import PageReading
from documents.shown_values import name
from language import _
from models import Claim, Document, Packet
from workflows.claims.papers import reading
from workflows.claims.papers.field_forms import fault_of
from workflows.claims.sums.returned_payments import returned_payments
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import payee_of, text_of, values_of

NEW_CARD_DIFFERS = "NEW_CARD_DIFFERS"
NEW_CARD_UNREAD = "NEW_CARD_UNREAD"
NEW_CARD_OF_ANOTHER = "NEW_CARD_OF_ANOTHER"

OF_NEW_CARDS = (NEW_CARD_DIFFERS, NEW_CARD_UNREAD, NEW_CARD_OF_ANOTHER)

_PAYEE = (FieldName.BANK_CARD_NUMBER, FieldName.MEMBER_NAME, FieldName.ID_NUMBER)


@dataclass(frozen=True)
class CardAfterReturn:
    """The cards that the bank sent money back from, the last one at the end, and why; the card that
    the claim names now; and what the papers show that came since.

    `other_names` and `other_ids` stand on these papers and are not the member's. `has_papers` is
    whether any came that were read, `has_unread` whether any wait for the reader.
    """

    before: tuple[str, ...]
    why: str
    now: str
    has_papers: bool
    has_unread: bool
    shown: frozenset[str]
    other_names: frozenset[str]
    other_ids: frozenset[str]

    @property
    def came(self) -> bool:
        """Whether any paper came since."""
        return self.has_papers or self.has_unread

    @property
    def is_changed(self) -> bool:
        """Whether the bank has not sent money back from the card that the claim names now."""
        return self.now not in self.before

    @property
    def faults(self) -> tuple[str, ...]:
        """What a person has to say something about before the card is paid to."""
        found = []
        if self.has_unread or (self.is_changed and not self.shown):
            found.append(NEW_CARD_UNREAD)
        if self.shown and (self.now not in self.shown or self.shown - {self.now, *self.before}):
            found.append(NEW_CARD_DIFFERS)
        if self.other_names or self.other_ids:
            found.append(NEW_CARD_OF_ANOTHER)
        return tuple(found)

    @property
    def in_words(self) -> str:
        """Why it is paid again, and what the papers show beside the card; numbers masked."""
        said = self._paper_in_words() if self.came or self.is_changed else ""
        return _("；").join(filter(None, (self._card_in_words(), said, self._others_in_words())))

    def _card_in_words(self) -> str:
        if self.is_changed:
            return _("退票后换卡（银行：%(why)s）") % {"why": self.why}
        return _("再付给原来的卡（银行：%(why)s）") % {"why": self.why}

    def _paper_in_words(self) -> str:
        cards = {"cards": _("、").join(sorted(map(mask_card, self.shown)))}
        if self.has_unread:
            return _("其后有材料尚未识读")
        if not self.has_papers:
            return _("没有新卡的材料")
        if not self.shown:
            return _("其后的材料没有读到卡号")
        if NEW_CARD_DIFFERS in self.faults:
            return _("其后的材料读作 %(cards)s，与所录卡号不一致") % cards
        return _("其后的材料读作 %(cards)s，与所录卡号一致") % cards

    def _others_in_words(self) -> str:
        others = [*sorted(map(name, self.other_names)), *sorted(map(mask_id, self.other_ids))]
        words = {"others": _("、").join(others)}
        return _("其后的材料上是他人：%(others)s") % words if others else ""


def card_after_return(session: Session, office: Office, claim: Claim) -> CardAfterReturn | None:
    """The card of a claim whose money for the member came back; None where none did, or where a
    card or a name is missing.

    Relief has no papers: its card is compared with nothing.
    """
    back = [each for each in returned_payments(claim) if each.heir_id is None]
    if not back:
        return None
    values = values_of(office.keys, claim)
    now, holder = values.get(FieldName.BANK_CARD_NUMBER), values.get(FieldName.MEMBER_NAME)
    if now is None or holder is None:
        return None
    papers = _papers_since(session, claim, max(each.result_at or each.queued_at for each in back))
    pages = _pages_of(session, office, papers)
    shown = _shown_on(pages)
    return CardAfterReturn(
        before=tuple(payee_of(office.keys, each).account for each in back),
        why=mask_numbers(back[-1].result_text or "") or _("未写原因"),
        now=now,
        has_papers=bool(pages),
        has_unread=not claim.is_relief and not all(document.pages for document in papers),
        shown=frozenset(shown[FieldName.BANK_CARD_NUMBER]),
        other_names=frozenset(shown[FieldName.MEMBER_NAME] - {holder}),
        other_ids=frozenset(shown[FieldName.ID_NUMBER] - {values.get(FieldName.ID_NUMBER, "")}),
    )


def _papers_since(session: Session, claim: Claim, since: datetime) -> list[Document]:
    """The papers of the claim that came after this instant."""
    came = {document.packet_id for document in claim.documents}
    query = select(Packet.id).where(any_of(Packet.id, came), Packet.noticed_at > since)
    late = set(session.scalars(query))
    return [document for document in claim.documents if document.packet_id in late]


def _pages_of(session: Session, office: Office, papers: Sequence[Document]) -> list[PageReading]:
    """The read pages of these papers: each as what the reader took it for, and as what a person
    named it."""
    return [
        seen
        for document in papers
        for page in document.pages
        for seen in (
            reading.seen_on(session, office, document, page.number),
            reading.named(session, office, document, page),
        )
    ]


def _shown_on(pages: Sequence[PageReading]) -> dict[FieldName, set[str]]:
    """The sound values on these pages of the fields that say who is paid, page by page: two cards
    that differ in few digits are two cards."""
    shown: dict[FieldName, set[str]] = {each: set() for each in _PAYEE}
    for page in pages:
        found = extract([page])
        said = [*found.fields.values(), *(v for each in found.disagreements for v in each.values)]
        for value in said:
            text = text_of(value.value)
            if value.name in shown and fault_of(value.name, text) is None:
                shown[value.name].add(text)
    return shown
