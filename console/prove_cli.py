"""The command that proves what the program promises."""

import typer
from rich.console import Console
from rich.table import Table

from console.connecting import connect
from language import _
from workflows import proof

commands = typer.Typer()

out = Console()


@commands.command()
def prove(ctx: typer.Context) -> None:
    """逐项证明：没有丢失，没有重付。"""
    broken = False
    with connect(ctx) as office, office.sessions.read_only() as session:
        table = Table(_("承诺"), _("已查"), _("违反"))
        for invariant in proof.prove(session, office):
            table.add_row(invariant.name, str(invariant.checked), str(len(invariant.violations)))
            for violation in invariant.violations:
                table.add_row("", "", violation)
            broken = broken or bool(invariant.violations)
    out.print(table)
    raise typer.Exit(1 if broken else 0)
