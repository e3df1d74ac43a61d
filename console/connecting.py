"""How a command reaches the office: the program hands in a way to open it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from getpass import getuser
from typing import Annotated

import typer

from workflows.engine.office import Office

As = Annotated[str, typer.Option("--as", help="以哪个登录名操作")]

Connect = Callable[[], AbstractContextManager[Office]]


@contextmanager
def connect(ctx: typer.Context) -> Iterator[Office]:
    """The office of this command, for the length of a block; it knows whose command it is."""
    opening: Connect = ctx.obj
    with opening() as office:
        yield replace(office, command_of=getuser())
