"""The register of units, for the office."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.not_found import NotFound
from language import _
from models import Coverage, CoverYear, Unit
from workflows.engine.office import Office


@dataclass(frozen=True)
class ListedUnit:
    """A unit and how many of its members are covered today."""

    id: int
    name: str
    code: str
    city: str
    has_union: bool
    headcount: int | None
    covered: int
    contact: str

    @property
    def is_over(self) -> bool:
        """More are covered than the unit has staff in service: one of the two is wrong."""
        return self.headcount is not None and self.covered > self.headcount


def all_units(session: Session, office: Office) -> list[ListedUnit]:
    """Every unit by name."""
    today = office.today()
    covered = (
        select(CoverYear.unit_id, func.count(Coverage.member_id.distinct()).label("members"))
        .join(Coverage, Coverage.cover_year_id == CoverYear.id)
        .where(Coverage.starts_on <= today, Coverage.ends_on >= today)
        .group_by(CoverYear.unit_id)
        .subquery()
    )
    query = (
        select(Unit, covered.c.members)
        .outerjoin(covered, covered.c.unit_id == Unit.id)
        .order_by(Unit.name)
    )
    return [
        ListedUnit(
            id=unit.id,
            name=unit.name,
            code=unit.code or "",
            city=unit.city or _("待确认"),
            has_union=unit.has_union,
            headcount=unit.headcount,
            covered=members or 0,
            contact=unit.contact_name or "",
        )
        for unit, members in session.execute(query)
    ]


def unit_numbered(session: Session, unit_id: int, *, lock: bool = False) -> Unit:
    """The unit of this number."""
    found = session.get(Unit, unit_id, with_for_update=lock)
    if found is None:
        raise NotFound(str(unit_id))
    return found
