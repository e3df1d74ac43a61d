"""The command that tells how often the reader was wrong, and which threshold that speaks for."""

from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table

from console.connecting import connect
from documents.reading.field_names import FIELD_NAMES
from language import _
from workflows.claims.papers.reading_errors import (
    BANDS,
    ENOUGH,
    Proposed,
    Reviewed,
    in_band,
    proposed_threshold,
    reviewed_readings,
)
from workflows.claims.papers.reviewed import PAGE_KIND

commands = typer.Typer()
reading = typer.Typer(no_args_is_help=True, help="识读：人工更正了什么")
commands.add_typer(reading, name="reading")

out = Console()


@reading.command("report")
def report(ctx: typer.Context) -> None:
    """按字段和把握程度列出识读差错，并提出把握不足的界限。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        readings = reviewed_readings(session)
        in_force = office.settings.unsure_below
    out.print(_table(readings))
    out.print(_("现行界限 %(threshold)s") % {"threshold": in_force})
    # The kind of a page has no threshold of its own in the document check.
    values = [each for each in readings if each.field != PAGE_KIND]
    out.print(_sentence(proposed_threshold(values)))


def _table(readings: Sequence[Reviewed]) -> Table:
    table = Table(
        _("字段"),
        _("把握"),
        _("识读值"),
        _("人工确认"),
        _("审批时未改"),
        _("人工更正"),
        title=_("识读差错"),
    )
    known = {each.field for each in readings}
    named = [(str(name), _(words)) for name, words in FIELD_NAMES.items()]
    for name, words in (*named, (PAGE_KIND, _("材料种类"))):
        for begins in (None, *BANDS) if name in known else ():
            band = in_band(readings, name, begins)
            if count := band.right + band.wrong:
                confirmed = band.right - band.let_stand
                figures = (count, confirmed, band.let_stand, band.wrong)
                table.add_row(words, _band_in_words(begins), *map(str, figures))
    return table


def _band_in_words(begins: float | None) -> str:
    if begins is None:
        return _("没有读到")
    ends = (*BANDS, 1.0)[BANDS.index(begins) + 1]
    return f"{begins:.2f}–{ends:.2f}"


def _sentence(proposed: Proposed) -> str:
    words = {
        "values": proposed.values,
        "wrong": proposed.wrong,
        "enough": ENOUGH,
        "threshold": proposed.threshold,
    }
    if not proposed.are_enough:
        return _("只有 %(values)s 个经人看过的识读值，不足 %(enough)s 个，还不能提出界限") % words
    if proposed.threshold is None:
        return _("%(values)s 个值中 %(wrong)s 个有误，没有一个界限能使差错低于千分之一") % words
    return (
        _("建议界限 %(threshold)s：此界限以上 %(values)s 个值中 %(wrong)s 个有误，低于千分之一")
        % words
    )
