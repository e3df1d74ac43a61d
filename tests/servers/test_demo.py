"""The demonstration, walked at once or killed at every step and started again."""

import json
import os
import re
import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import delete, select

from banking import formats
from documents.sealing import KeyRing
from models import Claim, Decision, Letter, Packet, StepRun, StoredReading, migrations
from models.states import PacketState
from rules.errors import BadInput
from rules.money import yuan
from servers import embedded, samples, secrets
from servers.demo import LEFT_FOR_THE_SUPERVISOR
from servers.objecting import OBJECTED
from servers.paying import SENT_BACK
from servers.processes import CHILDREN
from settings import ROOT, Settings
from tests.sample_readings import SampleReadings
from tests.servers.conftest import Start, line_with
from workflows.day_proof.day_proof import prove_day
from workflows.engine.kept_where import store_of
from workflows.engine.office import Office, utc_now
from workflows.engine.session import Sessions
from workflows.proof import check
from workflows.sealed_values.files import packet_name

pytestmark = pytest.mark.line

SAMPLES = ROOT / "samples"
TRUTHS = [json.loads(p.read_text("utf-8")) for p in sorted((SAMPLES / "truth").glob("*.json"))]
# Enough for the whole line: one to approve, some that the supervisor is left, one incomplete, some
# that a clerk and a second person answer, an objection.
FEW = (
    "01-clean-stay",
    "02-clean-invoice",
    "03-one-pdf.pdf",
    "10-no-bank-card",
    "17-death-two-heirs",
    "24-two-hospitals-first.tif",
    "25-two-hospitals-second.pdf",
    "26-objection.tif",
)
LATE = f"{samples.LATE}.tif"
# On these the reader may be unsure of a value.
PHOTOS = ("07-phone-photos", "08-sideways", "09-copier.tif")
# One of them is read by the reader that is killed.
UNREAD = "10-no-bank-card"
# What the demonstration says when a step has begun, and how it is ended there. A start that comes
# further than the one before says the words again, so that none is waited for in vain.
KILLS = (
    ("启动控制台", signal.SIGKILL),
    ("录入名册", signal.SIGTERM),
    ("收件", signal.SIGKILL),
    ("识读、审核、核定", signal.SIGINT),
    ("答复：继承材料齐全", signal.SIGKILL),
    ("已审批", signal.SIGKILL),
    ("出具通知书", signal.SIGKILL),
    ("批次", signal.SIGKILL),
    ("已提请重新付款", signal.SIGKILL),
    ("异议", signal.SIGKILL),
)
# Each start takes half a minute: every fourth kill is tried here, and all of them by `make kills`.
TRIED = KILLS if os.environ.get("EVERY_KILL") else KILLS[::4]


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
    assert_all_is_where_its_truth_says(data, output, TRUTHS, unsure=PHOTOS)
    assert_what_came_back_is_paid_again(data, output)
    assert re.search(r"案件 HZ\d+ 退票 2500.00 元（.+），已提请重新付款", output)
    assert_one_id_joins_what_a_packet_caused(data)
    assert_logs_are_objects_without_persons(data, TRUTHS)


@pytest.mark.timeout(1500)
def test_a_demonstration_that_is_killed_goes_on_and_ends_with_the_same_money(
    data: Path, start: Start, few_samples: Path, sample_readings: SampleReadings
) -> None:
    with office_on(data) as office:
        sample_readings.lend(office)
        forget(office, SAMPLES / "packets" / UNREAD)
    for word, ending in TRIED:
        process = start("demo", samples=few_samples)
        line_with(process, word)
        process.send_signal(ending)
        process.communicate()
    process = start("demo", "--once", samples=few_samples)
    output, _ = process.communicate()
    assert process.returncode == 0, output
    few = [t for t in TRUTHS if t["packet"] in FEW]
    assert_all_is_where_its_truth_says(data, output, few)
    assert_what_came_back_is_paid_again(data, output)
    assert len(list((data / "out").glob("B*"))) == 2


def where_all_end(office: Office) -> dict[str, tuple[str, str]]:
    """The state and the money of the claim that each packet was taken in as."""
    with office.sessions.read_only() as session:
        rows = session.execute(
            select(Packet, Claim.state, Decision.amount)
            .join(Claim, Claim.id == Packet.claim_id)
            .outerjoin(Decision, (Decision.claim_id == Claim.id) & Decision.superseded_at.is_(None))
        )
        return {
            packet_name(office.keys, packet).decode(): (state, yuan(amount) if amount else "")
            for packet, state, amount in rows
        }


def is_of_its_own(truth: dict[str, Any]) -> bool:
    """Not so a packet that came twice; and the one objected to ends as its objection does."""
    is_duplicate = bool(truth["expected"]["outcome"] == "duplicate")
    return not is_duplicate and truth["packet"] != OBJECTED


def wanted_end(truth: dict[str, Any]) -> tuple[str, str]:
    """Where the demonstration brings the packet."""
    word, _, amount = truth["expected"]["ends"].partition(" ")
    if truth["packet"] in LEFT_FOR_THE_SUPERVISOR:
        return "proposed", amount
    return {"check": "in_question"}.get(word, word), amount


