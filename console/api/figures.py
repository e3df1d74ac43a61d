"""The figures of a year, which name nobody."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from console.api.caller import NAMES_NOBODY, FigureCaller
from console.queries import statistics

router = APIRouter(dependencies=[NAMES_NOBODY], tags=["statistics"])


class MonthFigure(BaseModel):
    """One plan in one month; sums are in fen."""

    month: int
    plan: str
    covered: int
    people: int
    cases: int
    sum: int
    came_back: int


@router.get("/statistics")
def figures(who: FigureCaller, year: Annotated[int, Query(ge=2000, le=2100)]) -> list[MonthFigure]:
    """The year by month and plan: members covered, people and amounts paid."""
    with who.office.sessions.read_only() as session:
        return [
            MonthFigure(
                month=row.month,
                plan=row.code,
                covered=row.covered,
                people=row.people,
                cases=row.cases,
                sum=row.sum,
                came_back=row.came_back,
            )
            for row in statistics.months(session, who.office, year)
        ]
