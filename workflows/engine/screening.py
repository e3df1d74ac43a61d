"""Looks for malware in what a person hands in on a page, before anything else looks at it."""

import logging

from documents.packets.file_faults import FileFault
from documents.packets.malware import malware_in
from documents.packets.unfit import Unfit
from models import User
from workflows.engine.history import record
from workflows.engine.office import Office

log = logging.getLogger("huzhu.screening")


def refuse_infected(office: Office, person: User, content: bytes) -> None:
    """Unfit, and an event of the person, if the scanner finds malware in this file; Transient if it
    does not scan. Nothing where the office has no scanner."""
    limits = office.limits
    if limits.scanner and (found := malware_in(content, limits.scanner, limits.patience)):
        note_malware(office, person, [found])
        raise Unfit(FileFault.INFECTED, limits)


def note_malware(office: Office, person: User, found: list[str]) -> None:
    """An event in a transaction of its own: that of the act is about to be undone."""
    log.warning("malware=%s user=%s", ",".join(found), person.id)
    with office.sessions.unit_of_work() as session:
        user = session.get_one(User, person.id, with_for_update=True)
        record(session, user, "find_malware", office.clock(), person.id, found=found)
