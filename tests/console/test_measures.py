"""What a monitor is told: figures of the stores, by names that the board and the alerts use."""

import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import create_engine, event

from console.measures.collector import FRESH_SECONDS, Measures, serve
from models.people import Role
from rules.errors import Transient
from servers.port import free_port
from settings import ROOT, Settings
from tests.console.conftest import Visitors
from tests.desk import Desk
from workflows.engine import broker_notes
from workflows.engine.office import Office
from workflows.engine.run import run
from workflows.engine.session import Sessions
from workflows.engine.steps import Quick
from workflows.pipeline import STEPS

QUEUES = ("claims", "reading")


class Scrapes:
    """Asks again after as long as an answer is kept."""

    def __init__(self, office: Office) -> None:
        self.now = 0.0
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(Measures(office, QUEUES, lambda: self.now))

    def text(self) -> str:
        self.now += FRESH_SECONDS
        return generate_latest(self.registry).decode()


@pytest.fixture
def scrapes(desk: Desk) -> Iterator[Scrapes]:
    client = broker_notes.client_of(desk.office.settings.redis_url)
    client.delete(broker_notes.COUNTS, broker_notes.INSTANTS, *QUEUES)
    yield Scrapes(desk.office)
    client.delete(broker_notes.COUNTS, broker_notes.INSTANTS, *QUEUES)


def test_claims_by_state_and_the_age_of_the_oldest_that_waits(desk: Desk, scrapes: Scrapes) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.clock.pass_(days=2)
    said = scrapes.text()
    assert 'huzhu_claims{state="proposed"} 1.0' in said
    [age] = re.findall(r'huzhu_claims_oldest_seconds\{state="proposed"\} (\S+)', said)
    assert 2 * 86_400 <= float(age) < 3 * 86_400
    assert 'huzhu_exceptions{kind="referred"} 0.0' in said


def test_payments_without_a_reply_by_age(desk: Desk, scrapes: Scrapes) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.approve_all(desk.user(Role.SUPERVISOR))
    desk.released()
    assert 'huzhu_payments_without_reply{age="under 1 day"} 1.0' in scrapes.text()
    desk.clock.pass_(days=8)
    said = scrapes.text()
    assert 'huzhu_payments_without_reply{age="over 7 days"} 1.0' in said
    assert 'huzhu_payments_without_reply{age="under 1 day"} 0.0' in said
    assert "huzhu_payments_without_reply_oldest_seconds 6912" in said


def test_steps_are_counted_from_the_first_look_on_each_once(desk: Desk, scrapes: Scrapes) -> None:
    desk.claim(desk.member())
    desk.work()
    scrapes.text()
    desk.claim(desk.member(name="李四"))
    desk.work()
    read = next(step for step in STEPS if step.name == "read")
    broken = Quick(read.name, read.row, read.source, read.queue, _break)
    run(desk.office, broken, desk.claim(desk.member(name="王五")))
    for _ in range(3):
        said = scrapes.text()
    assert 'huzhu_steps_total{machine="claim",outcome="done",step="adjudicate"} 1.0' in said
    assert 'huzhu_steps_total{machine="claim",outcome="retry",step="read"} 1.0' in said
    assert 'huzhu_step_failures_total{cause="sentence",machine="claim",step="read"} 1.0' in said
    assert 'huzhu_step_seconds_bucket{le="+Inf",machine="claim",step="read"} 2.0' in said


def _break(*_: object) -> None:
    raise Transient("磁盘满")


