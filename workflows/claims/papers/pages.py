"""The pages of a claim's papers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, Document, Page


def page_of(session: Session, claim: Claim, page_id: int | None) -> Page | None:
    """The page with this id; None where the claim has no such page."""
    query = select(Page).join(Document)
    return session.scalar(query.where(Page.id == page_id, Document.claim_id == claim.id))


def document_of(session: Session, claim: Claim, document_id: int) -> Document | None:
    """The file with this id; None where the claim has no such file."""
    return session.scalar(select(Document).filter_by(id=document_id, claim_id=claim.id))
