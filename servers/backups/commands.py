"""The operator's commands about backups: one now, one all the time, back again, and a drill."""

import logging
import os
import time
from datetime import datetime
from typing import Annotated, NoReturn

import typer

from documents.cipher_suites import SuiteName
from language import _
from rules.errors import Refused
from servers import log_lines, secrets
from servers.backups import coming_back, notes
from servers.backups.making import Backups, is_due
from servers.backups.restoring import shown
from servers.private import prepared
from servers.pulse import Pulse
from settings import Settings, settings
from workflows.engine.office import BEIJING, utc_now

log = logging.getLogger("huzhu.backups")

commands = typer.Typer()


@commands.command()
def backup(
    watch: Annotated[
        bool, typer.Option("--watch", help="一直运行：随时追加，每天全备并演练")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="列出现有的备份")] = False,
) -> None:
    """把数据库和材料加密备份到 HUZHU_BACKUPS；系统照常运行。"""
    with prepared() as ready:
        if watch:
            log_lines.begin()
            with Pulse(ready, "keeper"):
                _watch(ready)
        backups = Backups.of(ready)
        if listed:
            _list(backups)
        else:
            typer.echo(_("正在备份"))
            note = backups.back_up()
            backups.tidy(utc_now())
            typer.echo(_("已备份到 %(at)s") % {"at": shown(note.leads_on)})


@commands.command()
def restore(
    to: Annotated[str, typer.Option("--to", help="恢复到这一时刻，如 2026-03-02 14:05:00")] = "",
    replaces: Annotated[
        bool, typer.Option("--replace", help="数据目录不空时，把原有的移到旁边")
    ] = False,
) -> None:
    """从备份恢复数据库和材料；先停下系统，放回当时的密钥。"""
    given = Settings()
    if not secrets.are_there(given.data):
        raise Refused(
            _("没有密钥：请把保存好的 secrets.json 放回 %(data)s，或设 HUZHU_KEYS 等")
            % {"data": given.data}
        )
    os.environ.update(secrets.ensure(given.data, SuiteName(given.cipher_suite)))
    settings.cache_clear()
    found = coming_back.restore(settings(), _instant(to), replaces, typer.echo)
    typer.echo(
        _("已恢复，材料 %(count)s 份；请启动系统，再运行 huzhu prove") % {"count": found.files}
    )
    if found.missing:
        typer.echo(_("备份里没有的材料 %(count)s 份：") % {"count": len(found.missing)}, err=True)
        for name in found.missing:
            typer.echo(name, err=True)
        raise typer.Exit(1)


@commands.command()
def drill() -> None:
    """演练：把最新的备份恢复到临时目录，逐项证明，再删掉。"""
    with prepared() as ready:
        broken = coming_back.drill(ready, typer.echo)
    for one in broken:
        typer.echo(f"✗ {one.name}: {len(one.violations)}", err=True)
    if broken:
        raise typer.Exit(1)
    typer.echo(_("备份可以恢复，各项承诺都成立"))


def _list(backups: Backups) -> None:
    for note in notes.notes(backups.vault):
        reached = notes.reached(backups.vault, note.server) if note.server else None
        last = reached.at if reached else note.leads_on
        typer.echo(f"{shown(note.leads_on)}\t{shown(last)}")


def _watch(ready: Settings) -> NoReturn:
    """Keep what comes, a whole backup each day, and try each out; until the process is ended."""
    backups: Backups | None = None
    while True:
        try:
            backups = backups or Backups.of(ready)
            if is_due(backups):
                backups.back_up()
                backups.tidy(utc_now())
                _try_out(backups)
            else:
                backups.add()
        except Exception as error:  # noqa: BLE001 - a server or a disk may be away for a while
            backups = None
            log.error("backup failed cause=%s", type(error).__name__)
        time.sleep(ready.backup_seconds)


def _try_out(backups: Backups) -> None:
    for one in coming_back.drill(backups.ready, lambda _words: None):
        log.error("drill promise=%s broken=%s", one.code, len(one.violations))


def _instant(told: str) -> datetime | None:
    """The instant that was typed, in Beijing's time unless it tells its own; Refused."""
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError as error:
        raise Refused(
            _("看不懂时刻 %(told)s：请写成 2026-03-02 14:05:00") % {"told": told}
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)
