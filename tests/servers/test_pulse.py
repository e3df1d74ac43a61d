"""A process tells the database that it lives, and answers who asks whether it is ready."""

import subprocess
import urllib.error
import urllib.request
from datetime import timedelta

import psycopg
import pytest
import yaml
from sqlalchemy import func, select, update

from models import Heartbeat
from servers.port import free_port
from servers.pulse import Pulse
from servers.well import takes_work
from settings import ROOT
from tests.desk import Desk
from workers.last_progress import is_busy, note_progress
from workflows.engine import broker_notes
from workflows.engine.heartbeats import forget_old_heartbeats


def _status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _rows(desk: Desk) -> list[tuple[str, list[str], int]]:
    with desk.office.sessions.read_only() as session:
        query = select(Heartbeat.kind, Heartbeat.queues, Heartbeat.clock_off)
        return list(session.execute(query.order_by(Heartbeat.started_at)).tuples())


def test_a_process_has_a_row_while_it_runs_and_none_after_its_end(desk: Desk) -> None:
    with Pulse(desk.office.settings, "worker", ["reading", "mail"]) as pulse:
        pulse.tell()
        assert _rows(desk) == [("worker", ["reading", "mail"], 0)]
    assert _rows(desk) == []


def test_what_is_done_is_told_with_the_next_beat(desk: Desk) -> None:
    with Pulse(desk.office.settings, "web") as pulse:
        note_progress()
        pulse.tell()
        with desk.office.sessions.read_only() as session:
            ago = session.scalars(select(func.clock_timestamp() - Heartbeat.progress_at)).one()
    assert ago < timedelta(minutes=1)
    assert is_busy()


def test_who_asks_the_port_is_told_whether_the_process_lives_and_is_ready(desk: Desk) -> None:
    settings = desk.office.settings.model_copy(update={"health_port": free_port("127.0.0.1")})
    is_well = [False]
    with Pulse(settings, "beat", is_well=lambda: is_well[0]) as pulse:
        pulse.tell()
        assert (_status(settings.health_port, "/healthz"), pulse.is_ready) == (200, False)
        assert _status(settings.health_port, "/readyz") == 503
        is_well[0] = True
        assert _status(settings.health_port, "/readyz") == 200
        assert _status(settings.health_port, "/claims") == 404


def test_the_check_of_a_container_passes_while_the_process_is_ready(desk: Desk) -> None:
    settings = desk.office.settings.model_copy(update={"health_port": free_port("127.0.0.1")})
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    [*bash, line] = compose["services"]["beat"]["healthcheck"]["test"][1:]
    asked = [*bash, line.replace("$$", "$").replace("/9101", f"/{settings.health_port}")]
    is_well = [True]
    with Pulse(settings, "beat", is_well=lambda: is_well[0]) as pulse:
        pulse.tell()
        assert subprocess.run(asked, check=False).returncode == 0
        is_well[0] = False
        assert subprocess.run(asked, check=False).returncode != 0
    assert subprocess.run(asked, check=False, stderr=subprocess.DEVNULL).returncode != 0


def test_a_process_that_cannot_reach_the_database_is_not_ready(desk: Desk) -> None:
    url = desk.office.settings.database_url.rsplit("/", 1)[0] + "/nowhere"
    settings = desk.office.settings.model_copy(update={"database_url": url})
    with Pulse(settings, "beat") as pulse:
        with pytest.raises(psycopg.Error):
            pulse.tell()
        assert not pulse.is_ready


def test_a_worker_is_well_while_it_asks_for_work(desk: Desk) -> None:
    url = desk.office.settings.redis_url
    is_well = takes_work(desk.office.settings, ["reading"])
    assert not is_well()
    with broker_notes.client_of.__wrapped__(url) as worker:
        worker.client_setname(broker_notes.name_of_server(["reading", "mail"]))
        assert not is_well()
        worker.client_setname(broker_notes.name_of_server(["reading"]))
        assert is_well()


def test_rows_of_processes_that_died_go_after_a_day(desk: Desk) -> None:
    with Pulse(desk.office.settings, "web") as living:
        living.tell()
        died = Pulse(desk.office.settings, "beat")
        died.tell()
        with desk.office.sessions.unit_of_work() as session:
            old = func.clock_timestamp() - timedelta(hours=25)
            session.execute(update(Heartbeat).filter_by(kind="beat").values(seen_at=old))
        assert forget_old_heartbeats(desk.office) == 1
        assert [kind for kind, _queues, _off in _rows(desk)] == ["web"]
