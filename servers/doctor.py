"""Examines the running environment and says in a sentence what is well and what is not."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy.orm import Session

from language import _
from models import User
from servers.private import prepared
from settings import Settings
from workflows.claims.approving.enough_approvers import lacking_approvers
from workflows.renewal.notice_sender import sender_gaps

_ROOM_MB = 1024


@dataclass(frozen=True)
class Check:
    """One thing that was examined; the program runs without it unless it `is_needed`."""

    name: str
    is_well: bool
    finding: str
    is_needed: bool = True


def examine() -> Iterator[Check]:
    """All checks in order; one that breaks down is itself a finding."""
    yield Check("Python", sys.version_info >= (3, 11), platform.python_version())
    with prepared() as ready:
        for name, look in _LOOKS.items():
            try:
                yield look(ready)
            except Exception as error:  # noqa: BLE001 - a check that crashes has not passed
                yield Check(name, False, type(error).__name__)


def _database(ready: Settings) -> Check:
    engine = sqlalchemy.create_engine(ready.database_url)
    with engine.connect() as connection:
        version = str(connection.exec_driver_sql("SHOW server_version").scalar())
    engine.dispose()
    return Check("PostgreSQL", int(version.split(".")[0]) >= 18, version)


def _broker(ready: Settings) -> Check:
    from workers.app import app

    with app.connection_for_write(connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=1, timeout=5)
    return Check("Redis / Valkey", True, _("可以连接"))


def _room(ready: Settings) -> Check:
    free = shutil.disk_usage(ready.data).free // 2**20
    finding = _("数据目录剩余 %(free)s MB") % {"free": free}
    return Check(_("磁盘"), free >= _ROOM_MB, finding)


def _reader(ready: Settings) -> Check:
    import onnxruntime

    return Check(_("文字识别"), True, f"onnxruntime {onnxruntime.__version__}")


def _approvers(ready: Settings) -> Check:
    engine = sqlalchemy.create_engine(ready.database_url)
    with Session(engine) as session:
        if not sqlalchemy.inspect(engine).has_table(User.__tablename__):
            return Check(_("审批人"), False, _("数据库尚未建立"), is_needed=False)
        lacking = lacking_approvers(session, ready)
    engine.dispose()
    finding = "；".join(lacking) or _("人数符合审批限额")
    return Check(_("审批人"), not lacking, finding, is_needed=False)


def _notices(ready: Settings) -> Check:
    gaps = list(sender_gaps(ready))
    finding = "；".join(f"{gap.sentence}（{gap.names}）" for gap in gaps) or _("账户和电话已设")
    return Check(_("续保通知"), not gaps, finding, is_needed=False)


_LOOKS: dict[str, Callable[[Settings], Check]] = {
    "PostgreSQL": _database,
    "Redis / Valkey": _broker,
    "磁盘": _room,
    "文字识别": _reader,
    "审批人": _approvers,
    "续保通知": _notices,
}
