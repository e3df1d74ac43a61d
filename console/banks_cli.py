"""The command about lists of bank branches: one is imported."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from console.connecting import As, acting, connect
from language import _
from workflows.claims.paying.branch_codes import NewBankList, import_list

commands = typer.Typer()
banks = typer.Typer(no_args_is_help=True, help="银行网点")
commands.add_typer(banks, name="banks")


@banks.callback()
def _group() -> None:
    """银行网点。"""


@banks.command("import")
def banks_import(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="开户行给的联行号表(.xlsx、.xls、.csv)")],
    login: As,
    source: Annotated[str, typer.Option("--source", help="来源，如开户行名称")],
    listed_on: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="联行号表的日期")
    ],
) -> None:
    """导入联行号表；此后组批按收款行名填联行号。"""
    with connect(ctx) as office:
        person = acting(office, login)
        new = NewBankList(file.read_bytes(), source, listed_on.date())
        with office.sessions.unit_of_work() as session:
            made = import_list(session, office, person, new)
            words = {"count": made.branches, "sha256": made.sha256}
            typer.echo(_("已导入 %(count)s 个网点的联行号；文件指纹 %(sha256)s") % words)
