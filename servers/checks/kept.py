"""Checks of what is kept: whether the keys open it, papers, the drop folder, where logs go."""

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from documents.sealing import KeyRing, SealBroken
from language import N_, _
from models import Base, Document, Member
from servers.checks import Examination, Examined, beware, well, wrong
from servers.processes import log_folder
from settings import Settings
from workflows.claims.packets.inbox import LEFT_HERE
from workflows.engine import broker_notes
from workflows.engine.kept_where import STORE, blobs_of, store_of
from workflows.engine.office import ring_of
from workflows.engine.sealed_column import ERASED, SealedColumn
from workflows.sealed_values.places import ID_NUMBER, PLACES

_SAMPLE = 20
_SECONDS = 5.0
_NAMED = 3


def _keys(ready: Settings, engine: Engine) -> Examined:
    """Whether the first and the last value of each sealed column open, and numbers are found."""
    keys = ring_of(ready)
    with Session(engine) as session:
        shut = [place for place in PLACES if not _opens(session, keys, place)]
        finds = bool(shut) or _finds(session, keys)
    if shut:
        words = {"columns": "、".join(f"{each.table}.{each.column}" for each in shut)}
        return wrong(
            _("现有的 HUZHU_KEYS 打不开 %(columns)s：请放回当时的密钥（secrets.json）") % words
        )
    if not finds:
        return wrong(_("按 HUZHU_INDEX_KEY 查不到已登记的证件号码：请放回当时的密钥"))
    return well(_("打得开所存的内容"))


def _opens(session: Session, keys: KeyRing, place: SealedColumn) -> bool:
    table = Base.metadata.tables[place.table]
    column, key = table.c[place.column], [*table.primary_key.columns]
    query = select(column, *(table.c[name] for name in place.by)).where(column != ERASED)
    for order in (key, [each.desc() for each in key]):
        for sealed, *by in session.execute(query.order_by(*order).limit(1)):
            try:
                place.open(keys, sealed, *by)
            except SealBroken:
                return False
    return True


def _finds(session: Session, keys: KeyRing) -> bool:
    """Whether the key of fingerprints is the one by which members are found."""
    kept = select(Member).where(Member.erased_at.is_(None))
    member = session.scalar(kept.order_by(Member.id.desc()).limit(1))
    if member is None:
        return True
    number = ID_NUMBER.open(keys, member.id_number, member.ref)
    return keys.fingerprint(number) == member.id_print


def _papers(ready: Settings, engine: Engine) -> Examined:
    """Some papers drawn by chance and the last ones, and those that did not open when read."""
    # Where there are no papers yet, this asks whether the place of papers answers.
    blobs_of(ready, STORE).stat("doctor")
    store = store_of(ready, ring_of(ready))
    noted = broker_notes.counted(ready.redis_url, broker_notes.BROKEN)
    with Session(engine) as session:
        drawn = {*noted, *_drawn(session)}
    broken = sorted(sha256 for sha256 in drawn if not store.verify(sha256))
    words = {"count": len(drawn), "broken": len(broken), "names": "、".join(broken[:_NAMED])}
    if not broken:
        return well(_("抽查 %(count)s 份，都完好") % words)
    return wrong(
        _(
            "%(count)s 份里有 %(broken)s 份缺失或打不开，如 %(names)s："
            "请查磁盘，从备份取回，再运行 huzhu prove"
        )
        % words
    )


def _drawn(session: Session) -> Iterator[str]:
    yield from session.scalars(
        select(Document.sha256).order_by(Document.id.desc()).limit(_SAMPLE // 2)
    )
    newest = session.scalar(select(func.max(Document.id))) or 0
    for _each in range(_SAMPLE // 2):
        # No draw that anything is decided by.
        at: ColumnElement[bool] = Document.id >= random.randint(0, newest)  # noqa: S311
        yield from session.scalars(select(Document.sha256).where(at).order_by(Document.id).limit(1))


def _drop_folder(ready: Settings, _engine: Engine) -> Examined:
    folder = ready.inbox_folder
    left = sorted(path.name for path in folder.glob(f"{LEFT_HERE}*"))
    if not left:
        return well(_("没有留下的原件"))
    words = {"count": len(left), "names": "、".join(left[:_NAMED]), "folder": folder}
    return beware(
        _(
            "%(folder)s 里有 %(count)s 份原件已收件却没能收走(%(names)s)："
            "请查看后移到安全的地方或删除"
        )
        % words
    )


def _logs(ready: Settings, _engine: Engine) -> Examined:
    """Whether what must be written can be: logs, and the signed roots of the log."""
    for folder in {log_folder(ready), ready.roots_file.parent}:
        if fault := _fault_of(folder):
            words = {"folder": folder, "fault": fault}
            return wrong(_("日志写不进 %(folder)s(%(fault)s)：请查磁盘或改设置") % words)
    return well(_("可以写入"))


def _fault_of(folder: Path) -> str:
    """Why nothing can be written into the folder; empty where it can. A disk that is gone may let
    whoever writes wait for ever."""
    faults = [_("没有应答")]
    probe = Thread(target=_probe, args=(folder, faults), daemon=True)
    probe.start()
    probe.join(_SECONDS)
    return faults[-1]


def _probe(folder: Path, faults: list[str]) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"huzhu")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        faults.append(error.strerror or type(error).__name__)
    else:
        faults.append("")


LOOKS: dict[str, Examination] = {
    N_("密钥与数据"): _keys,
    N_("影像库"): _papers,
    N_("投件夹"): _drop_folder,
    N_("日志"): _logs,
}
