"""The program `huzhu`: its commands, each loaded when it is asked for."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tomllib
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

if TYPE_CHECKING:
    from typer._click import Command, Context

    from workflows.engine.office import Office

# What is at hand without the office's database comes first. The order is that of --help.
MODULES = {
    "read": "console.read_cli",
    "assess": "console.assess_cli",
    "plans": "console.plans_cli",
    "roster": "console.roster_cli",
    "agent": "servers.agent.commands",
    "claims": "console.claims_cli",
    "approve": "console.claims_cli",
    "batch": "console.batch_cli",
    "bank": "console.bank_cli",
    "banks": "console.banks_cli",
    "prove": "console.prove_cli",
    "audit": "console.audit_cli",
    "take-over": "console.take_over_cli",
    "rules": "console.rules_cli",
    "reading": "console.reading_cli",
    "people": "console.people_cli",
    "setup": "console.people_cli",
    "demo-code": "console.people_cli",
    "export-person": "console.export_cli",
    "retention": "console.retention_cli",
    "up": "servers.commands",
    "demo": "servers.commands",
    "web": "servers.commands",
    "worker": "servers.commands",
    "beat": "servers.commands",
    "doctor": "servers.doctor",
    "backup": "servers.backups.commands",
    "restore": "servers.backups.commands",
    "drill": "servers.backups.commands",
    "log": "servers.log_search",
    "keys": "servers.keys_cli",
    "papers": "servers.papers_cli",
    "db": "servers.commands",
}


class Commands(TyperGroup):
    """The commands by name. Most of them load the whole office, some need nothing of it."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        # An unknown name loads them all: the nearest one is suggested.
        for name in {cmd_name} & MODULES.keys() or MODULES:
            self.commands[name] = get_group(import_module(MODULES[name]).commands).commands[name]
        return self.commands.get(cmd_name)


program = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="互助：职工互助保障的后台。The back office of a mutual-aid scheme.",
)


def _say_version(wanted: bool) -> None:
    # Not from the installed metadata: an editable install keeps that of its day.
    if wanted:
        project = (Path(__file__).parent / "pyproject.toml").read_text("utf-8")
        typer.echo(tomllib.loads(project)["project"]["version"])
        raise typer.Exit


@program.callback()
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    ctx.obj = _connected


def _connected() -> AbstractContextManager[Office]:
    from servers.commands import connected

    return connected()


def _expected() -> type[Exception]:
    """What ends in a sentence; loaded once something was raised."""
    from rules.errors import HuzhuError

    return HuzhuError


def main() -> None:
    """Run a command. An expected error ends in one sentence and status 2."""
    # What we write is for our own user alone: papers, logs, secrets, files for the bank.
    os.umask(0o077)
    # A start makes many objects and no garbage: to look for some takes a tenth of it.
    gc.set_threshold(50_000)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        program()
    except SystemExit:
        raise
    except _expected() as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except Exception as error:
        from servers.set_up_wrong import what_to_set_right

        sentence = what_to_set_right(error)
        if not sentence:
            raise
        sys.stderr.write(f"{sentence}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
