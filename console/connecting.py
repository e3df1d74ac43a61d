"""How a command reaches the office, and whose act it is: the program hands in a way to open it."""

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Annotated

import typer

from language import N_, _
from models import User
from rules.errors import Forbidden, Refused
from workflows.engine.office import Office
from workflows.people import second_factor
from workflows.people.attempts import LogInSender
from workflows.people.passwords import log_in
from workflows.people.watched import AskedFor, note_refusal

As = Annotated[str, typer.Option("--as", help="以哪个登录名操作；密码在终端输入")]

_PASSWORD = N_("%(login)s 的密码：")
_CODE = N_("%(login)s 的动态口令：")

Connect = Callable[[], AbstractContextManager[Office]]

_person_id: ContextVar[int | None] = ContextVar("person_id", default=None)
"""The account by which this command acts; None before its person is known."""


@contextmanager
def connect(ctx: typer.Context) -> Iterator[Office]:
    """The office of this command, for the length of a block; its events say whose it is, and what
    is refused to the person whose act it is is noted."""
    opening: Connect = ctx.obj
    with opening() as office:
        own = replace(office, sessions=office.sessions.of_command(getpass.getuser()))
        acts = _person_id.set(None)
        try:
            yield own
        except Forbidden as error:
            _note(own, error, AskedFor.of(ctx.command_path, ctx.params))
            raise
        finally:
            _person_id.reset(acts)


def _note(office: Office, error: Forbidden, asked: AskedFor) -> None:
    person_id = _person_id.get()
    if person_id is not None:
        with office.sessions.unit_of_work() as session:
            note_refusal(session, office, person_id, error.why, asked)


def acting(office: Office, login: str) -> User:
    """The person of this log-in, who gives his password at the terminal; Refused otherwise.

    The people of the demonstration need not: their passwords lie in its private data, and are tried
    like those that are typed in, so that the file alone lets nobody in.
    """
    password = _of_the_demonstration(office, login) or _asked_for(_PASSWORD, login)
    sender = LogInSender(f"terminal of {getpass.getuser()}")
    person = log_in(office, login, password, sender)
    if person is None:
        raise Refused(_("用户名或密码不对，或账户已停用"))
    if person.must_change_password:
        raise Refused(_("请先在网页上登录，把初始密码改成只有您知道的密码"))
    _refuse_without_code(office, person, sender)
    _person_id.set(person.id)
    return person


def code_of_the_demonstration(office: Office, person: User) -> str:
    """The code that a person of the demonstration would see on his telephone; empty elsewhere."""
    secret = _of_the_demonstration(office, f"{person.login} totp")
    if not secret:
        return ""
    with office.sessions.read_only() as session:
        return second_factor.code_of(session, office, person, secret)


def _refuse_without_code(office: Office, person: User, sender: LogInSender) -> None:
    """Refused unless he gives his second factor too, where one is asked of him."""
    with office.sessions.read_only() as session:
        if not second_factor.is_asked(session, person):
            return
        if not second_factor.has_factor(session, person):
            raise Refused(_("请先在网页上登录，设置动态口令"))
    given = code_of_the_demonstration(office, person) or _asked_for(_CODE, person.login)
    with office.sessions.unit_of_work() as session:
        is_right = second_factor.give_code(session, office, person, given, sender)
    if not is_right:
        raise Refused(_("动态口令不对，或已经用过"))


def _of_the_demonstration(office: Office, login: str) -> str:
    path = office.settings.sample_log_ins
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return known.get(login, "")


def _asked_for(what: str, login: str) -> str:
    if not sys.stdin.isatty():
        raise Refused(_("此命令须由本人在终端输入密码；没有终端，不能办理"))
    return getpass.getpass(_(what) % {"login": login})
