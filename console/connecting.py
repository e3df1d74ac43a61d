"""How a command reaches the office, and whose act it is: the program hands in a way to open it."""

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from language import _
from models import User
from rules.errors import Refused
from workflows.engine.office import Office
from workflows.people.attempts import LogInSender
from workflows.people.passwords import log_in

As = Annotated[str, typer.Option("--as", help="以哪个登录名操作；密码在终端输入")]

Connect = Callable[[], AbstractContextManager[Office]]


@contextmanager
def connect(ctx: typer.Context) -> Iterator[Office]:
    """The office of this command, for the length of a block; its events say whose it is."""
    opening: Connect = ctx.obj
    with opening() as office:
        yield replace(office, sessions=office.sessions.of_command(getpass.getuser()))


def acting(office: Office, login: str) -> User:
    """The person of this log-in, who gives his password at the terminal; Refused otherwise.

    The people of the demonstration need not: their passwords lie in its private data, and are tried
    like those that are typed in, so that the file alone lets nobody in.
    """
    password = _of_the_demonstration(office, login) or _asked_for(login)
    person = log_in(office, login, password, LogInSender(f"terminal of {getpass.getuser()}"))
    if person is None:
        raise Refused(_("用户名或密码不对，或账户已停用"))
    if person.must_change_password:
        raise Refused(_("请先在网页上登录，把初始密码改成只有您知道的密码"))
    return person


def _of_the_demonstration(office: Office, login: str) -> str:
    path = office.settings.sample_log_ins
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return known.get(login, "")


def _asked_for(login: str) -> str:
    if not sys.stdin.isatty():
        raise Refused(_("此命令须由本人在终端输入密码；没有终端，不能办理"))
    return getpass.getpass(_("%(login)s 的密码：") % {"login": login})
