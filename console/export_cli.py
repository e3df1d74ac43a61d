"""The command that hands out everything held on one member."""

import os
from pathlib import Path
from typing import Annotated

import typer

from console.connecting import As, acting, connect
from language import _
from workflows.held_on_person import export_person

commands = typer.Typer()


@commands.command("export-person")
def export(
    ctx: typer.Context,
    member_id: Annotated[int, typer.Argument(help="会员编号")],
    to: Annotated[Path, typer.Option(help="写到这个文件，须是新文件")],
    purpose: Annotated[str, typer.Option(help="用途，记入审计")],
    login: As,
) -> None:
    """导出一名会员的全部数据。"""
    with connect(ctx) as office:
        person = acting(office, login)
        with office.sessions.unit_of_work() as session:
            packed = export_person(session, office, person, member_id, purpose)
    # Only who asked for it can read it; an older file is not written over.
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(packed)
    typer.echo(_("已写入 %(file)s") % {"file": to})
