"""Doctor finds what operators forget, and says in each sentence what to do."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib.metadata import version
from math import prod
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import Engine, select, update
from typer.testing import CliRunner

from documents.sealing import new_index_key, new_keys
from documents.store import ScanMissing
from models import Batch, Document, Heartbeat, Member, User
from models.people import Role
from servers import doctor
from servers.checks import Examined, well, work
from servers.guest import NoServers
from servers.port import free_port
from servers.pulse import Pulse
from settings import ROOT, SAMPLE_PAYER, Settings
from tests.desk import STEP_BY_NAME, Desk
from tests.kept_files import scan_at
from workers.queues import served
from workflows.audit.nightly_check import CHECK_OLD, check_log
from workflows.audit.roots import sign_if_due
from workflows.engine import broker_notes
from workflows.engine.office import open_office, utc_now
from workflows.engine.row_stamps import execute_stamped
from workflows.engine.run import park
from workflows.sealed_values.members import forget_person

Examine = Callable[..., dict[str, tuple[str, str]]]
RANDOM = "k3Jw9qLz0vXb7TnYc5Rf2Hg8Ud4Ps6Ma1Qe"


@pytest.fixture
def running(desk: Desk) -> Iterator[None]:
    """The pulses of all processes that an office needs."""
    with ExitStack() as stack:
        for kind, queues in (("web", []), ("beat", []), ("worker", served())):
            stack.enter_context(Pulse(desk.office.settings, kind, queues)).tell()
        yield


@pytest.fixture
def examined(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """What doctor finds with these settings: level and sentence by the check's name."""
    desk.office.settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    desk.office.settings.data.chmod(0o700)
    client = broker_notes.client_of(desk.office.settings.redis_url)
    client.delete(broker_notes.INSTANTS)
    sign_if_due(desk.office)

    def examine(**changed: Any) -> dict[str, tuple[str, str]]:
        given = {"secret": SecretStr(RANDOM)} | changed

        @contextmanager
        def ready() -> Iterator[Settings]:
            yield desk.office.settings.model_copy(update=given)

        monkeypatch.setattr(doctor, "prepared", ready)
        said = CliRunner().invoke(doctor.commands, ["--json"])
        found = {
            each["name"]: (each["level"], each["sentence"]) for each in json.loads(said.output)
        }
        has_error = any(level == "error" for level, _sentence in found.values())
        assert said.exit_code == int(has_error)
        return found

    return examine


def test_a_well_set_up_office_has_no_error(examined: Examine, running: None) -> None:
    found = examined()
    assert {name: each for name, each in found.items() if each[0] == "error"} == {}
    assert found["数据库用户"][0] == "ok"
    assert found["数据库结构"][0] == found["时钟"][0] == found["消息内存"][0] == "ok"


@pytest.mark.parametrize(
    ("name", "changed", "level", "words"),
    [
        ("操作记录签名", {"audit_key": SecretStr("")}, "warning", "HUZHU_AUDIT_KEY"),
        ("密钥", {"secret": SecretStr("changeme")}, "error", "HUZHU_SECRET"),
        ("密钥", {"secret": SecretStr("a" * 64)}, "error", "HUZHU_SECRET"),
        ("Cookie", {"host": "0.0.0.0"}, "error", "HUZHU_SECURE_COOKIES"),  # noqa: S104
        ("付款账户", {"payer_account": SAMPLE_PAYER}, "warning", "HUZHU_PAYER_ACCOUNT"),
        ("邮件", {}, "warning", "HUZHU_SMTP_HOST"),
        ("文件解析", {"parser_isolation": "none"}, "warning", "HUZHU_PARSER_ISOLATION"),
        ("杀毒", {"clamav_socket": "/nowhere"}, "error", "No such file"),
        ("岗位人数", {}, "warning", "系统管理员"),
        ("备份", {}, "warning", "备份"),
        ("定时器", {}, "warning", "huzhu beat"),
        ("队列", {}, "warning", "huzhu worker"),
        ("Redis / Valkey", {"redis_url": "unix:///nowhere"}, "error", "连不上"),
    ],
)
def test_each_fault_is_found(
    examined: Examine, name: str, changed: dict[str, Any], level: str, words: str
) -> None:
    found = examined(**changed)[name]
    assert found[0] == level
    assert words in found[1]


