"""Real workers die at every instant that matters, messages come twice, and nothing changes."""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select, true

from models import Claim, Decision, Letter, Packet, Payment
from models.machines.claims import CLAIM, LETTER, PACKET
from models.people import Role
from models.states import ClaimState
from tests.desk import Desk, a_stay, number_of, promises_hold
from tests.faults.crew import WORKER, Crew, crew, until
from tests.faults.own_broker import own_broker
from tests.faults.packets import a_packet, a_pdf, drop
from tests.returned import returned
from workflows import failures
from workflows.claims.approving import approval, approval_queue
from workflows.engine.steps import Slow, Step
from workflows.pipeline import STEPS
from workflows.sweep import LOST

pytestmark = [pytest.mark.line, pytest.mark.timeout(600)]

SIDES = ("before", "after")
# Adjudication commits with the check before it; alone it runs where that transaction has failed.
OF_CLAIMS = [s for s in STEPS if s.row in (Claim, Letter, Packet) and s.name != "adjudicate"]
AFTER_A_RETURN = [s for s in OF_CLAIMS if s.name == "read_new_papers"]
OF_EVERY_CLAIM = [s for s in OF_CLAIMS if s not in AFTER_A_RETURN]
RUNG_BY_PEOPLE = {"prepare_payment"}
NOT_EVERY_TIME = {f"failure noted, {side} commit" for side in SIDES}


def crash_points() -> set[str]:
    """What is passed in the life of every claim, each to be survived once."""
    commits = {"look", "sweep", "intake extended", "page saved", "read extended"}
    return (
        {f"{act}, {side} commit" for act in commits for side in SIDES}
        | points_of(OF_EVERY_CLAIM)
        | {f"put_away, {side} rename" for side in SIDES}
        | {"stored, before fsync", "stored, before rename", "stored, after rename"}
    )


def points_of(steps: Sequence[Step]) -> set[str]:
    """What is passed by these steps: their commits, and the publishing of their bells."""
    commits = set[str]()
    for step in steps:
        slow = {f"{step.name} taken", f"{step.name} recorded"}
        commits |= slow if isinstance(step, Slow) else {step.name}
    rings = {f"{step.name} rung" for step in steps if step.name not in RUNG_BY_PEOPLE}
    return {f"{act}, {side} commit" for act in commits for side in SIDES} | {
        f"{ring}, {side} publish" for ring in rings for side in SIDES
    }


@pytest.fixture
def real(desk: Desk) -> Desk:
    """The desk on real time, since the workers use it too."""
    desk.clock.now = datetime.now(UTC)
    return desk


def at_rest(desk: Desk) -> bool:
    """Every packet, claim and letter is at rest."""
    with desk.office.sessions.read_only() as session:
        busy = [
            session.scalar(
                select(func.count()).where(
                    row.state.in_(machine.automatic), row.parked_at.is_(None)
                )
            )
            for row, machine in ((Claim, CLAIM), (Letter, LETTER), (Packet, PACKET))
        ]
        noticed = session.scalar(select(func.count()).where(Packet.state == "noticed"))
    return not any(busy) and not noticed and not dropped(desk)


def dropped(desk: Desk) -> bool:
    """Whether the drop folder holds a file that was not put away yet."""
    folder = desk.office.settings.inbox_folder
    return folder.exists() and any(path.is_file() for path in folder.iterdir())


