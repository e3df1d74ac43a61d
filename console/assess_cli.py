"""The command that judges a case of a file by the rules, with no database."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from language import _
from rules.assessing import assess
from rules.errors import Refused

commands = typer.Typer()


@commands.command("assess")
def assess_case(
    case: Annotated[str, typer.Argument(help="CASE.json，或 - 表示标准输入")],
    plan: Annotated[Path | None, typer.Option(help="试用的计划文件")] = None,
) -> None:
    """按规则核定一个案例，不需要数据库。"""
    typer.echo(assess(_text_of(case), plan))


def _text_of(case: str) -> str:
    if case == "-":
        return sys.stdin.read()
    try:
        return Path(case).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(_("无法读取 %(file)s") % {"file": case}) from error
