"""The commands that run the system: up, demo, web, worker, beat, db."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from language import _
from servers import embedded, log_lines, telemetry
from servers.only_one import only_one
from servers.port import console_port
from servers.private import prepared
from servers.processes import Children, log_folder, running, start
from servers.restarts import Restarts, gave_up
from settings import Settings

# The office and its database are loaded by what needs them: beat does not.
if TYPE_CHECKING:
    from workflows.engine.office import Office

_DATABASE_WAITS = (1.0,) * 60
"""Seconds between tries to reach a database that does not answer yet."""

_INTAKE = "intake"
"""The queue whose workers also see to the drop folder of their machine."""
commands = typer.Typer()
db = typer.Typer(no_args_is_help=True, help="数据库")
commands.add_typer(db, name="db")


@contextmanager
def connected() -> Iterator["Office"]:
    """The office on the running system, or on one started for this command alone."""
    from workflows.engine.origin import Channel, Origin, coming_from

    with prepared() as ready, coming_from(Origin(Channel.COMMAND)):
        _upgrade(ready)
        yield _open_office(ready)


@commands.command()
def up() -> None:
    """启动数据库、控制台、工作进程和定时器，直到按 Ctrl-C。"""
    _stop_on_signals()
    with only_one(Settings().data), _begun() as ready:
        _upgrade(ready)
        port = console_port(ready)
        with running(ready, port) as children:
            typer.echo(_("控制台：http://%(host)s:%(port)s") % {"host": ready.host, "port": port})
            typer.echo(_("投件夹：%(folder)s") % {"folder": ready.inbox_folder})
            if (log_ins := ready.sample_log_ins).exists():
                typer.echo(_("登录名和密码：%(path)s") % {"path": log_ins})
            _stay(ready, port, children)


@commands.command()
def demo(once: Annotated[bool, typer.Option("--once", help="走完即退出")] = False) -> None:
    """用样例材料走完全程：从投件夹到银行文件。"""
    from servers.demo import play_on
    from servers.progress import DemoFailed
    from servers.samples import begin, set_for_the_demonstration
    from workflows.engine.origin import Channel, Origin, coming_from

    set_for_the_demonstration()
    _stop_on_signals()
    with only_one(Settings().data), _begun() as ready:
        _upgrade(ready, begin)
        port = console_port(ready)
        with running(ready, port) as children, coming_from(Origin(Channel.COMMAND)):
            try:
                play_on(_open_office(ready), port, _restarts(ready, port, children))
            except DemoFailed as failure:
                if once:
                    raise
                # The console shows what failed; it stays up for that.
                typer.echo(str(failure), err=True)
            if not once:
                _stay(ready, port, children)


@contextmanager
def _begun() -> Iterator[Settings]:
    typer.echo(_("启动数据库"))
    given = Settings()
    if not (given.database_url and given.redis_url):
        embedded.wait_until_free(
            given.data, lambda: typer.echo(_("另一个命令正用着内置数据库，等它结束"))
        )
    with prepared() as ready:
        yield ready


@commands.command()
def web() -> None:
    """启动控制台。"""
    import uvicorn

    from console.app import build
    from console.connections import MOST_CONNECTIONS, TimedConnection
    from console.measures import collector
    from documents.packets import isolation
    from servers.pulse import Pulse
    from servers.well import answers
    from workers.queues import served
    from workflows.engine.garbage import collect_less_often
    from workflows.engine.origin import correlation

    log_lines.begin(correlation)
    collect_less_often()
    with prepared() as ready:
        telemetry.begin(ready, "web")
        isolation.announce(ready.parser_isolation)
        office = _open_office(ready)
        collector.serve(office, served())
        with Pulse(ready, "web", is_well=answers(ready.port)):
            uvicorn.run(
                build(office),
                host=ready.host,
                port=ready.port,
                log_config=None,
                access_log=False,
                http=TimedConnection,
                limit_concurrency=MOST_CONNECTIONS,
                forwarded_allow_ips=ready.trusted_proxies,
            )


@commands.command()
def worker(
    queues: Annotated[str, typer.Option(help="只处理这些队列，用逗号分开")] = "",
    all_but: Annotated[str, typer.Option(help="处理除此以外的所有队列，用逗号分开")] = "",
    processes: Annotated[int, typer.Option(help="并行的进程数")] = 2,
) -> None:
    """启动工作进程。"""
    with prepared() as ready:
        from documents.packets import isolation
        from servers.pulse import Pulse
        from servers.well import takes_work
        from workers.app import app
        from workers.queues import served
        from workers.schedule import folder_queue
        from workflows.engine.broker_notes import name_of_server
        from workflows.engine.origin import correlation

        log_lines.begin(correlation)
        telemetry.begin(ready, "worker")
        isolation.announce(ready.parser_isolation)
        names = served(queues, all_but)
        app.conf.broker_transport_options["client_name"] = name_of_server(names)
        own = folder_queue(ready)
        of_the_folder = [own] if own and _INTAKE in names else []
        with Pulse(ready, "worker", names, takes_work(ready, names)):
            app.worker_main(
                [
                    "--quiet",
                    "worker",
                    f"--queues={','.join([*names, *of_the_folder])}",
                    f"--concurrency={processes}",
                    "--without-gossip",
                    "--without-mingle",
                    "--without-heartbeat",
                    "--loglevel=WARNING",
                    f"--hostname=huzhu-{names[0]}@%h",
                ]
            )


@commands.command()
def beat() -> None:
    """启动定时器。"""
    log_lines.begin()
    with prepared() as ready:
        from servers.pulse import Pulse
        from workers.broker import app
        from workers.last_progress import is_busy

        schedule = ready.data / "beat-schedule"
        with Pulse(ready, "beat", is_well=is_busy):
            app.Beat(loglevel="WARNING", schedule=str(schedule), pidfile=None, quiet=True).run()


@db.command("upgrade")
def db_upgrade() -> None:
    """把数据库升级到本程序的版本。"""
    with prepared() as ready:
        _upgrade(ready)
    typer.echo(_("数据库已是最新版本"))


def _stay(ready: Settings, port: int, children: Children) -> None:
    """Run until a signal comes, and start again what dies; exit with status 1 when one process
    dies again and again."""
    restarts = _restarts(ready, port, children)
    while (name := restarts.look(time.monotonic())) is None:
        time.sleep(0.5)
    typer.echo(gave_up(name, log_folder(ready)), err=True)
    raise typer.Exit(1)


def _restarts(ready: Settings, port: int, children: Children) -> Restarts:
    from workflows.engine import broker_notes

    def died(name: str) -> None:
        broker_notes.count(ready.redis_url, broker_notes.ENDED, name)
        broker_notes.note_instant(ready.redis_url, broker_notes.ENDED, datetime.now(UTC))

    broker_notes.begin_counts(ready.redis_url, broker_notes.ENDED, [*children, *embedded.SERVERS])
    return Restarts(children, log_folder(ready), lambda name: start(name, ready, port), died)


def _upgrade(ready: Settings, begin: Callable[["Office"], None] | None = None) -> None:
    """Bring the database to this version; `begin` is what a new one holds before it is signed."""
    from models import migrations
    from servers import roles
    from workflows.audit.roots import sign_if_due
    from workflows.audit.verify_rows import stamp_what_is_there
    from workflows.claims.packets.old_shelves import clear_old_shelves
    from workflows.claims.paying.paying_accounts import take_over_setting
    from workflows.engine.same_keys import require_same_keys
    from workflows.enrolment.phone_prints import fill_phone_prints

    owner = ready.owner_database_url or ready.database_url
    if owner != ready.database_url:
        roles.make(owner, ready.database_url, ready.report_database_url)
    office = _not_yet_known(ready)
    migrations.upgrade(owner, keys=office.keys)
    roles.grant(owner, ready.database_url, ready.report_database_url)
    require_same_keys(office)
    with office.sessions.unit_of_work() as session:
        take_over_setting(session, office)
    fill_phone_prints(office)
    clear_old_shelves(office)
    stamp_what_is_there(office)
    if begin:
        begin(office)
    sign_if_due(office)
    office.sessions.engine.dispose()


def _open_office(ready: Settings) -> "Office":
    """The office, whose keys are those that work on its database; it is waited for where it is just
    being started again."""
    from sqlalchemy.exc import OperationalError

    from workflows.engine.same_keys import require_same_keys

    office = _not_yet_known(ready)
    for wait in _DATABASE_WAITS:
        try:
            require_same_keys(office)
        except OperationalError:
            time.sleep(wait)
        else:
            return office
    require_same_keys(office)
    return office


def _not_yet_known(ready: Settings) -> "Office":
    # Imported late also because the app reads the broker's address from the prepared settings.
    from workers.app import ring
    from workflows.engine.office import open_office

    return open_office(ready, ready.database_url, ring)


def _stop_on_signals() -> None:
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> None:
        # A second signal must not cut short what ends the servers.
        for each in ending:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(0)

    for number in ending:
        signal.signal(number, stop)
