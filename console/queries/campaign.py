"""The campaign of a year as a table: unit by phase, with what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Milestone, Unit, User
from workflows.campaign import PHASES
from workflows.engine.office import Office
from workflows.people.visibility import sees_own_unit_only


@dataclass(frozen=True)
class PhaseCell:
    """One phase of one unit. `is_late`: its day is past and it is not reached."""

    id: int
    planned_on: date
    reached_on: date | None
    is_late: bool

    @property
    def was_late(self) -> bool:
        """It was reached, but after its day."""
        return self.reached_on is not None and self.reached_on > self.planned_on


@dataclass(frozen=True)
class UnitPhases:
    """One unit; None where a phase is not planned for it."""

    unit: str
    cells: tuple[PhaseCell | None, ...]

    @property
    def late(self) -> int:
        return sum(cell is not None and cell.is_late for cell in self.cells)


@dataclass(frozen=True)
class PhaseTotal:
    """How far the units have come in one phase; `planned_on` is None where their days differ."""

    phase: str
    word: str
    planned_on: date | None
    planned: int
    reached: int
    late: int


def phases_of_units(session: Session, office: Office, person: User, year: int) -> list[UnitPhases]:
    """Every unit with its phases: those that are late first."""
    query = (
        select(Unit.name, Milestone)
        .join(Unit, Unit.id == Milestone.unit_id)
        .where(Milestone.year == year)
        .order_by(Unit.name)
    )
    if sees_own_unit_only(person):
        query = query.where(Unit.id == person.unit_id)
    today = office.today()
    by_unit: dict[str, dict[str, PhaseCell]] = {}
    for unit, milestone in session.execute(query):
        by_unit.setdefault(unit, {})[milestone.phase] = _cell(milestone, today)
    found = [
        UnitPhases(unit, tuple(cells.get(phase) for phase in PHASES))
        for unit, cells in by_unit.items()
    ]
    return sorted(found, key=lambda row: not row.late)


def phase_totals(rows: Sequence[UnitPhases]) -> list[PhaseTotal]:
    """The totals of the whole table, phase by phase."""
    return [_total(place, phase, rows) for place, phase in enumerate(PHASES)]


def _total(place: int, phase: str, rows: Sequence[UnitPhases]) -> PhaseTotal:
    cells = [cell for row in rows if (cell := row.cells[place]) is not None]
    days = {cell.planned_on for cell in cells}
    return PhaseTotal(
        phase=phase,
        word=_(PHASES[phase]),
        planned_on=days.pop() if len(days) == 1 else None,
        planned=len(cells),
        reached=sum(cell.reached_on is not None for cell in cells),
        late=sum(cell.is_late for cell in cells),
    )


def _cell(milestone: Milestone, today: date) -> PhaseCell:
    is_late = milestone.reached_on is None and milestone.planned_on < today
    return PhaseCell(milestone.id, milestone.planned_on, milestone.reached_on, is_late)
