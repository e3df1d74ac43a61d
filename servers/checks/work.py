"""Checks of what should go on unattended: queues, beat, the bank's replies, backups."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from language import N_, _
from servers.checks import Examination, Examined, beware, well, wrong
from settings import Settings
from workers.queues import served
from workflows.audit.roots import UNSIGNED_FOR, unsigned_since
from workflows.claims.paying.unanswered import unanswered
from workflows.engine import broker_notes
from workflows.engine.marks import last_backup_at, last_drill_at
from workflows.engine.office import utc_now

_BEAT_SILENT = timedelta(minutes=5)
_BANK_SILENT = timedelta(days=3)
_BACKUP_OLD = timedelta(hours=36)


def _queues(ready: Settings, _engine: Engine) -> Examined:
    servers = broker_notes.servers(ready.redis_url, served())
    unserved = [queue for queue, count in servers.items() if not count]
    if not unserved:
        return well(_("每个队列都有工作进程"))
    words = {"queues": "、".join(unserved)}
    return beware(_("没有工作进程处理 %(queues)s：请启动 huzhu up 或 huzhu worker") % words)


def _beat(ready: Settings, _engine: Engine) -> Examined:
    swept = broker_notes.last(ready.redis_url, broker_notes.SWEPT)
    if swept is None or utc_now() - swept > _BEAT_SILENT:
        return beware(_("五分钟内没有动静：请启动 huzhu up，或 huzhu beat 和 huzhu worker"))
    return well(_("在运行"))


def _replies(_ready: Settings, engine: Engine) -> Examined:
    with Session(engine) as session:
        waiting = unanswered(session)
    if not waiting or utc_now() - min(waiting) < _BANK_SILENT:
        return well(_("没有久未答复的付款"))
    words = {"count": sum(waiting.values()), "since": f"{min(waiting):%Y-%m-%d}"}
    return beware(
        _("%(count)s 笔付款银行尚未答复，最早的从 %(since)s 起：请索取回盘文件并导入") % words
    )


def _backup(ready: Settings, _engine: Engine) -> Examined:
    return aged(last_backup_at(ready), utc_now)


def aged(at: datetime | None, clock: Callable[[], datetime]) -> Examined:
    """What is to be said of a backup of this instant; None: there is none."""
    if at is None:
        return beware(_("没有备份记录：请设 HUZHU_BACKUPS，放在另一块磁盘上"))
    words = {"at": f"{at:%Y-%m-%d %H:%M} UTC"}
    if clock() - at > _BACKUP_OLD:
        return beware(_("最近一次备份是 %(at)s，已过一天半：请查看 keeper 的日志") % words)
    return well(_("最近一次备份是 %(at)s") % words)


def _drill(ready: Settings, _engine: Engine) -> Examined:
    at = last_drill_at(ready)
    if at is None or utc_now() - at > _BACKUP_OLD:
        return beware(_("一天半内没有恢复演练成功：请运行 huzhu drill，并查看 keeper 的日志"))
    return well(_("最近一次恢复演练是 %(at)s") % {"at": f"{at:%Y-%m-%d %H:%M} UTC"})


def _roots(ready: Settings, engine: Engine) -> Examined:
    if not ready.audit_key.get_secret_value():
        return beware(_("没有签名密钥，操作记录不受保护：请设 HUZHU_AUDIT_KEY"))
    with Session(engine) as session:
        since = unsigned_since(session)
    if since is not None and utc_now() - since > UNSIGNED_FOR:
        words = {"since": f"{since:%Y-%m-%d %H:%M} UTC"}
        sentence = _(
            "%(since)s 以来的操作记录没有签名：请看定时器和日志，并运行 huzhu audit verify"
        )
        return wrong(sentence % words)
    return well(_("最新的操作记录已签名"))


LOOKS: dict[str, Examination] = {
    N_("队列"): _queues,
    N_("定时器"): _beat,
    N_("银行答复"): _replies,
    N_("备份"): _backup,
    N_("恢复演练"): _drill,
    N_("操作记录签名"): _roots,
}
