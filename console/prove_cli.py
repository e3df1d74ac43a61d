"""The command that proves what the program promises, or what each station says of a day."""

from datetime import datetime
from typing import Annotated

import typer

from console.connecting import connect
from console.examined_table import show
from console.queries.day_proofs import stations_of
from language import _
from workflows import proof

commands = typer.Typer()


@commands.command()
def prove(
    ctx: typer.Context,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="核对这一天：批准、付款、银行文件、回盘与账簿"),
    ] = None,
) -> None:
    """逐项证明：没有丢失，没有重付。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        if day is None:
            show((_("承诺"), _("已查"), _("违反")), proof.prove(session, office))
        show((_("环节"), _("笔数"), _("差异")), stations_of(session, office, day.date()))
