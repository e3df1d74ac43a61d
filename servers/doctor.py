"""Examines the running environment and says in a sentence what is well and what is not."""

import json
import platform
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Annotated

import typer
from redis.exceptions import RedisError
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from language import _
from rules.errors import HuzhuError, Transient
from servers.checks import (
    Examination,
    Examined,
    Severity,
    alive,
    beware,
    kept,
    machine,
    set_up,
    stores,
    well,
    work,
    wrong,
)
from servers.private import prepared
from settings import Settings

commands = typer.Typer()

LOOKS = stores.LOOKS | machine.LOOKS | kept.LOOKS | alive.LOOKS | work.LOOKS | set_up.LOOKS
PATIENCE = 20.0
"""Seconds that one check may take."""
MARKS = {Severity.OK: "✓", Severity.WARNING: "!", Severity.ERROR: "✗"}


@dataclass(frozen=True)
class Check:
    """One thing that was examined, and what was found."""

    name: str
    finding: Examined


def examine(looks: Mapping[str, Examination]) -> Iterator[Check]:
    """These checks in order; one that breaks down is itself a finding.

    Where the private servers do not start, the machine is still looked at: it may be why.
    """
    yield Check("Python", well(platform.python_version()))
    with ExitStack() as stack:
        try:
            ready = stack.enter_context(prepared())
        except HuzhuError as error:
            yield Check(_("启动"), wrong(str(error)))
            ready, looks = Settings(database_url="postgresql+psycopg://"), machine.LOOKS
        engine = create_engine(ready.database_url, connect_args={"connect_timeout": 10})
        for name, look in looks.items():
            yield Check(_(name), _answer(look, ready, engine))
        engine.dispose()


def _answer(look: Examination, ready: Settings, engine: Engine) -> Examined:
    """What the check finds. One that asks a dead disk or share, or a service that is silent, might
    wait for ever: it is left behind, and that is what was found."""
    found = SimpleQueue[Examined]()
    here = copy_context()

    def ask() -> None:
        found.put(here.run(_finding, look, ready, engine))

    Thread(target=ask, daemon=True).start()
    try:
        return found.get(timeout=PATIENCE)
    except Empty:
        words = {"seconds": f"{PATIENCE:.0f}"}
        return wrong(
            _("%(seconds)s 秒没有应答：请查这一项所在的磁盘、网络共享或对象存储是否还在") % words
        )


def _finding(look: Examination, ready: Settings, engine: Engine) -> Examined:
    try:
        return look(ready, engine)
    except ProgrammingError:
        return beware(_("数据库尚未建立"))
    except (OperationalError, RedisError):
        return wrong(_("连不上数据库或消息队列：请看它的日志，再重新启动"))
    except Transient as passing:
        return wrong(str(passing))
    except Exception as error:  # noqa: BLE001 - a check that crashes has not passed
        return wrong(type(error).__name__)


@commands.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="给监控程序：一个 JSON 列表")] = False,
    only_stores: Annotated[bool, typer.Option("--stores", help="只查数据库和消息队列")] = False,
) -> None:
    """检查运行环境，逐项说明该做什么；有错误时以状态 1 结束。"""
    looks = stores.LOOKS if only_stores else LOOKS
    found = list(examine(looks))
    if as_json:
        told = [{"name": each.name, **vars(each.finding)} for each in found]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for each in found:
            typer.echo(f"{MARKS[each.finding.level]} {each.name}:{each.finding.sentence}")
    raise typer.Exit(int(any(each.finding.level == Severity.ERROR for each in found)))
