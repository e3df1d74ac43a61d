"""The command that runs an agent, on an office's PC or where a scanner's share is mounted."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from language import _
from rules.errors import BadInput, Transient
from servers.agent.handing_in import Agent
from servers.agent.office_at import OfficeAt
from servers.agent.watched_folder import Rests, WatchedFolder
from settings import Settings

commands = typer.Typer()

_LONGEST_PAUSE = 60.0


@commands.command()
def agent(
    folder: Annotated[Path, typer.Argument(help="要看守的文件夹：扫描仪或员工把材料放在这里")],
    office: Annotated[str, typer.Option(help="互助系统的网址，如 https://huzhu.example.cn")],
    token_file: Annotated[
        Path | None, typer.Option(help="存有接口令牌的文件；不写则取 HUZHU_AGENT_TOKEN")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="交完文件夹里现有的就结束")] = False,
) -> None:
    """看守一个文件夹，把放进来的材料交给互助系统；本机无需数据库，断网、断电都不会丢件或重复。"""
    if not folder.is_dir():
        raise BadInput(_("没有这个文件夹：%(folder)s") % {"folder": folder})
    # Only the rests are of use here; what else the office sets is on its own machines.
    ready = Settings()
    rests = Rests(ready.quiet_seconds, ready.folder_quiet_seconds, ready.unfinished_seconds)
    work = Agent(WatchedFolder(folder, rests), OfficeAt(office, _token(token_file)))
    pause = ready.look_seconds
    while not (once and work.is_done()):
        try:
            work.look()
            pause = ready.look_seconds
        except Transient as reason:
            typer.echo(str(reason), err=True)
            pause = min(pause * 2, _LONGEST_PAUSE)
        if not (once and work.is_done()):
            time.sleep(pause)
    work.folder.tidy()
    for name, (_print, why) in work.refused.items():
        typer.echo(f"{name}：{why}", err=True)
    raise typer.Exit(int(bool(work.refused)))


def _token(file: Path | None) -> str:
    """The token; it never stands on the command line, where others on the machine could read it."""
    if file is None:
        return os.environ.get("HUZHU_AGENT_TOKEN", "")
    try:
        return file.read_text("utf-8-sig").strip()
    except OSError as error:
        words = {"file": file, "kind": type(error).__name__}
        raise BadInput(_("读不了令牌文件 %(file)s(%(kind)s)") % words) from None
