"""The makers of a claim: the people who worked on it and so cannot approve it."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Claim, Maker, User


def note_maker(session: Session, claim: Claim, person: User) -> None:
    """Record that the person worked on the claim and so cannot approve it."""
    session.execute(
        insert(Maker).values(claim_id=claim.id, user_id=person.id).on_conflict_do_nothing()
    )