@dataclass
class Patience:
    """Waits for rest. What a dead process held runs out by the clock, which is then moved on.

    A dead holder looks like a slow one, so a slow one may be overtaken as well.
    """

    desk: Desk
    hands: Crew
    deaths: Callable[[], int] = lambda: 0
    seconds: float = 30
    mourned: int = 0
    since: float = field(default_factory=time.monotonic)

    def wait(self, when: str) -> None:
        self.since = time.monotonic()
        until(self._at_rest, f"everything at rest {when}")

    def _at_rest(self) -> bool:
        died, now = self.deaths(), self.hands.now()
        due = self._due()
        all_wait = bool(due) and min(due) > now + timedelta(seconds=1)
        if all_wait and (died > self.mourned or time.monotonic() - self.since > self.seconds):
            self.hands.move_clock((max(due) - now).total_seconds())
            self.mourned, self.since = died, time.monotonic()
        # First, since a file stays in the drop folder while its packet is parked.
        sent_on = self._lost_sent_on()
        return at_rest(self.desk) and not sent_on

    def _due(self) -> list[datetime]:
        """When the sweep comes to each row that is not at rest."""
        due: list[datetime] = []
        with self.desk.office.sessions.read_only() as session:
            for row in (Claim, Letter, Packet):
                due += (at for at in session.scalars(select(row.due_at)) if at is not None)
        return due

    def _lost_sent_on(self) -> int:
        """A row in whose hands too many processes died is parked; a clerk sends it on."""
        self.desk.clock.now = self.hands.now()
        sent_on = 0
        with self.desk.office.sessions.unit_of_work() as session:
            for failure in failures.failures(session):
                assert failure.cause == LOST
                clerk = self.desk.user(Role.CLERK)
                which = failure.machine, failure.step, failure.cause
                sent_on += failures.retry_all(session, self.desk.office, clerk, *which)
        return sent_on


def drop_claim(desk: Desk, name: str) -> None:
    """Put the papers of a clean stay of a new member into the drop folder."""
    with desk.office.sessions.unit_of_work() as session:
        data = a_packet(session, desk.office, name, a_stay(desk.member()))
    drop(desk.office, f"{name}.pdf", data)


def drop_unread(desk: Desk, name: str) -> None:
    """Put four pages into the drop folder that were not read yet."""
    drop(desk.office, f"unread-{name}.pdf", a_pdf(f"unread {name}", 4))


def approve_all(desk: Desk, hands: Crew) -> None:
    desk.clock.now = hands.now()
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, desk.user(Role.SUPERVISOR), items, items)


def as_without_faults(desk: Desk, count: int) -> None:
    """Each of so many clean claims has one decision, one payment of the right sum, one notice."""
    with desk.office.sessions.read_only() as session:
        claims = session.scalars(select(Claim.id).where(Claim.state == "payable")).all()
        assert len(claims) == count
        notice = Letter.kind == "payment_notice"
        for row, only in ((Decision, true()), (Payment, true()), (Letter, notice)):
            counts = session.execute(
                select(row.claim_id, func.count())
                .where(row.claim_id.in_(claims), only)
                .group_by(row.claim_id)
            )
            assert dict(counts.all()) == dict.fromkeys(claims, 1), row
        sums = session.scalars(select(Payment.amount).where(Payment.claim_id.in_(claims)))
        assert set(sums) == {60000}


def test_the_crash_points_that_are_survived_are_all_there_are(real: Desk, tmp_path: Path) -> None:
    written = tmp_path / "crash_points"
    with crew(real.office.settings, tmp_path, HUZHU_CRASH_POINTS=str(written)) as hands:
        drop_claim(real, "one")
        drop_unread(real, "one")
        until(lambda: at_rest(real), "everything at rest after the drop")
        approve_all(real, hands)
        # Its bell is rung in this process, to no worker; the sweep rings instead.
        until(lambda: at_rest(real), "everything at rest after approval")
    passed = set(written.read_text().splitlines()) - NOT_EVERY_TIME
    swept = {f"{step} rung, {side} publish" for step in RUNG_BY_PEOPLE for side in SIDES}
    assert passed - swept == crash_points()


