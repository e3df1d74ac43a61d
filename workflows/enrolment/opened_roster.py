"""A roster that somebody hands in is opened before a transaction begins.

A hostile file keeps its reader busy for half a minute: meanwhile no connection of the database and
no row is held.
"""

from dataclasses import dataclass, field

from documents.rosters.roster_file import Roster, open_roster
from models import User
from workflows.engine.office import Office
from workflows.engine.screening import refuse_infected
from workflows.people.rights import Act, require


@dataclass(frozen=True)
class OpenedRoster:
    """The file and what is in it."""

    content: bytes = field(repr=False)
    sheet: Roster = field(repr=False)


def opened_roster(office: Office, person: User, content: bytes) -> OpenedRoster:
    """The roster opened; raises Refused."""
    require(person, Act.ENROL)
    refuse_infected(office, person, content)
    return OpenedRoster(content, open_roster(content, office.limits))
