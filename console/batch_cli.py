"""The commands about batches of payments: frozen, written as the bank's file."""

from typing import Annotated

import typer
from sqlalchemy import select

from console.connecting import As, connect
from language import _
from models import Batch
from rules.errors import Refused
from rules.money import yuan
from workflows.claims.paying import batches, payment_files
from workflows.people.accounts import user_by_login

commands = typer.Typer()
batch = typer.Typer(no_args_is_help=True, help="付款批次")
commands.add_typer(batch, name="batch")


@batch.command("freeze")
def batch_freeze(ctx: typer.Context, login: As) -> None:
    """把所有待拨付的付款组成一个批次。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        frozen = batches.freeze(session, office, user_by_login(session, login))
        words = {"number": frozen.number, "count": frozen.count, "sum": yuan(frozen.sum)}
    typer.echo(_("批次 %(number)s：%(count)s 笔，合计 %(sum)s 元") % words)


@batch.command("file")
def batch_file(
    ctx: typer.Context,
    number: str,
    format_code: Annotated[str, typer.Option("--format", help="文件格式")] = "ccb-list",
) -> None:
    """生成批次的银行文件；再次生成得到相同的字节。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        found = session.scalar(select(Batch).filter_by(number=number))
        if found is None:
            raise Refused(_("没有这个批次：%(number)s") % {"number": number})
        path = payment_files.save_file(
            office, found, payment_files.write_file(session, office, found, format_code)
        )
    typer.echo(str(path))
