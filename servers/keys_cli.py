"""The operator's commands about the keys that seal: a new one, how far it is, and to seal anew."""

from collections import Counter

import typer

from console.connecting import connect
from documents.cipher_suites import BY_VERSION
from documents.sealing import KeyRing, new_keys
from documents.signing import Signer, as_text, new_signing_key
from language import _
from rules.errors import Refused
from servers import embedded, secrets
from settings import Settings
from workflows import key_rotation

commands = typer.Typer()
keys = typer.Typer(no_args_is_help=True, help="加密密钥")
commands.add_typer(keys, name="keys")


@keys.command("new")
def keys_new() -> None:
    """生成一把新密钥，从下次启动起用它加密；原有的密钥继续用来解密。"""
    entry = new_keys()
    name = {"name": entry.partition(":")[0]}
    if secrets.is_given("HUZHU_KEYS"):
        typer.echo(entry)
        typer.echo(
            _("请把上面一行加逗号写在 HUZHU_KEYS 最前面，重启全部进程，再运行 huzhu keys rotate"),
            err=True,
        )
        return
    data = Settings().data
    with embedded.while_stopped(data):
        secrets.put_first(data, "HUZHU_KEYS", entry)
    typer.echo(_("已加入新密钥 %(name)s；启动后请运行 huzhu keys rotate") % name)


@keys.command("new-signing")
def keys_new_signing() -> None:
    """生成一把新的签名密钥；下次启动后，由现在的密钥把操作记录的签名交给它。"""
    entry = new_signing_key()
    [public] = map(as_text, Signer.from_text(entry).public.values())
    if secrets.is_given("HUZHU_AUDIT_KEY"):
        typer.echo(entry)
        typer.echo(_("请把上面一行加逗号写在 HUZHU_AUDIT_KEY 最前面，再重启全部进程"), err=True)
    else:
        data = Settings().data
        with embedded.while_stopped(data):
            secrets.put_first(data, "HUZHU_AUDIT_KEY", entry)
    typer.echo(_("新公钥：%(key)s；请交审计员另行保管") % {"key": public}, err=True)


@keys.command("status")
def keys_status(ctx: typer.Context) -> None:
    """逐项说明有多少内容已用当前密钥加密，哪些旧密钥还在使用。"""
    with connect(ctx) as office:
        used = Counter[str]()
        for kind in key_rotation.kinds(office):
            done, total = kind.sealed_by(office.keys.mark), kind.marks.total()
            typer.echo(f"{kind.name}\t{done}/{total}")
            for mark, count in kind.marks.items():
                used[_key_of(mark)] += count
                if mark != office.keys.mark:
                    typer.echo(f"\t{_key_of(mark)} {_suite_of(mark)}: {count}")
        _say_which_may_go(office.keys, used)


@keys.command("rotate")
def keys_rotate(ctx: typer.Context) -> None:
    """用当前密钥和算法重新加密全部内容；可随时中断，再次运行时接着做。"""
    with connect(ctx) as office:
        done = Counter[str]()

        def tell(kind: str, count: int) -> None:
            done[kind] += count
            typer.echo(f"{kind}\t{done[kind]}")

        left = key_rotation.rotate(office, tell)
        if left:
            raise Refused(
                _("还有 %(count)s 项没有换成当前密钥，详见 huzhu keys status") % {"count": left}
            )
        typer.echo(_("全部内容已用密钥 %(name)s 加密") % {"name": office.keys.current})


def _say_which_may_go(ring: KeyRing, used: Counter[str]) -> None:
    for name in ring.keys:
        words = {"name": name, "count": used[name]}
        if name == ring.current:
            typer.echo(_("密钥 %(name)s：当前密钥，%(count)s 项") % words)
        elif used[name]:
            typer.echo(_("密钥 %(name)s：还有 %(count)s 项在用，不能去掉") % words)
        else:
            typer.echo(_("密钥 %(name)s：已不再使用，备份过期后可以去掉") % words)
    for name in used.keys() - ring.keys.keys():
        words = {"name": name, "count": used[name]}
        typer.echo(_("密钥 %(name)s：不在密钥环里，%(count)s 项不能解密") % words)


def _key_of(mark: bytes) -> str:
    return mark[2:].decode("ascii", "replace")


def _suite_of(mark: bytes) -> str:
    suite = BY_VERSION.get(mark[0])
    return suite.name if suite else "?"
