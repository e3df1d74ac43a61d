"""The quarterly statement of the subsidy: on the screen, as a spreadsheet, as a letter."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from console.forms import Year
from console.guard import StatisticsReader, TheOffice
from console.pages.download import FileAnswer, attachment
from console.queries.participation import figure_years
from console.queries.reports import subsidy_table
from console.render import page
from documents.letters.writing import write
from documents.packets.media_types import DOCX, XLSX
from documents.tables import write_tables
from language import SOURCE, _, speaking
from workflows.enrolment.subsidies import subsidy_statement

router = APIRouter(prefix="/boards")

Quarter = Annotated[int, Query(ge=1, le=4)]


@router.get("/subsidy")
def subsidy(
    request: Request, office: TheOffice, person: StatisticsReader, year: int = 0, quarter: int = 0
) -> Response:
    """The units, heads and sums of a quarter; at first of the one that runs."""
    today = office.today()
    with office.sessions.read_only() as session:
        years = figure_years(session, office)
        year = year if year in years else today.year
        quarter = quarter if 1 <= quarter <= 4 else (today.month + 2) // 3
        statement = subsidy_statement(session, office, year, quarter)
    return page(
        request,
        "subsidy.html",
        statement=statement,
        year=year,
        years=years,
        quarter=quarter,
        runs=today <= statement.last_day,
    )


@router.get("/subsidy.xlsx")
def subsidy_sheet(
    office: TheOffice, person: StatisticsReader, year: Year, quarter: Quarter
) -> FileAnswer:
    """The statement as a spreadsheet."""
    with office.sessions.read_only() as session:
        statement = subsidy_statement(session, office, year, quarter)
    content = write_tables([subsidy_table(statement)], office.clock())
    return attachment(content, _name(statement.number, "xlsx"), XLSX)


@router.get("/subsidy.docx")
def subsidy_letter(
    office: TheOffice, person: StatisticsReader, year: Year, quarter: Quarter
) -> FileAnswer:
    """The statement as a letter; it leaves the office, so it is in Chinese."""
    with office.sessions.read_only() as session, speaking(SOURCE):
        statement = subsidy_statement(session, office, year, quarter)
        content = write(statement)
    return attachment(content, _name(statement.number, "docx"), DOCX)


def _name(number: str, ending: str) -> str:
    return f"{number}{_('补助结算单')}.{ending}"
