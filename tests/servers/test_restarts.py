"""A process of the system that dies is started again; one that keeps dying ends the system."""

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from servers.processes import Children, Process
from servers.progress import Stage, wait_for
from servers.restarts import MOST_DEATHS, Restarts
from tests.desk import Desk
from tests.servers.conftest import Start, line_with

BRIEF = [sys.executable, "-c", ""]


class Brief:
    """Children that end at once, and how many of them were started."""

    def __init__(self, folder: Path) -> None:
        self.started = 0
        self.children: Children = {"mailer": self.start("mailer")}
        self.died: list[str] = []
        self.restarts = Restarts(self.children, folder, self.start, self.died.append)

    def start(self, _name: str) -> Process:
        self.started += 1
        return subprocess.Popen(BRIEF, start_new_session=True)

    def dies(self, at: float) -> str | None:
        self.children["mailer"].wait()
        return self.restarts.look(at)


def test_each_start_after_a_death_comes_later_than_the_one_before(tmp_path: Path) -> None:
    brief, now = Brief(tmp_path), 0.0
    for wait in (1, 2, 4, 8):
        before = brief.started
        assert brief.dies(now) is None
        brief.restarts.look(now + wait - 0.1)
        assert brief.started == before
        now += wait
        brief.restarts.look(now)
        assert brief.started == before + 1
    assert brief.dies(now) == "mailer"
    log = (tmp_path / "mailer.log").read_text()
    assert "进程 mailer 已退出（状态 0），8 秒后重新启动" in log
    assert f"进程 mailer 一分钟内退出了 {MOST_DEATHS} 次" in log


def test_deaths_of_more_than_a_minute_ago_are_forgotten(tmp_path: Path) -> None:
    brief = Brief(tmp_path)
    for hour in range(2 * MOST_DEATHS):
        assert brief.dies(hour * 3600.0) is None
        brief.restarts.look(hour * 3600.0 + 1)
    assert brief.started == 2 * MOST_DEATHS + 1


def test_a_child_that_dies_while_the_demonstration_waits_is_started_again(
    desk: Desk, tmp_path: Path
) -> None:
    brief = Brief(tmp_path)
    wait_for(desk.office, brief.restarts, "", lambda _session: Stage(min(brief.started, 2), 2))
    assert brief.started == 2
    assert brief.died == ["mailer"]


def child_of(up: "subprocess.Popen[str]", words: list[str], but: int) -> psutil.Process:
    """The child of `up` whose command line ends with these words, once it is another than `but`."""
    while True:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(up.pid).children():
                if child.pid != but and child.cmdline()[-len(words) :] == words:
                    return child
        assert up.poll() is None
        time.sleep(0.05)


WRITTEN_BY_A_START = (
    *("servers.json", "secrets.json", "server-passwords.json", "console-port"),
    *("up.lock", "postgres.lock"),
)
"""What else lies in the data folder is written by the system that runs."""


def files(data: Path) -> dict[str, int]:
    """When each of these was written last."""
    return {name: (data / name).stat().st_mtime_ns for name in WRITTEN_BY_A_START}


@pytest.mark.line
def test_a_second_start_is_refused_and_a_child_that_is_killed_is_started_again(
    data: Path, start: Start
) -> None:
    up = start("up")
    line_with(up, "http://")
    beat = child_of(up, ["beat"], 0)
    before = files(data)
    second = start("up")
    said, _errors = second.communicate()
    assert second.returncode != 0
    assert f"{data} 里已有一个系统在运行（进程 {up.pid}）" in said
    assert files(data) == before
    for name, words in (
        ("web", ["web"]),
        ("worker", ["--all-but", "reading,mail", "--processes", "2"]),
    ):
        killed = child_of(up, words, 0)
        killed.kill()
        assert child_of(up, words, killed.pid).is_running()
        assert (
            f"进程 {name} 已退出（状态 -9），1 秒后重新启动"
            in (data / "log" / f"{name}.log").read_text()
        )
    assert beat.is_running()
    assert up.poll() is None


@pytest.mark.line
def test_a_child_that_dies_again_and_again_ends_all_with_a_sentence_that_names_its_log(
    data: Path, start: Start
) -> None:
    up = start("up")
    line_with(up, "http://")
    family = psutil.Process(up.pid).children(recursive=True)
    killed = 0
    for _ in range(MOST_DEATHS):
        beat = child_of(up, ["beat"], killed)
        killed = beat.pid
        beat.kill()
    sentence = line_with(up, "一分钟内退出了")
    assert str(data / "log" / "beat.log") in sentence
    assert up.wait() == 1
    assert [each for each in family if each.is_running()] == []
