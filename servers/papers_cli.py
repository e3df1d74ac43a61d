"""The operator's command that brings papers from this machine's folders into the bucket."""

from collections.abc import Iterator

import typer

from documents.blobs import Blobs
from documents.blobs.folder import FolderBlobs
from language import _
from rules.errors import Refused
from settings import Settings
from workflows.engine.kept_where import SPOOL, STORE, blobs_of

commands = typer.Typer()
papers = typer.Typer(no_args_is_help=True, help="影像存放处")
commands.add_typer(papers, name="papers")

_TELL_EACH = 1000


@papers.command("to-bucket")
def papers_to_bucket() -> None:
    """把本机数据目录里的材料原样（仍是加密的）复制到对象存储；停机后运行，中断后再运行时接着做。"""
    settings = Settings()
    if not settings.bucket:
        raise Refused(_("没有设置 HUZHU_BUCKET：材料要复制到哪个桶？"))
    for name in (STORE, SPOOL):
        here, there = FolderBlobs(settings.data / name), blobs_of(settings, name)
        copied = kept = 0
        for copied, kept in _copied(here, there):
            if (copied + kept) % _TELL_EACH == 0:
                typer.echo(f"{name}\t{copied + kept}")
        words = {"name": name, "copied": copied, "kept": kept}
        typer.echo(_("%(name)s：复制 %(copied)s 份，原已在桶里 %(kept)s 份") % words)


def _copied(here: Blobs, there: Blobs) -> Iterator[tuple[int, int]]:
    """Copy each that is not there yet; after each, how many were copied and how many were there."""
    copied = kept = 0
    for blob in here.list():
        found = there.stat(blob.name)
        if found is not None and found.size == blob.size:
            kept += 1
        else:
            there.put(blob.name, [here.get(blob.name)])
            copied += 1
        yield copied, kept
