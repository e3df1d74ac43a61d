"""The pages of a claim beside those of other claims that are like them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import labels
from documents.reading.page_marks import Likeness
from language import N_, _
from models import Claim, User
from workflows.claims.judging.reused_papers import alike_papers
from workflows.engine.rows import any_of
from workflows.people.visibility import claims_seen_by

_WHY = {
    Likeness.SAME_PAGE: N_("内容与版面相似"),
    Likeness.SAME_NUMBER: N_("票据号码或住院号相同"),
}


@dataclass(frozen=True)
class AlikePair:
    """A page of the claim, one of another claim, and why they are taken for one."""

    place: str
    page_id: int
    number: str
    """That of the other claim."""
    other_page_id: int
    why: str


def alike_pairs(
    session: Session, person: User, claim: Claim, places: dict[int, int]
) -> list[AlikePair]:
    """Those whose other claim the person may see; `places` are the pages' places in the claim."""
    found = alike_papers(session, [claim.id])
    numbers = {each.other_number for each in found}
    seen = set(
        session.scalars(
            select(Claim.number).where(any_of(Claim.number, numbers), claims_seen_by(person))
        )
    )
    return [
        AlikePair(
            labels.page(places.get(each.page_id)),
            each.page_id,
            each.other_number,
            each.other_page_id,
            _(_WHY[each.why]),
        )
        for each in found
        if each.other_number in seen
    ]
