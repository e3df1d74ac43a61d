"""What every act on a claim shares: the claim locked in a unit of work, then its screen again."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.queries.one_claim import claim_numbered
from console.render import back_to
from models import Claim, User
from workflows.claims.acts import taking
from workflows.engine.office import Office

CHECKING = "/check"
"""The end of the address of the page on which a claim is checked by the keyboard."""


@contextmanager
def changing(office: Office, person: User, number: str) -> Iterator[tuple[Session, Claim]]:
    """The claim, locked, in a unit of work; a clerk who corrects it has it on his desk."""
    with office.sessions.unit_of_work() as session:
        claim = claim_numbered(session, person, number)
        session.refresh(claim, with_for_update=True)
        taking.note_work(session, office, person, claim)
        yield session, claim


def again(request: Request, number: str, sentence: str, field: str = "") -> Response:
    """Back to the claim's screen, with a sentence on top; `field` is the one marked there.

    Who checks goes on checking.
    """
    if _comes_from(request).endswith(CHECKING):
        return back_to(request, f"/claims/{number}{CHECKING}", sentence)
    return back_to(request, f"/claims/{number}" + (f"?field={field}" if field else ""), sentence)


def _comes_from(request: Request) -> str:
    asked = request.headers.get("hx-current-url")
    return urlsplit(asked).path if asked else str(request.state.here)
