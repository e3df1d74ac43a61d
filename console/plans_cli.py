"""The commands about plan editions: listed, shown, checked; they need no database."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from language import _
from rules import plans

commands = typer.Typer()
plan_commands = typer.Typer(no_args_is_help=True, help="计划版本")
commands.add_typer(plan_commands, name="plans")

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


def _show(plan: plans.Plan) -> None:
    headings = (_("部分"), _("项目"), _("数值"), _("条款"), _("确认"), _("说明"))
    table = Table(*headings, title=f"{plan.code} {plan.name}")
    for row in plans.table(plan):
        mark = "" if row.confirmed else _("未确认")
        table.add_row(row.section, row.name, row.value, row.article, mark, row.note)
    out.print(table)
