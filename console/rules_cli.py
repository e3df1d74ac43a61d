"""The commands about rules: plan editions shown and checked, a trial edition replayed."""

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

plan_commands = typer.Typer(no_args_is_help=True, help="计划版本")
rule_commands = typer.Typer(no_args_is_help=True, help="规则")

out = Console()


@plan_commands.command("list")
def plans_list() -> None:
    """列出随程序发布的计划版本。"""
    table = Table(_("代码"), _("名称"), _("自"), _("至"), _("依据"))
    for plan in plans.available():
        until = str(plan.effective_to or "")
        table.add_row(plan.code, plan.name, str(plan.effective_from), until, plan.source)
    out.print(table)


@plan_commands.command("show")
def plans_show(code: Annotated[str, typer.Argument(help="计划代码或计划文件")]) -> None:
    """显示一个版本的全部数额和裁定，及其条款。"""
    path = Path(code)
    _show(plans.load_file(path) if path.is_file() else plans.load(code))


@plan_commands.command("check")
def plans_check(files: list[Path]) -> None:
    """检查计划文件；有错时指明文件、键和值。"""
    for file in files:
        plan = plans.load_file(file)
        typer.echo(_("%(file)s：%(name)s，没有问题") % {"file": file, "name": plan.name})


@rule_commands.command("replay")
def rules_replay(
    ctx: typer.Context, plan: Annotated[Path, typer.Option(help="试用的计划文件")]
) -> None:
    """用试用版本重新核定所有案件，列出结果会不同的。"""
    trial = plans.load_file(plan)
    with connect(ctx) as office, office.sessions.look() as session:
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


def _show(plan: plans.Plan) -> None:
    headings = (_("部分"), _("项目"), _("数值"), _("条款"), _("确认"), _("说明"))
    table = Table(*headings, title=f"{plan.code} {plan.name}")
    for row in plans.table(plan):
        mark = "" if row.confirmed else _("未确认")
        table.add_row(row.section, row.name, row.value, row.article, mark, row.note)
    out.print(table)
