"""Checks of what should go on unattended: queues, beat, the bank's replies, backups."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from language import N_, _
from servers.checks import Examination, Examined, beware, well, wrong
from servers.processes import log_folder
from settings import Settings
from workers.queues import served
from workflows.audit.nightly_check import CHECK_OLD, last_check
from workflows.audit.roots import UNSIGNED_FOR, unsigned_since
from workflows.claims.paying.unanswered import unanswered
from workflows.engine import broker_notes
from workflows.engine.marks import last_backup_at, last_drill_at
from workflows.engine.moves import MACHINE_OF
from workflows.engine.office import utc_now
from workflows.failures import failures

# deploy/prometheus/alerts.yml has the same limits.
BEAT_SILENT = timedelta(minutes=5)
BANK_SILENT = timedelta(days=3)
BACKUP_OLD = timedelta(hours=36)
_DEATHS_TOLD = timedelta(days=1)


def _queues(ready: Settings, _engine: Engine) -> Examined:
    servers = broker_notes.servers(ready.redis_url, served())
    unserved = [queue for queue, count in servers.items() if not count]
    if not unserved:
        return well(_("每个队列都有工作进程"))
    words = {"queues": "、".join(unserved)}
    return beware(_("没有工作进程处理 %(queues)s：请启动 huzhu up 或 huzhu worker") % words)


def _beat(ready: Settings, _engine: Engine) -> Examined:
    swept = broker_notes.last(ready.redis_url, broker_notes.SWEPT)
    if swept is None or utc_now() - swept > BEAT_SILENT:
        return beware(_("五分钟内没有动静：请启动 huzhu up，或 huzhu beat 和 huzhu worker"))
    return well(_("在运行"))


def _deaths(ready: Settings, _engine: Engine) -> Examined:
    """What `huzhu up` had to start again of late, as far as the broker remembers."""
    at = broker_notes.last(ready.redis_url, broker_notes.ENDED)
    if at is None or utc_now() - at > _DEATHS_TOLD:
        return well(_("一天内没有进程意外退出"))
    times = broker_notes.counted(ready.redis_url, broker_notes.ENDED)
    words = {
        "times": "、".join(f"{name} {count}" for name, count in sorted(times.items()) if count),
        "at": f"{at:%Y-%m-%d %H:%M} UTC",
        "folder": log_folder(ready),
    }
    return beware(
        _("意外退出后已重新启动的次数：%(times)s，最近一次在 %(at)s：原因请看 %(folder)s") % words
    )


def _failed(_ready: Settings, engine: Engine) -> Examined:
    """How many rows wait for a person on the failed list; their causes are shown there."""
    with Session(engine) as session:
        counts = Counter[str]()
        for failure in failures(session):
            counts[failure.machine] += failure.count
    if not counts:
        return well(_("没有"))
    kinds = {machine.name: machine.word for machine in MACHINE_OF.values()}
    words = {
        "count": counts.total(),
        "kinds": "、".join(f"{_(kinds[name])} {count}" for name, count in counts.most_common()),
    }
    return beware(
        _("%(count)s 项停在失败清单上（%(kinds)s）：请在网页上查看原因，处理后重试") % words
    )


def _replies(_ready: Settings, engine: Engine) -> Examined:
    with Session(engine) as session:
        waiting = unanswered(session)
    if not waiting or utc_now() - min(waiting) < BANK_SILENT:
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
    if clock() - at > BACKUP_OLD:
        return beware(_("最近一次备份是 %(at)s，已过一天半：请查看 keeper 的日志") % words)
    return well(_("最近一次备份是 %(at)s") % words)


def _drill(ready: Settings, _engine: Engine) -> Examined:
    at = last_drill_at(ready)
    if at is None or utc_now() - at > BACKUP_OLD:
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


def _log(ready: Settings, engine: Engine) -> Examined:
    if not ready.audit_key.get_secret_value():
        return beware(_("没有签名密钥，无从校验：请设 HUZHU_AUDIT_KEY"))
    with Session(engine) as session:
        last = last_check(session)
    if last is None:
        return beware(_("还没有夜间校验：请让 huzhu beat 和 huzhu worker 运行过夜"))
    words = {"at": f"{last.at:%Y-%m-%d %H:%M} UTC", "count": len(last.broken)}
    if last.broken:
        return wrong(
            _("%(at)s 的校验有 %(count)s 项不符：请运行 huzhu audit verify，并通知审计员") % words
        )
    if utc_now() - last.at > CHECK_OLD:
        return beware(_("最近一次校验是 %(at)s，已过一天半：请看定时器和 worker 的日志") % words)
    return well(_("%(at)s 校验，全部相符") % words)


LOOKS: dict[str, Examination] = {
    N_("队列"): _queues,
    N_("定时器"): _beat,
    N_("进程"): _deaths,
    N_("失败清单"): _failed,
    N_("银行答复"): _replies,
    N_("备份"): _backup,
    N_("恢复演练"): _drill,
    N_("操作记录签名"): _roots,
    N_("操作记录校验"): _log,
}