@contextmanager
def office_on(data: Path) -> Iterator[Office]:
    """The office whose data this is, on the servers that the program would start for it."""
    made = secrets.ensure(data)
    keys = KeyRing.from_text(made["HUZHU_KEYS"], made["HUZHU_INDEX_KEY"])
    settings = Settings(data=data)
    with embedded.running(data) as addresses:
        migrations.upgrade(addresses.owner_url)
        # The owner: a test takes away what the program never does.
        sessions = Sessions(addresses.owner_url)
        yield Office(settings, sessions, store_of(settings, keys), keys, utc_now)
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
    told = (f"truth/{name.partition('.')[0]}.json" for name in FEW)
    for part in (*rosters, *told, *(f"packets/{name}" for name in FEW)):
        (folder / part).symlink_to(SAMPLES / part)
    return folder


def assert_all_is_where_its_truth_says(
    data: Path, output: str, truths: list[dict[str, Any]], unsure: Collection[str] = ()
) -> None:
    """A photo that the reader is unsure of may wait for a person."""
    assert not (data / "postgres" / "postmaster.pid").exists()
    assert not (data / "servers.json").exists()
    batches = list((data / "out").glob("B*/*"))
    for path in batches:
        if path.name.startswith("样稿"):
            with pytest.raises(BadInput):
                formats.read("ccb-list", path.read_bytes())
        else:
            assert formats.read("ccb-list", path.read_bytes())
    letters = list((data / "out" / "letters").glob("*.docx"))
    assert letters
    for letter in letters:
        assert Document(str(letter)).paragraphs
    assert list((data / "inbox").iterdir()) == []
    assert not list((data / "spool").glob("*"))
    with office_on(data) as office:
        found = where_all_end(office)
        with office.sessions.read_only() as session:
            away = session.scalars(select(Packet.id).filter_by(state=PacketState.AWAY)).all()
        assert len(away) == len(truths)
        with office.sessions.read_only() as session:
            assert {each.code for each in check(session, office) if each.violations} == set()
    for name in [name for name in found if samples.late_name("") in name]:
        found[LATE] = found.pop(name)
    wanted = {each["packet"]: wanted_end(each) for each in truths if is_of_its_own(each)}
    ended = {name: end for name, end in found.items() if name in wanted}
    assert ended.keys() == wanted.keys()
    other = {name for name in wanted if ended[name] != wanted[name]}
    assert {name: ended[name] for name in other if name not in unsure} == {}
    assert {ended[name][0] for name in other} <= {"in_question"}
    shown = [line for line in output.splitlines() if "HZ2026" in line and "│" in line]
    assert len(shown) == len(wanted)
    assert not re.search(r"\d{17}[\dX]|Traceback", output)


def assert_what_came_back_is_paid_again(data: Path, output: str) -> None:
    """The bank sends a payment back, its member is told, two persons have it paid again, and the
    books balance."""
    with office_on(data) as office, office.sessions.unit_of_work() as session:
        claim = samples.claim_of(session, office, SENT_BACK)
        assert claim is not None
        payments = sorted(claim.payments, key=lambda payment: payment.id)
        assert [each.state for each in payments] == ["returned", "credited"]
        assert "return_notice" in {each.kind for each in claim.letters}
        found = prove_day(session, office, office.today())
        silent = {each.code for each in found.totals if not (each.count or each.amount)}
        assert silent == {"statement", "bank"}
        assert found.differences == []
    assert "借贷相抵 0.00 元，在途 0.00 元，退票待处理 0.00 元" in output
    assert re.search(r"当日核对 .*，差异 0 处", output)


def assert_one_id_joins_what_a_packet_caused(data: Path) -> None:
    """The packet that asks for a paper: from the drop folder over the reader to the letter."""
    with office_on(data) as office, office.sessions.read_only() as session:
        packets = session.scalars(select(Packet).where(Packet.claim_id.is_not(None)))
        [packet] = [each for each in packets if packet_name(office.keys, each) == UNREAD.encode()]
        letters = session.scalars(select(Letter.id).filter_by(claim_id=packet.claim_id))
        rows = {
            ("packet", packet.id),
            ("claim", packet.claim_id),
            *(("letter", n) for n in letters),
        }
        runs = [run for run in session.scalars(select(StepRun)) if is_done(run, rows)]
    assert {run.step for run in runs} == {"intake", "put_away", "read", "check", "write_letter"}
    [joined] = {run.correlation for run in runs}
    logs = {path.stem: path.read_text("utf-8") for path in (data / "log").iterdir()}
    assert {name for name, text in logs.items() if f'"{joined}"' in text} == {"worker", "reader"}


def is_done(run: StepRun, rows: set[tuple[str, int | None]]) -> bool:
    return (run.machine, run.subject_id) in rows and run.outcome == "done"


def assert_logs_are_objects_without_persons(data: Path, truths: list[dict[str, Any]]) -> None:
    """The database's own log, which stands beside them, is of its own form."""
    text = "".join((data / "log" / f"{name}.log").read_text("utf-8") for name in CHILDREN)
    lines = [line for line in text.splitlines() if not line.startswith("{")]
    assert set(lines) <= {"", "worker: Warm shutdown (MainProcess)"}  # what Celery prints itself
    lines = [line for line in text.splitlines() if line.startswith("{")]
    assert all({"at", "level", "log"} <= json.loads(line).keys() for line in lines)
    persons = {
        str(truth["fields"][name])
        for truth in truths
        for name in ("member_name", "id_number", "bank_card_number", "phone")
        if truth["fields"].get(name)
    }
    assert len(persons) > 20
    text += "".join(path.read_text("utf-8") for path in (data / "log").iterdir())
    assert [value for value in persons if value in text] == []


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
