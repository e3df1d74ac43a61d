"""Takes files from the store that no row ever named: their writer stored them and crashed, or its
act was refused. Each night looks at a thirtieth of the store."""

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent, Member
from workflows.engine.office import Office
from workflows.retention.files import forget_files
from workflows.stored_files import named_among

log = logging.getLogger("huzhu.proof")

CYCLE_DAYS = 30
"""Days in which each file of the store is looked at once."""
_UNNAMED_FOR = timedelta(days=1)
_FEW, _USUAL_SHARE = 20, 0.1


def forget_unnamed(office: Office) -> int:
    """Remove what was stored more than a day ago and is named by nothing, of this night's share of
    the store; return how many files.

    Where more than a tenth is named by nothing, this is not the database of that store: nothing is
    removed, and the log has it as an error.
    """
    with office.sessions.unit_of_work() as session:
        looked, unnamed = 0, set[str]()
        for first in _of_tonight(office):
            old = office.store.untouched_since(office.clock() - _UNNAMED_FOR, first)
            looked += len(old)
            unnamed |= set(old) - named_among(session, old)
        unnamed -= _exports(session)
        if len(unnamed) > max(_FEW, looked * _USUAL_SHARE):
            log.error("unnamed files kept count=%s looked=%s", len(unnamed), looked)
            return 0
        return forget_files(session, office, unnamed)


def _of_tonight(office: Office) -> list[str]:
    """The first two figures of the hashes that are looked at tonight."""
    tonight = office.today().toordinal() % CYCLE_DAYS
    return [f"{first:02x}" for first in range(tonight, 256, CYCLE_DAYS)]


def _exports(session: Session) -> set[str]:
    """What was handed out on persons is named by the event of it alone."""
    exported = select(AuditEvent.detail["sha256"].as_string()).where(
        AuditEvent.subject == Member.__tablename__, AuditEvent.verb == "export"
    )
    return set(session.scalars(exported))
