"""Participation and payout of the units, the year's figures, and the public list."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.forms import Year
from console.guard import BoardReader, StatisticsReader, TheOffice
from console.pages.download import FileAnswer, attachment
from console.queries import reports, statistics
from console.queries.participation import MAIN, figure_years, figures_of_units, plan_families, total
from console.render import page
from documents.new_workbook import MEDIA_TYPE
from documents.tables import write_tables
from language import _
from rules.scoring import scale
from workflows.people.visibility import sees_own_unit_only

router = APIRouter(prefix="/boards")


@router.get("")
def ranking(
    request: Request,
    office: TheOffice,
    person: BoardReader,
    year: int = 0,
    plan: str = MAIN,
) -> Response:
    """Every unit with its score and rank; a unit clerk sees the row of his own unit."""
    families = plan_families()
    family = plan if plan in families else MAIN
    with office.sessions.read_only() as session:
        years = figure_years(session, office)
        year = year if year in years else office.today().year
        rows = figures_of_units(session, office, year, family)
    is_own = sees_own_unit_only(person)
    return page(
        request,
        "ranking.html",
        rows=[row for row in rows if not is_own or row.unit_id == person.unit_id],
        total=None if is_own else total(rows),
        ranked=sum(row.rank is not None for row in rows),
        year=year,
        years=years,
        family=family,
        families=families,
        scale=scale(),
    )


@router.get("/ranking.xlsx")
def ranking_sheet(
    office: TheOffice, person: StatisticsReader, year: Year, plan: str = MAIN
) -> FileAnswer:
    """The ranking as a spreadsheet."""
    families = plan_families()
    family = plan if plan in families else MAIN
    with office.sessions.read_only() as session:
        rows = figures_of_units(session, office, year, family)
    table = reports.ranking(rows, year, families[family])
    name = _("%(year)s年参保排名.xlsx") % {"year": year}
    return attachment(write_tables([table], office.clock()), name, MEDIA_TYPE)


@router.get("/statistics")
def figures(
    request: Request, office: TheOffice, person: StatisticsReader, year: int = 0
) -> Response:
    """The year by month and plan, claims sent back for papers, and payments the bank returned."""
    with office.sessions.read_only() as session:
        years = figure_years(session, office)
        year = year if year in years else office.today().year
        return page(
            request,
            "statistics.html",
            months=statistics.months(session, office, year),
            back=statistics.sent_back(session, year),
            failed=statistics.failed(session, year),
            year=year,
            years=years,
        )


@router.get("/statistics.xlsx")
def figures_sheet(office: TheOffice, person: StatisticsReader, year: Year) -> FileAnswer:
    """The figures of the year as a spreadsheet."""
    with office.sessions.read_only() as session:
        tables = reports.statistics(
            year,
            statistics.months(session, office, year),
            statistics.sent_back(session, year),
            statistics.failed(session, year),
        )
    name = _("%(year)s年统计.xlsx") % {"year": year}
    return attachment(write_tables(tables, office.clock()), name, MEDIA_TYPE)


@router.get("/public-list.xlsx")
def public_list(office: TheOffice, person: StatisticsReader, year: Year) -> FileAnswer:
    """The public list of the year, names masked."""
    with office.sessions.read_only() as session:
        table = reports.public_list(statistics.published(session, year), year)
    name = _("%(year)s年互助金给付公示.xlsx") % {"year": year}
    return attachment(write_tables([table], office.clock()), name, MEDIA_TYPE)
