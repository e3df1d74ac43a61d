"""The program `huzhu`: joins the office's commands with those that run the system."""

import logging
import sys
import tomllib
from typing import Annotated

import typer

from console.cli import office_commands
from rules.errors import HuzhuError
from servers.commands import connected, system_commands
from servers.embedded import NoServers
from settings import ROOT

program = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="互助：职工互助保障的后台。The back office of a mutual-aid scheme.",
)
for commands in (office_commands, system_commands):
    program.registered_commands += commands.registered_commands
    program.registered_groups += commands.registered_groups


def _say_version(wanted: bool) -> None:
    # Not from the installed metadata: an editable install keeps that of its day.
    if wanted:
        typer.echo(
            tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
        )
        raise typer.Exit


@program.callback()
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    ctx.obj = connected


def main() -> None:
    """Run a command. An expected error ends in one sentence and status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        program()
    except (HuzhuError, NoServers) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
