"""Members and units whose name was typed into the one box for finding."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from console import formatting
from documents.masks import mask_id
from models import Member, Unit, User
from workflows.engine.office import Office
from workflows.people.rights import Act, may
from workflows.people.visibility import sees_own_unit_only
from workflows.sealed_values.members import id_number_of

ROWS = 50


@dataclass(frozen=True)
class FoundMember:
    """A member with this name, masked like his number; his unit tells namesakes apart."""

    ref: str
    name: str
    id_number: str
    unit: str
    left_on: date | None


@dataclass(frozen=True)
class FoundByName:
    """The first ROWS of each."""

    members: tuple[FoundMember, ...]
    units: tuple[Unit, ...]

    @property
    def path(self) -> str:
        """The page of the only one that was found; empty where none was, or several."""
        paths = [f"/members/{each.ref}" for each in self.members]
        paths += [f"/units/{each.id}" for each in self.units]
        return paths[0] if len(paths) == 1 else ""


def found_by_name(session: Session, office: Office, person: User, text: str) -> FoundByName:
    """The members whose name begins with the text, and the units whose name contains it, of those
    that this person may see."""
    members = select(Member).options(joinedload(Member.unit))
    members = members.where(Member.name.startswith(text, autoescape=True))
    if sees_own_unit_only(person):
        members = members.where(Member.unit_id == person.unit_id)
    units = select(Unit).where(Unit.name.contains(text, autoescape=True)).order_by(Unit.name)
    return FoundByName(
        tuple(
            FoundMember(
                str(each.ref),
                formatting.name(each.name),
                mask_id(id_number_of(office.keys, each)),
                each.unit.name,
                each.left_on,
            )
            for each in session.scalars(members.order_by(Member.name, Member.id).limit(ROWS))
        ),
        tuple(session.scalars(units.limit(ROWS))) if may(person, Act.SEE_UNITS) else (),
    )
