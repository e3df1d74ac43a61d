"""Pages of a claim that are like pages of another one: scanned again, cropped, or with the number
of its receipt or stay.

For another member that is a question of the document check. For the same member the same papers are
often right, since one event may be claimed for under two benefits, and the same event twice is
found by its entitlement: the supervisor is told.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from documents.reading.page_marks import Likeness
from models import Claim
from models.states import ClaimState
from workflows.claims.judging.found_faults import FoundFault
from workflows.engine.turns import OneAtATime, wait_for

PAPER_REUSED = "PAPER_REUSED"


class AlikePaper(NamedTuple):
    """A page of a claim and one of another claim that is like it."""

    claim_id: int
    page_id: int
    why: Likeness
    other_number: str
    other_member_id: int | None
    other_page_id: int


def alike_papers(session: Session, claim_ids: Collection[int]) -> list[AlikePaper]:
    """The pages of these claims that are like pages of other claims, but for claims whose papers
    were given to another one, or to several when they were divided."""
    asked = {"claims": sorted(claim_ids), "joined": ClaimState.JOINED}
    # The check has not written its claims yet; nothing of them is asked for here.
    with session.no_autoflush:
        rows = session.execute(_ALIKE, asked).all()
    return [
        AlikePaper(claim, page, Likeness(why), number, member, other)
        for claim, page, why, number, member, other in rows
    ]


def reused_papers(
    session: Session, claims: Collection[Claim]
) -> Mapping[int, Collection[FoundFault]]:
    """By claim, the pages that are like those of a claim of another member.

    One at a time: of two that are checked at once, the second knows the member of the first.
    """
    suspected = {claim.id: claim for claim in claims if _has_alike(claim)}
    if not suspected:
        return {}
    wait_for(session, OneAtATime.CHECK_ALIKE)
    # The members of claims that are checked together are not written yet.
    in_hand = {claim.number: claim.member_id for claim in claims}
    found: defaultdict[int, set[FoundFault]] = defaultdict(set)
    for each in alike_papers(session, suspected):
        member = suspected[each.claim_id].member_id
        other = in_hand.get(each.other_number, each.other_member_id)
        if other is not None and other != member:
            found[each.claim_id].add(FoundFault(PAPER_REUSED, str(each.page_id)))
    return found


def _has_alike(claim: Claim) -> bool:
    """Whether any page of the claim was found to be like another one; asks no question, since its
    readings were read with it."""
    return any(reading.alike for document in claim.documents for reading in document.readings)


_ALIKE = text("""
    SELECT own.claim_id, page.id, near.why, claim.number, claim.member_id, other_page.id
    FROM document AS own
    JOIN page_reading AS read ON read.sha256 = own.sha256 AND read.alike <> '[]'::jsonb
    JOIN page ON page.document_id = own.id AND page.number = read.number
    CROSS JOIN LATERAL
        jsonb_to_recordset(read.alike) AS near(sha256 text, number bigint, why text)
    JOIN document AS other ON other.sha256 = near.sha256 AND other.claim_id <> own.claim_id
    JOIN page AS other_page
        ON other_page.document_id = other.id AND other_page.number = near.number
    JOIN claim ON claim.id = other.claim_id AND claim.state <> :joined
    WHERE own.claim_id = ANY(:claims)
        AND NOT EXISTS (SELECT FROM packet WHERE packet.cut_from = claim.id)
    ORDER BY own.claim_id, page.id, claim.number, other_page.id
""")