def test_a_worker_that_dies_at_any_instant_loses_and_doubles_nothing(
    real: Desk, tmp_path: Path
) -> None:
    die_in = tmp_path / "die"
    die_in.mkdir()
    for name in crash_points():
        (die_in / name).touch()
    count, all_of_them = 0, len(crash_points())
    with crew(real.office.settings, tmp_path, HUZHU_DIE_IN=str(die_in)) as hands:
        patience = Patience(real, hands, lambda: all_of_them - len(list(die_in.iterdir())))
        # New work brings new chances, until the last instant has been passed.
        while left := sorted(path.name for path in die_in.iterdir()):
            assert count < 40, f"never passed: {left}"
            for _ in range(5):
                count += 1
                drop_claim(real, str(count))
            if any(name.startswith(("page saved", "read ")) for name in left):
                drop_unread(real, str(count))
            patience.wait(f"after {count} claims")
            approve_all(real, hands)
            patience.wait(f"after approval of {count} claims")
        assert hands.processes["worker"].poll() is None
    as_without_faults(real, count)
    assert list(real.office.settings.inbox_folder.iterdir()) == []
    promises_hold(real)


def test_papers_after_a_return_are_read_once_whenever_the_worker_dies(
    real: Desk, tmp_path: Path
) -> None:
    person = real.member()
    claim_id = returned(real, person)
    number, die_in, papers = number_of(real, claim_id), tmp_path / "die", 0
    die_in.mkdir()
    for name in points_of(AFTER_A_RETURN):
        (die_in / name).touch()
    count = len(points_of(AFTER_A_RETURN))
    with crew(real.office.settings, tmp_path, HUZHU_DIE_IN=str(die_in)) as hands:
        patience = Patience(real, hands, lambda: count - len(list(die_in.iterdir())))
        while left := sorted(path.name for path in die_in.iterdir()):
            assert papers < 20, f"never passed: {left}"
            papers += 1
            name = f"{number} {papers}.pdf"
            drop(real.office, name, a_pdf(name, 2))
            patience.wait(f"after {papers} papers")
    assert real.state_of(claim_id) == ClaimState.RETURNED
    with real.at(claim_id) as (_session, claim):
        new = claim.documents[-papers:]
        assert [[page.number for page in document.pages] for document in new] == [[1, 2]] * papers
    promises_hold(real)


def test_every_message_twice_out_of_order_and_forged_ones_change_nothing(
    real: Desk, tmp_path: Path
) -> None:
    claims = [real.claim(real.member()) for _ in range(12)]
    real.bells.clear()
    broker = own_broker(real.office.settings)
    chance = random.Random(7)
    with crew(real.office.settings, tmp_path) as hands:
        for _ in range(6):
            messages = [(s.name, s.queue, id_) for s in STEPS for id_ in [*claims, 0, -5, 10**12]]
            chance.shuffle(messages)
            for name, queue, id_ in messages:
                broker.send_task(name, args=[id_], queue=queue)
        broker.send_task("no_such_task", args=[1], queue="claims")
        broker.send_task("read", args=["'; DROP TABLE claim; --"], queue="reading")
        broker.send_task("read", args=[1, 2, 3], queue="reading")
        patience = Patience(real, hands)
        patience.wait("after the messages")
        approve_all(real, hands)
        patience.wait("after approval")
    as_without_faults(real, len(claims))
    promises_hold(real)


def test_workers_killed_at_random_moments_finish_what_they_began(
    real: Desk, tmp_path: Path
) -> None:
    chance = random.Random(11)
    claims = [real.claim(real.member()) for _ in range(20)]
    real.bells.clear()
    with crew(real.office.settings, tmp_path) as hands:
        for _ in range(6):
            time.sleep(chance.uniform(0.2, 2.5))
            kill_one(hands, chance)
        patience = Patience(real, hands, lambda: 1)
        patience.wait("after the kills")
        approve_all(real, hands)
        kill_one(hands, chance)
        patience.deaths = lambda: 2
        patience.wait("after approval")
    as_without_faults(real, len(claims))
    promises_hold(real)


def kill_one(hands: Crew, chance: random.Random) -> None:
    """SIGKILL a process of the pool, or the whole worker, which is then started again."""
    worker = psutil.Process(hands.processes["worker"].pid)
    pool = worker.children(recursive=True)
    if pool and chance.random() < 0.7:
        chance.choice(pool).send_signal(signal.SIGKILL)
    else:
        hands.kill("worker")
        hands.start("worker", WORKER)
