"""What every act on a claim shares: the claim locked in a unit of work, then its screen again."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.queries.one_claim import claim_numbered
from console.render import back_to
from models import Claim, User
from workflows.engine.office import Office


@contextmanager
def changing(office: Office, person: User, number: str) -> Iterator[tuple[Session, Claim]]:
    """The claim, locked, in a unit of work."""
    with office.sessions.unit_of_work() as session:
        claim = claim_numbered(session, person, number)
        session.refresh(claim, with_for_update=True)
        yield session, claim


def again(request: Request, number: str, sentence: str, field: str = "") -> Response:
    """Back to the claim's screen, with a sentence on top; `field` is the one marked there."""
    return back_to(request, f"/claims/{number}" + (f"?field={field}" if field else ""), sentence)
