"""The auditor's commands: whether the log is what was signed, and the key that tells."""

from pathlib import Path
from typing import Annotated

import typer

from console.connecting import connect
from console.examined_table import show
from documents.signing import Signer, as_text, public_keys
from language import _
from rules.errors import Refused
from workflows.audit.root_copies import copied
from workflows.audit.roots import signer_of
from workflows.audit.verify import RootCopies, verify
from workflows.engine.office import Office

commands = typer.Typer()
audit = typer.Typer(no_args_is_help=True, help="操作记录的签名")
commands.add_typer(audit, name="audit")


@audit.command("key")
def audit_key(ctx: typer.Context) -> None:
    """显示签名的公钥，最新的在前；请审计员另行保管，校验时用 --key 指定。"""
    with connect(ctx) as office:
        for name, key in _signer(office).public.items():
            typer.echo(f"{name}\t{as_text(key)}")


@audit.command("verify")
def audit_verify(
    ctx: typer.Context,
    key: Annotated[str, typer.Option(help="另行保管的公钥，多个用逗号分开；默认用本机的")] = "",
    roots: Annotated[Path | None, typer.Option(help="另行保管的签名文件；默认用本机的")] = None,
) -> None:
    """校验操作记录：有没有被改动、删除、调换次序或倒填时间。"""
    with connect(ctx) as office, office.sessions.read_only() as session:
        keys = public_keys(key) if key else _signer(office).public
        file = roots or office.settings.roots_file
        copies = RootCopies(str(file), copied(file))
        show((_("校验"), _("已查"), _("不符")), verify(session, office, keys, copies))


def _signer(office: Office) -> Signer:
    if not office.settings.audit_key.get_secret_value():
        raise Refused(_("没有签名密钥：请设 HUZHU_AUDIT_KEY"))
    return signer_of(office)
