"""How a command reaches the office: the program hands in a way to open it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from workflows.engine.office import Office

As = Annotated[str, typer.Option("--as", help="以哪个登录名操作")]

Connect = Callable[[], AbstractContextManager[Office]]


def connect(ctx: typer.Context) -> AbstractContextManager[Office]:
    """The office of this command, for the length of a block."""
    opening: Connect = ctx.obj
    return opening()
