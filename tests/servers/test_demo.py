"""The demonstration, walked at once or killed at every step and started again."""

import json
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import delete

from banking import formats
from documents.sealing import KeyRing
from documents.store import Store
from models import StoredReading, migrations
from servers import embedded, samples, secrets
from servers.objecting import OBJECTED
from settings import ROOT, Settings
from tests.sample_readings import SampleReadings
from tests.servers.conftest import Start, line_with
from workflows.engine.office import Office, utc_now
from workflows.engine.session import Sessions

pytestmark = pytest.mark.line

SAMPLES = ROOT / "samples"
TRUTHS = [json.loads(p.read_text("utf-8")) for p in sorted((SAMPLES / "truth").glob("*.json"))]
# Enough for the whole line: some to approve, some that the supervisor is left, one incomplete,
# an objection.
FEW = (
    "01-clean-stay",
    "02-clean-invoice",
    "03-one-pdf.pdf",
    "10-no-bank-card",
    "26-objection.tif",
)
# One of them is read by the reader that is killed.
UNREAD = "10-no-bank-card"
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
    ("异议", signal.SIGKILL),
)


@pytest.mark.timeout(1500)
def test_the_demonstration_walks_every_sample_to_where_its_truth_says(
    data: Path, start: Start, sample_readings: SampleReadings
) -> None:
    with office_on(data) as office:
        sample_readings.lend(office)
    process = start("demo", "--once")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    with office_on(data) as office:
        sample_readings.keep(office)
    assert_all_is_where_its_truth_says(data, output, TRUTHS, unsure=3)


@pytest.mark.timeout(1500)
def test_a_demonstration_killed_at_every_step_goes_on_and_ends_with_the_same_money(
    data: Path, start: Start, few_samples: Path, sample_readings: SampleReadings
) -> None:
    with office_on(data) as office:
        sample_readings.lend(office)
        forget(office, SAMPLES / "packets" / UNREAD)
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
    assert len(list((data / "out").glob("B*"))) == 2


def ends_in_money(truth: dict[str, Any]) -> bool:
    """Whether the amount is the claim's own; that of an objection takes the place of another."""
    return truth["expected"]["outcome"] in ("pay", "objection") and truth["packet"] != OBJECTED


@contextmanager
def office_on(data: Path) -> Iterator[Office]:
    """The office whose data this is, on the servers that the program would start for it."""
    keys = KeyRing.from_text(*(secrets.ensure(data)[name] for name in secrets.NAMES[:2]))
    settings = Settings(data=data)
    with embedded.running(data) as addresses:
        migrations.upgrade(addresses.database_url)
        sessions = Sessions(addresses.database_url)
        yield Office(settings, sessions, Store(settings.store_folder, keys), keys, utc_now)
        sessions.engine.dispose()


def forget(office: Office, packet: Path) -> None:
    """Let the pages of this packet be read anew."""
    hashes = [sha256(file.read_bytes()).hexdigest() for file in packet.iterdir()]
    with office.sessions.unit_of_work() as session:
        session.execute(delete(StoredReading).where(StoredReading.sha256.in_(hashes)))


@pytest.fixture
def few_samples(data: Path) -> Path:
    """A folder of samples that are read within a minute."""
    folder = data.with_name("samples")
    for part in ("packets", "truth"):
        (folder / part).mkdir(parents=True)
    rosters = (file for _plan, file, _part in samples.ROSTERS)
    late = f"truth/{samples.LATE}.json"
    for part in (*rosters, late, *(f"packets/{name}" for name in FEW)):
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
    owed = Counter(t["expected"]["amount"] for t in truths if ends_in_money(t))
    paid = Counter(amount for _, amount in results if amount not in ("", "0.00"))
    assert paid <= owed
    assert paid.total() >= owed.total() - unsure
    assert sum(state == "待补件" for state, _ in results) == 1
    assert not re.search(r"\d{17}[\dX]|Traceback", output)


def test_the_address_and_the_log_ins_come_before_the_first_claim_and_up_says_where_they_are(
    data: Path, start: Start
) -> None:
    demo = start("demo")
    address = line_with(demo, "http://").strip()
    assert "http://127.0.0.1:" in address
    assert "姓名" in line_with(demo, "登录名")
    assert "样例审批" in line_with(demo, "supervisor")
    line_with(demo, "收件 0/")
    demo.terminate()
    demo.wait()
    process = start("up")
    assert address in line_with(process, "http://")
    assert str(data / "sample-log-ins.json") in line_with(process, "登录名和密码")
