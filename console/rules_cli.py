"""The command that replays all claims by a trial edition of the rules."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from console import labels
from console.connecting import connect
from language import _
from rules import plans
from rules.money import yuan
from workflows.claims.replay import replay

commands = typer.Typer()
rules = typer.Typer(no_args_is_help=True, help="规则")
commands.add_typer(rules, name="rules")

out = Console()


@rules.command("replay")
def rules_replay(
    ctx: typer.Context, plan: Annotated[Path, typer.Option(help="试用的计划文件")]
) -> None:
    """用试用版本重新核定所有案件，列出结果会不同的。"""
    trial = plans.load_file(plan)
    with connect(ctx) as office, office.sessions.read_only() as session:
        result = replay(session, trial)
    table = Table(_("案件"), _("现结果"), _("现金额"), _("新结果"), _("新金额"))
    for each in result.differences:
        table.add_row(
            each.number,
            labels.outcome(each.before),
            yuan(each.before_amount),
            labels.outcome(each.after),
            yuan(each.after_amount),
        )
    out.print(table)
    words = {"judged": result.judged, "count": len(result.differences), "sum": yuan(result.sum)}
    out.print(_("共 %(judged)s 件，%(count)s 件结果不同，金额合计变化 %(sum)s 元") % words)