def test_a_kind_of_process_that_does_not_run_is_an_error(desk: Desk, examined: Examine) -> None:
    assert examined()["运行的进程"][0] == "error"
    settings = desk.office.settings
    with Pulse(settings, "web") as web, Pulse(settings, "worker", ["intake"]) as worker:
        web.tell()
        worker.tell()
        level, sentence = examined()["运行的进程"]
        assert (level, "huzhu beat" in sentence, "huzhu web" in sentence) == ("error", True, False)
        with Pulse(settings, "beat") as beat:
            beat.tell()
            level, sentence = examined()["运行的进程"]
    assert (level, "reading" in sentence, "intake" in sentence) == ("error", True, False)


def test_a_silent_machine_a_wrong_clock_and_two_versions_are_told(
    desk: Desk, examined: Examine, running: None
) -> None:
    names = "机器", "机器时钟", "程序版本"
    assert [examined()[name][0] for name in names] == ["ok", "ok", "ok"]
    with desk.office.sessions.unit_of_work() as session:
        session.add(_heartbeat("reader-7", seen_at=utc_now() - timedelta(minutes=5)))
        session.add(_heartbeat("web-2", clock_off=-2500, build="0.1.9"))
    found = [examined()[name] for name in names]
    assert [level for level, _sentence in found] == ["error", "error", "warning"]
    for (_level, sentence), word in zip(found, ("reader-7", "web-2 -2.5 s", "0.1.9"), strict=True):
        assert word in sentence


def _heartbeat(host: str, **more: Any) -> Heartbeat:
    told = {"kind": "worker", "queues": [], "build": version("huzhu"), "clock_off": 0}
    now = utc_now()
    return Heartbeat(
        **({"id": host, "host": host, "started_at": now, "seen_at": now} | told | more)
    )


def test_an_account_whose_number_looks_like_anothers_is_told(desk: Desk, examined: Examine) -> None:
    assert examined()["登录名和工号"][0] == "ok"
    user = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, user.id).staff_number = "YL002\u200b"
    level, sentence = examined()["登录名和工号"]
    assert level == "warning"
    assert f"{user.login}（YL002\\u200b）" in sentence


def test_a_data_folder_that_others_may_look_into_is_told_until_it_is_shut(
    desk: Desk, examined: Examine
) -> None:
    data = desk.office.settings.data
    data.chmod(0o755)
    (data / "log").mkdir(mode=0o700)
    assert examined()["数据目录权限"][0] == "warning"
    (data / "log").chmod(0o755)
    level, sentence = examined()["数据目录权限"]
    assert (level, f"chmod -R go= {data}" in sentence) == ("error", True)
    data.chmod(0o700)
    assert examined()["数据目录权限"][0] == "ok"


def test_a_mail_server_that_does_not_answer_is_named(examined: Examine) -> None:
    port = free_port("127.0.0.1")
    level, sentence = examined(smtp_host="127.0.0.1", smtp_port=port)["邮件"]
    assert (level, f"127.0.0.1:{port}" in sentence) == ("warning", True)


def test_payments_that_the_bank_does_not_answer_for_are_told_after_three_days(
    desk: Desk, examined: Examine
) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.approve_all(desk.user(Role.SUPERVISOR))
    desk.released()
    with desk.office.sessions.unit_of_work() as session:
        execute_stamped(session, update(Batch).values(released_at=utc_now() - timedelta(days=4)))
    level, sentence = examined()["银行答复"]
    assert level == "warning"
    assert "1 笔付款" in sentence


