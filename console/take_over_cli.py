"""The command that takes over cover which was in force before this program came."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from console.connecting import connect
from console.given import given_day, given_file
from documents.rosters.roster_file import read_roster
from language import _
from models import Unit
from rules.errors import Refused
from settings import settings
from workflows.enrolment import take_over
from workflows.file_limits import limits_of

commands = typer.Typer()


@commands.command("take-over")
def take_over_cover(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="旧系统导出的名册，.xlsx 或 .xls")],
    unit: Annotated[str, typer.Option(help="已登记的单位名称")],
    plan: Annotated[str, typer.Option(help="计划代码")],
    start: Annotated[str, typer.Option(help="保障期首日，如 2026-01-01")],
    end: Annotated[str, typer.Option(help="保障期末日")],
) -> None:
    """转入旧系统中已经生效的保障，不经名册和缴费。"""
    rows = read_roster(given_file(file), limits_of(settings()))
    days = (given_day(start), given_day(end))
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        found = session.scalar(select(Unit).filter_by(name=unit).with_for_update())
        if found is None:
            raise Refused(_("没有这个单位：%(name)s") % {"name": unit})
        done = take_over.take_over(session, office, found, plan, *days, rows)
    typer.echo(_("转入 %(count)s 人") % {"count": done.members})
    for fault in done.faults:
        typer.echo(fault, err=True)