def test_what_the_broker_knows(desk: Desk, scrapes: Scrapes) -> None:
    url = desk.office.settings.redis_url
    client = broker_notes.client_of(url)
    client.lpush("claims", "a message")
    client.set("reading", "no queue")
    for what, kind in ((broker_notes.DROPPED, "forged"), (broker_notes.ENDED, "web")):
        broker_notes.count(url, what, kind)
    client.hset(broker_notes.COUNTS, "dropped:odd", "no figure")
    broker_notes.note_instant(url, broker_notes.SWEPT, desk.clock())
    with broker_notes.client_of.__wrapped__(url) as worker:
        worker.client_setname(broker_notes.name_of_server(["claims", "letters"]))
        said = scrapes.text()
    desk.clock.pass_(seconds=60)
    assert 'huzhu_queue{queue="claims"} 1.0' in said
    assert 'huzhu_queue{queue="reading"} 0.0' in said
    assert 'huzhu_queue_servers{queue="reading"} 0.0' in said
    assert 'huzhu_dropped_messages_total{kind="forged"} 1.0' in said
    assert 'huzhu_process_deaths_total{process="web"} 1.0' in said
    assert "odd" not in said
    assert re.search(r"huzhu_sweep_age_seconds 6[01]", scrapes.text())


def test_a_log_in_that_fails_is_counted(desk: Desk, scrapes: Scrapes, visitor: Visitors) -> None:
    visitor().post("/login", {"login": "nobody", "password": "220102196803121527"})
    said = scrapes.text()
    assert 'huzhu_failed_log_ins_total{kind="password"} 1.0' in said
    assert "nobody" not in said
    assert "220102196803121527" not in said


def test_a_store_that_does_not_answer_is_said_and_the_other_is_told_of(desk: Desk) -> None:
    settings = desk.office.settings.model_copy(update={"redis_url": "unix:///nowhere"})
    assert (
        'huzhu_store_answers{store="broker"} 0.0'
        in Scrapes(replace(desk.office, settings=settings)).text()
    )
    nowhere = Sessions("postgresql+psycopg://huzhu@/huzhu?host=/nowhere")
    said = Scrapes(replace(desk.office, sessions=nowhere)).text()
    assert 'huzhu_store_answers{store="database"} 0.0' in said
    assert 'huzhu_store_answers{store="broker"} 1.0' in said


def test_asking_again_at_once_asks_no_store_and_asking_costs_few_questions(desk: Desk) -> None:
    asked: list[str] = []
    engine = create_engine(desk.office.settings.database_url)
    event.listen(engine, "before_cursor_execute", lambda _c, _k, said, *_: asked.append(said))
    sessions = Sessions.__new__(Sessions)
    sessions.engine, sessions.ringer = engine, None
    scrapes = Scrapes(replace(desk.office, sessions=sessions))
    scrapes.text()
    first = len(asked)
    assert 0 < first < 40
    scrapes.now += FRESH_SECONDS / 2 - FRESH_SECONDS
    scrapes.text()
    assert len(asked) == first
    engine.dispose()


def test_nothing_listens_unless_a_port_is_set_and_then_on_this_machine_only(desk: Desk) -> None:
    given = desk.office.settings
    assert Settings.model_fields["metrics_port"].default == 0
    assert Settings.model_fields["metrics_host"].default == "127.0.0.1"
    serve(desk.office, QUEUES)()
    port = free_port("127.0.0.1")
    settings = given.model_copy(update={"metrics_port": port})
    end = serve(replace(desk.office, settings=settings), QUEUES)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert b"huzhu_store_answers" in answer.read()
    end()
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port)):
        pass


def test_the_board_and_the_alerts_ask_for_what_is_told(scrapes: Scrapes) -> None:
    told = set()
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    for name, kind in re.findall(r"^# TYPE (\S+) (\w+)$", scrapes.text(), re.MULTILINE):
        told |= {name.removesuffix("_total") + ending for ending in endings[kind]}
    board = json.loads((ROOT / "deploy/grafana/huzhu.json").read_text("utf-8"))
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))
    questions = [each["expr"] for panel in board["panels"] for each in panel["targets"]]
    questions += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked = {name for each in questions for name in re.findall(r"huzhu_\w+", each)}
    assert len(asked) > 15
    assert asked - told == set()
    shown = {name.removesuffix("_sum").removesuffix("_count") for name in told}
    assert {n for n in shown if n not in asked and f"{n}_bucket" not in asked} <= {
        "huzhu_scrape_seconds"
    }