def test_a_backup_and_a_sweep_of_today_are_well(desk: Desk, examined: Examine) -> None:
    settings = desk.office.settings
    mark = settings.data / "last-backup"
    mark.write_text(utc_now().isoformat())
    broker_notes.note_instant(settings.redis_url, broker_notes.SWEPT, utc_now())
    found = examined()
    assert found["备份"][0] == found["定时器"][0] == "ok"
    mark.write_text("2026-01-01T00:00:00")
    assert "2026-01-01" in examined()["备份"][1]


def test_a_container_asks_for_the_stores_alone_each_minute(examined: Examine) -> None:
    examined()
    said = CliRunner().invoke(doctor.commands, ["--stores"])
    assert said.exit_code == 0
    assert "✓ PostgreSQL:" in said.output
    assert "邮件" not in said.output


def test_where_the_database_does_not_start_the_machine_is_looked_at(
    desk: Desk, examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    examined()

    @contextmanager
    def broken() -> Iterator[Settings]:
        raise NoServers("看日志")
        yield desk.office.settings

    monkeypatch.setattr(doctor, "prepared", broken)
    said = CliRunner().invoke(doctor.commands)
    assert said.exit_code == 1
    assert "✗ 启动:看日志" in said.output
    assert "磁盘:" in said.output


def test_a_queue_with_a_worker_is_well(desk: Desk, examined: Examine) -> None:
    with broker_notes.client_of.__wrapped__(desk.office.settings.redis_url) as worker:
        worker.client_setname(broker_notes.name_of_server(["reading"]))
        assert "reading" not in examined()["队列"][1]


def test_papers_that_were_found_broken_are_named_until_they_are_back(
    desk: Desk, examined: Examine
) -> None:
    desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.read_only() as session:
        sha256 = session.scalars(select(Document.sha256).order_by(Document.id)).first()
    assert sha256
    assert examined()["影像库"][0] == "ok"
    path = scan_at(desk.office.settings, sha256)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1])
    level, sentence = examined()["影像库"]
    assert (level, sha256 in sentence) == ("error", True)
    path.write_bytes(sealed)
    assert examined()["影像库"][0] == "ok"


def test_a_paper_that_did_not_open_when_it_was_read_is_named(desk: Desk, examined: Examine) -> None:
    settings = desk.office.settings
    office = open_office(settings, settings.database_url)
    with pytest.raises(ScanMissing):
        office.store.get("ab" * 32)
    level, sentence = examined()["影像库"]
    assert (level, "ab" * 32 in sentence) == ("error", True)
    broker_notes.client_of(settings.redis_url).delete(broker_notes.COUNTS)


