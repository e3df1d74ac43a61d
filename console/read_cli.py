"""The command that reads papers straight from files, with no database."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from console.read_papers import read_papers
from settings import settings
from workflows.file_limits import limits_of

commands = typer.Typer()

out = Console()


@commands.command()
def read(
    paths: Annotated[list[Path], typer.Argument(help="扫描件：图片、PDF、ZIP 或文件夹")],
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
) -> None:
    """识读扫描件，不需要数据库。"""
    # One page after another, so that each has all cores.
    limits = replace(limits_of(settings()), pages_at_once=1)
    report, refusals = read_papers(paths, limits)
    for sentence in refusals:
        typer.echo(sentence, err=True)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        out.print_json(data=report)
    if refusals and not report["pages"]:
        raise typer.Exit(2)
