"""The commands about batches of payments: frozen, written as the bank's file."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.formats import BankFile
from console.connecting import As, acting, connect
from language import _
from models import Batch, User
from rules.errors import Refused
from rules.money import yuan
from workflows.claims.paying import batches, payment_files
from workflows.engine.office import Office

commands = typer.Typer()
batch = typer.Typer(no_args_is_help=True, help="付款批次")
commands.add_typer(batch, name="batch")


@batch.command("freeze")
def batch_freeze(
    ctx: typer.Context,
    login: As,
    format_code: Annotated[str, typer.Option("--format", help="文件格式")] = batches.USUAL_FORMAT,
) -> None:
    """把所有待拨付的付款组成一个批次，并选定银行文件的格式。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            for frozen in batches.freeze(session, office, person, format_code):
                words = {"number": frozen.number, "count": frozen.count, "sum": yuan(frozen.sum)}
                typer.echo(_("批次 %(number)s：%(count)s 笔，合计 %(sum)s 元") % words)


Folder = Annotated[Path, typer.Option("--to", help="存到哪个文件夹；默认当前文件夹")]
_HERE = Path()


@batch.command("draft")
def batch_draft(ctx: typer.Context, number: str, login: As, folder: Folder = _HERE) -> None:
    """生成待放行批次的样稿：户名和账号部分隐去，银行不受理。"""
    _lay_out(ctx, number, login, payment_files.draft_file, folder)


@batch.command("file")
def batch_file(ctx: typer.Context, number: str, login: As, folder: Folder = _HERE) -> None:
    """生成已放行批次的银行文件；再次生成得到相同的字节。"""
    _lay_out(ctx, number, login, payment_files.write_file, folder)


Making = Callable[[Session, Office, User, Batch], BankFile]


def _lay_out(ctx: typer.Context, number: str, login: str, make: Making, folder: Path) -> None:
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            found = session.scalar(select(Batch).filter_by(number=number))
            if found is None:
                raise Refused(_("没有这个批次：%(number)s") % {"number": number})
            made = make(session, office, person, found)
            path = payment_files.save_file(folder, made)
    typer.echo(str(path))
