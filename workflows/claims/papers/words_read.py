"""The words that were read on a claim's pages, and whether a value stands among them."""

from sqlalchemy.orm import Session

from models import Page
from workflows.claims.papers.reading import seen_on
from workflows.engine.office import Office


def words_on(session: Session, office: Office, page: Page) -> str:
    """All that was read on a page, without spaces."""
    seen = seen_on(session, office, page.document, page.number)
    return _unbroken("".join(line.text for line in seen.lines))


def stands_in(words: str, value: str) -> bool:
    """Whether this name or number stands in the words of a page."""
    return _unbroken(value) in words


def _unbroken(text: str) -> str:
    return "".join(text.split()).upper()
