"""The demonstration, walked at once or killed at every step and started again."""

import json
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from banking import formats
from settings import ROOT
from tests.servers.conftest import Start, line_with

pytestmark = pytest.mark.line

SAMPLES = ROOT / "samples"
TRUTHS = [json.loads(p.read_text("utf-8")) for p in sorted((SAMPLES / "truth").glob("*.json"))]
# Enough for the whole line: some to approve, some that the supervisor is left, one incomplete.
FEW = ("01-clean-stay", "02-clean-invoice", "03-one-pdf.pdf", "10-no-bank-card")
# What the demonstration says when a step has begun, and how it is ended there. A start that comes
# further than the one before says the words again, so that none is waited for in vain.
KILLS = (
    ("启动控制台", signal.SIGKILL),
    ("录入名册", signal.SIGTERM),
    ("收件", signal.SIGKILL),
    ("识读、审核、核定", signal.SIGINT),
    ("已审批", signal.SIGKILL),
    ("出具通知书", signal.SIGKILL),
    ("批次", signal.SIGKILL),
)


@pytest.mark.timeout(1500)
def test_the_demonstration_walks_every_sample_to_where_its_truth_says(
    data: Path, start: Start
) -> None:
    process = start("demo", "--once")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert_all_is_where_its_truth_says(data, output, TRUTHS, unsure=3)


@pytest.mark.timeout(1500)
def test_a_demonstration_killed_at_every_step_goes_on_and_ends_with_the_same_money(
    data: Path, start: Start, few_samples: Path
) -> None:
    for word, ending in KILLS:
        process = start("demo", samples=few_samples)
        line_with(process, word)
        process.send_signal(ending)
        process.communicate()
    process = start("demo", "--once", samples=few_samples)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    few = [t for t in TRUTHS if t["packet"] in FEW]
    assert_all_is_where_its_truth_says(data, output, few, unsure=0)
    assert len(list((data / "out").glob("B*"))) == 1


@pytest.fixture
def few_samples(data: Path) -> Path:
    """A folder of samples that are read within a minute."""
    folder = data.with_name("samples")
    (folder / "packets").mkdir(parents=True)
    for part in ("roster.xlsx", *(f"packets/{name}" for name in FEW)):
        (folder / part).symlink_to(SAMPLES / part)
    return folder


def assert_all_is_where_its_truth_says(
    data: Path, output: str, truths: list[dict[str, Any]], unsure: int
) -> None:
    """A photo that the reader is unsure of may wait for a person: at most so many."""
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
    assert len(taken) == len(truths)
    shown = [line.split("│") for line in output.splitlines() if "HZ2026" in line and "│" in line]
    results = sorted((cells[2].strip(), cells[4].strip()) for cells in shown)
    wanted = {"pay", "deny", "refer", "incomplete", "check"}
    claims = [t for t in truths if t["expected"]["outcome"] in wanted]
    assert len(results) == len(claims)
    owed = Counter(t["expected"]["amount"] for t in truths if t["expected"]["outcome"] == "pay")
    paid = Counter(amount for _, amount in results if amount not in ("", "0.00"))
    assert paid <= owed
    assert paid.total() >= owed.total() - unsure
    assert sum(state == "待补件" for state, _ in results) == 1
    assert not re.search(r"\d{17}[\dX]|Traceback", output)


def test_the_address_and_the_log_ins_come_before_the_first_claim(data: Path, start: Start) -> None:
    process = start("demo")
    assert "http://127.0.0.1:" in line_with(process, "http://")
    assert "姓名" in line_with(process, "登录名")
    assert "样例审批" in line_with(process, "supervisor")
    line_with(process, "收件 0/")
    process.terminate()
    process.wait()


def test_up_on_the_data_of_a_demonstration_says_where_the_log_ins_are(
    data: Path, start: Start
) -> None:
    demo = start("demo")
    address = line_with(demo, "http://").strip()
    demo.terminate()
    demo.wait()
    process = start("up")
    assert address in line_with(process, "http://")
    assert str(data / "sample-log-ins.json") in line_with(process, "登录名和密码")
