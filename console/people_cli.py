"""The one act on accounts that needs no log-in: making the first administrators, at the machine."""

from typing import Annotated

import typer

from console.connecting import connect
from language import _
from models.people import Role
from workflows.people import accounts

commands = typer.Typer()
people = typer.Typer(no_args_is_help=True, help="账户")
commands.add_typer(people, name="people")


@people.callback()
def root() -> None:
    """A group even with one command, so that its name stays."""


@people.command()
def appoint(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(help="登录名")],
    name: Annotated[str, typer.Argument(help="姓名")],
    role: Annotated[Role, typer.Argument(help="system_admin、security_admin 或 auditor")],
    staff_number: Annotated[str, typer.Argument(help="工号；同一工号的账户视为同一人")],
) -> None:
    """设第一位系统管理员、安全管理员或审计员，打印初始密码。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        opened = accounts.appoint(session, office, login, name, role, staff_number)
    typer.echo(_("初始密码：%(password)s（首次登录须修改）") % {"password": opened.password})
