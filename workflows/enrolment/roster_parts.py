"""The parts of a roster file: its rows by plan, and by the day on which their cover begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from documents.rosters.check import plan_of
from documents.rosters.roster_file import Roster, RosterRow
from language import _
from models import Unit
from rules import plans
from rules.errors import BadInput
from rules.plans import Plan
from workflows.engine.office import Office
from workflows.enrolment.following_on import rows_by_start


@dataclass(frozen=True)
class FilePart:
    """The rows of a file under one plan with one first day; each becomes an enrolment.

    `starts_on` is None where cover begins by its fee (R26); `sheet_rows` is None if the part has
    all rows of the plan.
    """

    plan: str
    starts_on: date | None
    rows: int
    sheet_rows: list[int] | None


def parts_of(
    session: Session,
    office: Office,
    unit: Unit,
    roster: Roster,
    asked: Plan,
    asked_start: date | None,
) -> Iterator[FilePart]:
    """The parts; that of the rows which name no plan, and so are for `asked`, comes first."""
    for code, rows in _rows_by_plan(roster, asked).items():
        by_start = (
            {asked_start: rows}
            if asked_start is not None
            else rows_by_start(session, office, unit, plans.load(code), rows)
        )
        for starts_on, own in by_start.items():
            numbers = [row.row for row in own]
            yield FilePart(code, starts_on, len(own), numbers if len(by_start) > 1 else None)


def _rows_by_plan(roster: Roster, asked: Plan) -> dict[str, list[RosterRow]]:
    """The rows of each plan; the plan of the rows that name none comes first."""
    if roster.missing:
        raise BadInput(_("名册缺少表头：%(heading)s") % {"heading": "、".join(roster.missing)})
    found: dict[str, list[RosterRow]] = {asked.code: []}
    for row in roster.rows():
        if not row.stays_out:
            found.setdefault(plan_of(row, asked).code, []).append(row)
    if not any(found.values()):
        raise BadInput(_("名册里没有人"))
    return {code: rows for code, rows in found.items() if rows}
