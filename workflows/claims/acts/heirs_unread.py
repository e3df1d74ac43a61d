"""What was keyed of heirs and is read on no page: who confirms or approves them sees it.

It refuses nothing: a page may be too poor to read, and people look at it.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import N_
from models import Document, Heir, Page
from workflows.claims.papers.words_read import stands_in, words_on
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import heir_person

UNREAD = {
    "name": N_("关系证明上没有读到该姓名"),
    "id_number": N_("材料中没有读到该身份证号"),
    "account": N_("材料中没有读到该银行卡号"),
}
"""By value of an heir, what is said where no page shows it."""


def compare_with_papers(session: Session, office: Office, heirs: Sequence[Heir]) -> None:
    """Keep of each of these heirs of one claim which values are not read on the papers.

    The name must stand on his own proof; the numbers anywhere in the papers of the claim, or in
    those of the claim by which the heirs are known.
    """
    words = _words(session, office, heirs)
    for heir in heirs:
        told, proof = heir_person(office.keys, heir), words[heir.proof_page_id]
        heir.unread = [] if stands_in(proof, told.name) else ["name"]
        for value in ("id_number", "account"):
            if not any(stands_in(each, getattr(told, value)) for each in words.values()):
                heir.unread.append(value)


def _words(session: Session, office: Office, heirs: Sequence[Heir]) -> dict[int, str]:
    """What was read on each page of these papers, by the page's id."""
    named = {id_ for heir in heirs for id_ in (heir.proof_page_id, heir.statement_page_id)}
    proving = select(Document.claim_id).join(Page).where(any_of(Page.id, named))
    claims = {heir.claim_id for heir in heirs} | set(session.scalars(proving))
    pages = session.scalars(select(Page).join(Document).where(any_of(Document.claim_id, claims)))
    return {page.id: words_on(session, office, page) for page in pages}
