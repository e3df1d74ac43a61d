"""The command that proves what the program promises."""

import typer

from console.connecting import connect
from console.examined_table import show
from language import _
from workflows import proof

commands = typer.Typer()


@commands.command()
def prove(ctx: typer.Context) -> None:
    """逐项证明：没有丢失，没有重付。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        show((_("承诺"), _("已查"), _("违反")), proof.prove(session, office))
