"""Claims under revision (重新办理): decided once, and on their way to another decision."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, Revision
from workflows.engine.rows import any_of


def open_revisions(session: Session, claim_ids: Collection[int]) -> dict[int, Revision]:
    """The open revision of each of these claims that has one, by claim."""
    if not claim_ids:
        return {}
    query = select(Revision).where(
        any_of(Revision.claim_id, claim_ids), Revision.closed_at.is_(None)
    )
    return {revision.claim_id: revision for revision in session.scalars(query)}


def is_under_revision(session: Session, claim: Claim) -> bool:
    """Whether the claim was decided before and waits for its new decision."""
    return bool(open_revisions(session, [claim.id]))
