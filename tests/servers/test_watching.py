"""A private server that dies is started again while the system runs, and ends with it."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from servers import embedded, secrets
from servers.embedded import Addresses
from servers.watching import MOST_SECONDS, Watch
from tests.servers.conftest import Start, line_with
from tests.servers.test_restarts import child_of
from tests.servers.test_up import alive, family
from workers.queues import served
from workflows.engine import broker_notes


def test_each_start_after_a_death_comes_later_up_to_a_minute_and_old_deaths_are_forgotten(
    tmp_path: Path,
) -> None:
    watch = Watch(embedded.own_valkey(tmp_path), tmp_path / "log", Counter(), lambda _deaths: None)
    now, waits = 0.0, []
    for _death in range(12):
        waits.append(watch.seconds_after_death(now))
        now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, *[MOST_SECONDS] * 6]
    assert watch.seconds_after_death(now + 3600) == 1


def until(true: Callable[[], bool], up: "subprocess.Popen[str]") -> None:
    while not true():
        assert up.poll() is None
        time.sleep(0.05)


def server_of(up: "subprocess.Popen[str]", program: str, but: int = 0) -> psutil.Process:
    """The process of `up` that runs this server, once it is another than `but`."""
    while True:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(up.pid).children():
                if child.pid != but and program in child.name():
                    return child
        assert up.poll() is None
        time.sleep(0.05)


def deaths(addresses: Addresses) -> dict[str, int]:
    return broker_notes.counted(addresses.redis_url, broker_notes.ENDED)


@pytest.mark.line
def test_servers_that_are_killed_are_started_again_and_a_packet_comes_to_its_end(
    data: Path, start: Start
) -> None:
    secrets.ensure(data)
    with embedded.running(data):  # as a command does that ends soon, and they with it
        up = start("up")
        line_with(up, "等它结束")
    line_with(up, "http://")
    beat = child_of(up, ["beat"], 0)
    addresses = Addresses(**json.loads((data / "servers.json").read_text()))
    until(lambda: set(deaths(addresses).values()) == {0}, up)
    killed = {program: server_of(up, program) for program in ("postgres", "valkey")}
    for each in killed.values():
        each.kill()
    assert "（状态 -9），1 秒后" in line_with(up, "内置服务 postgres 已退出")
    again = [server_of(up, program, each.pid) for program, each in killed.items()]
    until((data / "inbox").is_dir, up)
    (data / "inbox" / "papers.txt").write_text("no paper at all")
    until(lambda: not list((data / "inbox").iterdir()), up)
    until(lambda: all(broker_notes.servers(addresses.redis_url, served()).values()), up)
    assert beat.is_running()
    assert deaths(addresses) == {"postgres": 1, "valkey": 1}
    log = (data / "log" / "servers.log").read_text()
    assert "内置服务 postgres 已退出（状态 -9），1 秒后重新启动" in log
    assert "内置服务 valkey 已重新启动" in log
    processes = family(up, data)
    assert set(again) < set(processes)
    again[0].kill()
    up.terminate()
    assert up.wait() == 0
    assert alive(processes) == []
    assert not (data / "servers.json").exists()
