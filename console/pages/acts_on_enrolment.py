"""What every act on a roster shares: the roster locked in a unit of work, then its screen again."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.queries.one_enrolment import enrolment_numbered
from console.render import back_to
from models import Enrolment, User
from workflows.engine.office import Office


@contextmanager
def changing(office: Office, person: User, number: str) -> Iterator[tuple[Session, Enrolment]]:
    """The enrolment, locked, in a unit of work."""
    with office.sessions.unit_of_work() as session:
        yield session, enrolment_numbered(session, person, number, lock=True)


def again(request: Request, number: str, sentence: str) -> Response:
    """Back to the roster's screen, with a sentence on top."""
    return back_to(request, f"/enrolments/{number}", sentence)
