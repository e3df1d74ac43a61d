"""Whose the pages of a stack probably are, as the clerk is asked who must say it."""

from sqlalchemy.orm import Session

from models import Claim
from workflows.claims.papers.reading import named
from workflows.claims.papers.whose_pages import whose_pages
from workflows.engine.office import Office


def proposed_persons(session: Session, office: Office, claim: Claim) -> tuple[int, ...]:
    """For each page, in the order of the claim, the number of its person, from 1."""
    pages = [(document, page) for document in claim.documents for page in document.pages]
    readings = [named(session, office, document, page) for document, page in pages]
    return tuple(place + 1 for place in whose_pages(readings))
