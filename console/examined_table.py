"""Shows what a command examined: how much of each kind, and every fault in a line of its own."""

from collections.abc import Iterable
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table

from workflows.proof import Invariant

out = Console()


def show(heads: tuple[str, str, str], found: Iterable[Invariant]) -> NoReturn:
    """Print the table below these heads and end the command, with status 1 if a fault was found."""
    broken, table = False, Table(*heads)
    for each in found:
        table.add_row(each.name, str(each.checked), str(len(each.violations)))
        for violation in each.violations:
            table.add_row("", "", violation)
        broken = broken or bool(each.violations)
    out.print(table)
    raise typer.Exit(int(broken))
