"""An agent hands in what is dropped: a paper is in the folder or in the office, never lost, never
twice, on a network that drops every third request and with the agent killed at every step."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from console.app import build
from console.connections import TimedConnection
from models import Document, Packet, User
from models.people import Role
from settings import ROOT
from tests.agent.faulty_network import LOST, TORN, UNANSWERED, faulty_network
from tests.console.api.conftest import drawn
from tests.console.test_bytes_received import listening
from tests.desk import Desk
from tests.faults.packets import a_pdf
from workflows.people import api_tokens
from workflows.people.rights import Act

pytestmark = [pytest.mark.line, pytest.mark.timeout(300)]

STEPS = (
    "agent, before sending",
    "agent, after sending",
    "agent, before rename",
    "agent, after rename",
    "agent, before remove",
)


@dataclass
class OfficePc:
    """A machine with a folder and a token, and nothing else of the office."""

    desk: Desk
    port: int
    folder: Path
    token: Path
    user: User
    token_id: int

    def start(self, port: int = 0, **environment: str) -> "subprocess.Popen[str]":
        """The agent, on its own in an environment without any of the office's settings."""
        address = f"http://127.0.0.1:{port or self.port}"
        asked = [str(self.folder), "--office", address, "--token-file", str(self.token), "--once"]
        rests = ("QUIET", "FOLDER_QUIET", "LOOK")
        return subprocess.Popen(
            [sys.executable, "-m", "huzhu", "agent", *asked],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]}
            | {f"HUZHU_{name}_SECONDS": "0.05" for name in rests}
            | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, port: int = 0, **environment: str) -> tuple[int, str]:
        """How it ended, and what it said."""
        process = self.start(port, **environment)
        said, _nothing = process.communicate()
        return process.returncode, said

    def drop(self, name: str, *pages: str) -> None:
        """A file, or a folder of files, each a PDF of its own."""
        if not pages:
            (self.folder / name).write_bytes(a_pdf(name, 1))
            return
        (self.folder / name).mkdir()
        for page in pages:
            (self.folder / name / page).write_bytes(a_pdf(page, 1))

    def lying(self) -> list[str]:
        """What a person sees in the folder."""
        return sorted(path.name for path in self.folder.iterdir() if path.name[0] != ".")

    def taken_in(self) -> list[int]:
        """How many papers each packet brought, in ascending order, once all is worked off."""
        self.desk.work()
        with self.desk.office.sessions.read_only() as session:
            packets = session.scalars(select(Packet).order_by(Packet.id)).all()
            assert {each.sent_by for each in packets} <= {self.user.id}
            papers = session.scalars(select(Document.packet_id)).all()
        return sorted(papers.count(each.id) for each in packets)


@pytest.fixture
def pc(desk: Desk, tmp_path: Path) -> Iterator[OfficePc]:
    with office_pc(desk, tmp_path) as found:
        yield found


@contextmanager
def office_pc(desk: Desk, tmp_path: Path) -> Iterator[OfficePc]:
    user = desk.user(Role.CLERK)
    token_id, secret = drawn(desk, user, Act.HAND_IN)
    folder, token = tmp_path / "scans", tmp_path / "token"
    folder.mkdir()
    token.write_text(secret)
    with listening(build(desk.office), TimedConnection) as port:
        yield OfficePc(desk, port, folder, token, user, token_id)


def test_files_and_folders_are_handed_in_and_then_leave_the_folder(pc: OfficePc) -> None:
    pc.drop("张三.pdf")
    pc.drop("李四", "1.pdf", "2.pdf")
    (pc.folder / "Thumbs.db").write_bytes(b"x")
    assert pc.run()[0] == 0
    assert pc.lying() == ["Thumbs.db"]
    assert pc.taken_in() == [1, 2]


def test_on_a_network_that_drops_every_third_request_each_is_handed_in_once(pc: OfficePc) -> None:
    for number in range(9):
        pc.drop(f"{number}.pdf")
    with faulty_network(pc.port) as (port, dropped):
        assert pc.run(port)[0] == 0
    assert {LOST, TORN, UNANSWERED} <= set(dropped)
    assert pc.lying() == []
    assert pc.taken_in() == [1] * 9


@pytest.mark.parametrize("step", STEPS)
def test_an_agent_that_dies_at_any_step_loses_and_doubles_nothing(
    pc: OfficePc, tmp_path: Path, step: str
) -> None:
    die_in = tmp_path / "die"
    die_in.mkdir()
    (die_in / step).touch()
    pc.drop("a.pdf")
    pc.drop("b", "1.pdf", "2.pdf")
    assert pc.run(HUZHU_DIE_IN=str(die_in))[0] == 137
    assert pc.run()[0] == 0
    assert pc.lying() == []
    assert pc.taken_in() == [1, 2]


def test_the_steps_at_which_it_dies_are_all_there_are(pc: OfficePc, tmp_path: Path) -> None:
    pc.drop("a.pdf")
    assert pc.run(HUZHU_CRASH_POINTS=str(tmp_path / "passed"))[0] == 0
    assert (tmp_path / "passed").read_text().splitlines() == [*STEPS]


def test_killed_again_and_again_on_a_bad_network_it_hands_in_each_once(pc: OfficePc) -> None:
    for number in range(12):
        pc.drop(f"{number}.pdf")
    with faulty_network(pc.port) as (port, _dropped):
        for _kill in range(6):
            before = len(pc.lying())
            process = pc.start(port)
            while len(pc.lying()) == before and process.poll() is None:
                time.sleep(0.01)
            process.kill()
            process.communicate()
        assert pc.run(port)[0] == 0
    assert pc.lying() == []
    assert pc.taken_in() == [1] * 12


def test_what_the_office_does_not_take_stays_and_the_folder_says_why(pc: OfficePc) -> None:
    (pc.folder / "空.pdf").symlink_to("nowhere")
    pc.drop("好.pdf")
    code, said = pc.run()
    assert (code, "空.pdf" in said) == (1, True)
    assert pc.lying() == ["互助收件情况.txt", "空.pdf"]
    assert "空.pdf" in (pc.folder / "互助收件情况.txt").read_text("utf-8-sig")
    assert pc.taken_in() == [1]


def test_with_a_token_that_was_ended_nothing_is_taken_and_nothing_is_lost(pc: OfficePc) -> None:
    security = pc.desk.user(Role.SECURITY_ADMIN)
    with pc.desk.office.sessions.unit_of_work() as session:
        api_tokens.end_token(session, pc.desk.office, security, pc.token_id)
    pc.drop("a.pdf")
    process = pc.start()
    assert process.stdout is not None
    assert "令牌" in process.stdout.readline()
    process.kill()
    process.communicate()
    assert pc.lying() == ["a.pdf"]
    assert pc.taken_in() == []


@pytest.mark.parametrize("address", ["http://office.example.cn", "ftp://127.0.0.1", "office"])
def test_a_token_goes_over_https_alone(pc: OfficePc, address: str) -> None:
    asked = [str(pc.folder), "--office", address, "--token-file", str(pc.token), "--once"]
    done = subprocess.run(
        [sys.executable, "-m", "huzhu", "agent", *asked],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "https://" in done.stderr
    assert pc.token.read_text() not in done.stderr
