"""The one act on accounts that needs no log-in: making the first administrators, at the machine."""

from typing import Annotated

import typer

from console.connecting import code_of_the_demonstration, connect
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
    """设第一位系统管理员、安全管理员或审计员，打印一次性的设置码。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        opened = accounts.appoint(session, office, login, name, role, staff_number)
    _print_code(opened.password)


@commands.command()
def setup(ctx: typer.Context, login: Annotated[str, typer.Argument(help="登录名")]) -> None:
    """管理员无法登录时，在服务器上给出新的一次性设置码；动态口令须重新设置。"""
    with connect(ctx) as office, office.sessions.unit_of_work() as session:
        opened = accounts.set_up_again(session, office, login)
    _print_code(opened.password)


@commands.command("demo-code")
def demo_code(ctx: typer.Context, login: Annotated[str, typer.Argument(help="登录名")]) -> None:
    """演示中某人现在的动态口令；演示以外没有。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        code = code_of_the_demonstration(office, accounts.user_by_login(session, login))
    typer.echo(code or _("没有演示用的动态口令"))


def _print_code(code: str) -> None:
    typer.echo(
        _("设置码：%(code)s（24 小时内作为密码登录一次，随即改成自己的密码）") % {"code": code}
    )
