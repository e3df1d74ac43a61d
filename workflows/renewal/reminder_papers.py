"""Opens a reminder's papers: to the office all, to a unit's clerk those of his unit."""

from typing import ClassVar

from sqlalchemy.orm import Session

from language import _
from models import Renewal, User
from rules.errors import Forbidden
from workflows.engine.office import Office
from workflows.people import reveals
from workflows.people.rights import Act, may_for, require


class NoSuchNotice(Forbidden):
    """The notice does not exist, or this person must not know that it does."""

    why: ClassVar[str] = "not_found"


def notice(session: Session, office: Office, person: User, row_id: int) -> bytes:
    """The red-header notice as it was sent."""
    require(person, Act.GET_NOTICES)
    row = _open_to(person, Act.GET_NOTICES, session.get(Renewal, row_id))
    assert row.letter_sha256 is not None
    return office.store.get(row.letter_sha256)


def take_roster(session: Session, office: Office, person: User, row_id: int) -> bytes:
    """The roster with whole numbers; the history records who took it."""
    require(person, Act.TAKE_ROSTERS)
    found = session.get(Renewal, row_id, with_for_update=True)
    row = _open_to(person, Act.TAKE_ROSTERS, found)
    reveals.take_roster(session, office, person, row, "take_roster")
    assert row.roster_sha256 is not None
    return office.store.get(row.roster_sha256)


def _open_to(person: User, act: Act, row: Renewal | None) -> Renewal:
    if row is None or row.letter_sha256 is None or not may_for(person, row.unit_id, act):
        raise NoSuchNotice(_("没有这份续保通知"))
    return row