def test_a_bucket_that_does_not_answer_is_told_and_holds_nothing_up(
    examined: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PATIENCE", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        found = examined(bucket="papers", bucket_endpoint=address, bucket_user="key")
    level, sentence = found["影像库"]
    assert (level, "对象存储" in sentence) == ("error", True)
    assert found["失败清单"][0] == "ok", "what comes behind it is asked all the same"


def test_a_drop_folder_on_a_dead_share_is_told_and_holds_nothing_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PATIENCE", 0.2)
    hangs = threading.Event()

    def dead(_ready: Settings, _engine: Engine) -> Examined:
        hangs.wait()
        return well("")

    @contextmanager
    def ready() -> Iterator[Settings]:
        yield desk.office.settings

    monkeypatch.setattr(doctor, "prepared", ready)
    found = {each.name: each.finding for each in doctor.examine({"投件夹": dead} | work.LOOKS)}
    hangs.set()
    assert (found["投件夹"].level, "网络共享" in found["投件夹"].sentence) == ("error", True)
    assert found["失败清单"].level == "ok"


def test_rows_on_the_failed_list_are_counted_by_kind(desk: Desk, examined: Examine) -> None:
    assert examined()["失败清单"][0] == "ok"
    for _each in range(2):
        with desk.at(desk.claim(desk.member())) as (session, claim):
            park(session, claim, STEP_BY_NAME["read"], "张三的材料", desk.office)
    level, sentence = examined()["失败清单"]
    assert (level, "2 项" in sentence, "案件 2" in sentence) == ("warning", True, True)
    assert "张三" not in sentence


def test_keys_that_do_not_open_what_is_kept_are_told(desk: Desk, examined: Examine) -> None:
    desk.member()
    assert examined()["密钥与数据"][0] == "ok"
    level, sentence = examined(keys=SecretStr(new_keys()))["密钥与数据"]
    assert (level, "member.id_number" in sentence) == ("error", True)
    level, sentence = examined(index_key=SecretStr(new_index_key()))["密钥与数据"]
    assert (level, "HUZHU_INDEX_KEY" in sentence) == ("error", True)
    desk.member()
    with desk.office.sessions.unit_of_work() as session:
        erased = session.get_one(Member, 2)
        forget_person(desk.office.keys, erased)
        erased.erased_at = desk.clock()
    assert examined()["密钥与数据"][0] == "ok"


def test_what_was_left_in_the_drop_folder_is_named(desk: Desk, examined: Examine) -> None:
    folder = desk.office.settings.inbox_folder
    folder.mkdir(parents=True, exist_ok=True)
    assert examined()["投件夹"][0] == "ok"
    (folder / "not-put-away-7").write_text("")
    level, sentence = examined()["投件夹"]
    assert (level, "not-put-away-7" in sentence) == ("warning", True)


def test_a_place_of_logs_that_cannot_be_written_is_named(
    desk: Desk, examined: Examine, tmp_path: Path
) -> None:
    assert examined()["日志"][0] == "ok"
    gone = tmp_path / "disk"
    gone.write_text("what was mounted here is no folder any more")
    level, sentence = examined(audit_file=gone / "roots")["日志"]
    assert (level, str(gone) in sentence) == ("error", True)


def test_a_process_that_died_today_is_told(desk: Desk, examined: Examine) -> None:
    assert examined()["进程"][0] == "ok"
    url = desk.office.settings.redis_url
    broker_notes.begin_counts(url, broker_notes.ENDED, ["postgres", "valkey"])
    broker_notes.note_count(url, broker_notes.ENDED, "postgres", 2)
    broker_notes.note_instant(url, broker_notes.ENDED, utc_now() - timedelta(hours=2))
    level, sentence = examined()["进程"]
    assert (level, "postgres 2，" in sentence, "valkey" in sentence) == ("warning", True, False)
    broker_notes.client_of(url).delete(broker_notes.COUNTS, broker_notes.INSTANTS)


@pytest.mark.parametrize(
    ("alert", "limit"),
    [
        ("HuzhuBeatSilent", work.BEAT_SILENT),
        ("HuzhuPaymentsWithoutReply", work.BANK_SILENT),
        ("HuzhuBackupOld", work.BACKUP_OLD),
        ("HuzhuDrillOld", work.BACKUP_OLD),
        ("HuzhuLogUnchecked", CHECK_OLD),
    ],
    ids=["beat", "bank", "backup", "drill", "log"],
)
def test_doctor_and_the_alerts_have_the_same_limits(alert: str, limit: timedelta) -> None:
    said = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))
    [expression] = [rule["expr"] for rule in said["groups"][0]["rules"] if rule["alert"] == alert]
    [figures] = re.findall(r"> ([\d *]+)", expression)
    assert prod(int(figure) for figure in figures.split("*")) == limit.total_seconds()


def test_what_the_nightly_check_of_the_log_found_is_told(desk: Desk, examined: Examine) -> None:
    assert examined()["操作记录校验"][0] == "warning"
    desk.clock.now = utc_now()
    assert check_log(desk.office) == 0
    assert examined()["操作记录校验"][0] == "ok"
    desk.office.settings.roots_file.unlink()
    check_log(desk.office)
    level, sentence = examined()["操作记录校验"]
    assert (level, "1 项不符" in sentence) == ("error", True)
