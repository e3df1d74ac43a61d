"""The commands about roster files: one checked by itself, the template written."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from console.given import given_day, given_file
from documents.rosters.check import RosterCheck, check_roster
from language import _
from rules.errors import Refused
from rules.plans import choose
from settings import settings
from workflows.file_limits import limits_of

commands = typer.Typer()
roster = typer.Typer(no_args_is_help=True, help="名册")
commands.add_typer(roster, name="roster")

out = Console()


@roster.command("check")
def roster_check(
    file: Annotated[Path, typer.Argument(help="名册，.xlsx、.xls、.ods 或 .csv")],
    plan: Annotated[str, typer.Option(help="计划代码")],
    start: Annotated[str, typer.Option(help="保障期首日，如 2026-01-01")],
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """检查名册，按行、列列出每个错误，不需要数据库。"""
    starts_on = given_day(start)
    limits = limits_of(settings())
    check = check_roster(given_file(file), choose(plan, starts_on), starts_on, limits=limits)
    if as_json:
        faults = [asdict(fault) for fault in check.faults]
        told = {"rows": len(check.rows), "faults": faults, "notes": check.notes}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(check)


@roster.command("template")
def roster_template(
    file: Annotated[Path, typer.Argument(help="写到哪里，.xlsx")],
) -> None:
    """写出空白名册及其填写说明。"""
    # Writing a workbook loads much, and a check needs none of it.
    from documents.rosters.handed_out import write_template

    try:
        file.write_bytes(write_template())
    except OSError as error:
        raise Refused(_("无法写入 %(file)s") % {"file": file}) from error
    typer.echo(str(file))


def _show(check: RosterCheck) -> None:
    if check.faults:
        table = Table(_("行"), _("栏目"), _("代码"), _("问题"))
        for fault in check.faults:
            table.add_row(str(fault.row), fault.column, fault.code, fault.text)
        out.print(table)
    for note in check.notes:
        out.print(note, markup=False)
    words = {"rows": len(check.rows), "sound": len(check.sound) + len(check.beside)}
    out.print(_("共 %(rows)s 人，%(sound)s 人可以参保") % words)
