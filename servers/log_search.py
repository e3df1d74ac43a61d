"""Finds what the logs say of one request or task, in the order in which it happened."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from language import _
from rules.errors import BadInput
from servers.log_lines import LogLine, in_words
from servers.processes import log_folder
from settings import Settings
from workflows.engine.origin import well_formed

commands = typer.Typer()


@commands.command()
def log(number: Annotated[str, typer.Argument(help="出错页上的编号")]) -> None:
    """列出与一个编号有关的全部日志，从网页到任务，按时间排列。"""
    if not well_formed(number.lower()):
        raise BadInput(_("“%(number)s”不是编号：编号是十个字母和数字") % {"number": number})
    folder = log_folder(Settings())
    lines = sorted(lines_of(folder, number.lower()), key=lambda line: str(line["at"]))
    for line in lines:
        typer.echo(in_words(line))
    if not lines:
        words = {"folder": folder, "number": number}
        typer.echo(_("%(folder)s 里没有编号 %(number)s 的日志") % words)
        raise typer.Exit(1)


def lines_of(folder: Path, number: str) -> Iterator[LogLine]:
    """Each line of the logs in this folder that carries the id; what is no line of ours is none."""
    for path in sorted(folder.glob("*.log*")):
        with path.open(encoding="utf-8", errors="replace") as file:
            for text in file:
                if number in text and (line := _read(text)).get("correlation") == number:
                    yield line


def _read(text: str) -> LogLine:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) and "at" in line else {}
