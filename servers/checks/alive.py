"""Checks of the processes that run, on whatever machine, by their heartbeats."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from language import N_, _
from models import Heartbeat
from servers.checks import Examination, Examined, beware, well, wrong
from settings import Settings
from workers.queues import served
from workflows.engine.heartbeats import CLOCK_OFF, alive, heard, silent_hosts

_NEEDED = ("web", "worker", "beat")


def _heard(engine: Engine) -> tuple[datetime, Sequence[Heartbeat]]:
    with Session(engine, expire_on_commit=False) as session:
        return heard(session)


def _processes(_ready: Settings, engine: Engine) -> Examined:
    living = alive(*_heard(engine))
    kinds, queues = {each.kind for each in living}, {q for each in living for q in each.queues}
    missing = [kind for kind in _NEEDED if kind not in kinds]
    if missing:
        words = {"kinds": "、".join(f"huzhu {kind}" for kind in missing)}
        return wrong(_("没有在运行：%(kinds)s。请启动，或启动 huzhu up") % words)
    if unserved := [queue for queue in served() if queue not in queues]:
        words = {"queues": "、".join(unserved)}
        return wrong(_("没有工作进程处理队列 %(queues)s：请启动 huzhu worker") % words)
    counts = {"count": len(living), "hosts": len({each.host for each in living})}
    return well(_("%(count)s 个进程在 %(hosts)s 台机器上运行") % counts)


def _hosts(_ready: Settings, engine: Engine) -> Examined:
    silent = silent_hosts(*_heard(engine))
    if not silent:
        return well(_("都有动静"))
    told = "、".join(f"{host}（{at:%Y-%m-%d %H:%M} UTC）" for host, at in sorted(silent.items()))
    words = {"hosts": told}
    return wrong(_("没有动静的机器和最后一次动静：%(hosts)s。请看它是否断电、断网") % words)


def _clocks(_ready: Settings, engine: Engine) -> Examined:
    off = {e.host: e.clock_off for e in alive(*_heard(engine)) if abs(e.clock_off) > CLOCK_OFF}
    if not off:
        return well(_("各机器与数据库相差不到一秒"))
    told = "、".join(f"{host} {ms / 1000:+.1f} s" for host, ms in sorted(off.items()))
    return wrong(_("与数据库的时间相差：%(hosts)s。请校时（NTP）") % {"hosts": told})


def _builds(_ready: Settings, engine: Engine) -> Examined:
    living = alive(*_heard(engine))
    builds = sorted({each.build for each in living})
    if len(builds) < 2:
        return well("".join(builds) or "—")
    told = "；".join(
        f"{build}：{'、'.join(sorted({e.host for e in living if e.build == build}))}"
        for build in builds
    )
    words = {"builds": told}
    return beware(_("几个版本同时在运行：%(builds)s。升级时如此，之后请换下旧的") % words)


LOOKS: dict[str, Examination] = {
    N_("运行的进程"): _processes,
    N_("机器"): _hosts,
    N_("机器时钟"): _clocks,
    N_("程序版本"): _builds,
}
