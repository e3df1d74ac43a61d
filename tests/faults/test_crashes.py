"""Real workers die at every instant that matters, messages come twice, and nothing changes."""

import random
import signal
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from celery import Celery
from PIL import Image
from sqlalchemy import func, select

from models import Claim, Decision, Letter, Packet, Payment
from models.people import Role
from models.states import CLAIM, LETTER, PACKET
from tests.desk import Desk
from tests.faults.crew import QUICK, Crew, crew, until
from workflows import approval
from workflows.engine import Slow
from workflows.pipeline import STEPS
from workflows.proof import prove

pytestmark = pytest.mark.line

SIDES = ("before", "after")


def instants() -> set[str]:
    """What is passed in the life of every claim, each to be survived once."""
    commits = {"look", "sweep", "intake extended"}
    for step in STEPS:
        slow = {f"{step.name} taken", f"{step.name} recorded"}
        commits |= slow if isinstance(step, Slow) else {step.name}
    rings = {f"{step.name} rung" for step in STEPS if step.name not in RUNG_BY_PEOPLE}
    return (
        {f"{act}, {side} commit" for act in commits for side in SIDES}
        | {f"{ring}, {side} publish" for ring in rings for side in SIDES}
        | {f"put_away, {side} rename" for side in SIDES}
        | {"stored, before fsync", "stored, before rename", "stored, after rename"}
    )


RUNG_BY_PEOPLE = {"prepare_payment"}


@pytest.fixture
def real(desk: Desk) -> Desk:
    """The desk on the clock on the wall, since the workers use it too."""
    desk.clock.now = datetime.now(UTC)
    return desk


def settled(desk: Desk) -> bool:
    """Every packet, claim and letter is at rest."""
    with desk.office.sessions.look() as session:
        busy = [
            session.scalar(
                select(func.count()).where(
                    row.state.in_(machine.automatic), row.parked_at.is_(None)
                )
            )
            for row, machine in ((Claim, CLAIM), (Letter, LETTER), (Packet, PACKET))
        ]
        noticed = session.scalar(select(func.count()).where(Packet.state == "noticed"))
    return not any(busy) and not noticed


def drop(desk: Desk, number: int) -> None:
    """Put a packet of one made-up picture into the drop folder."""
    folder = desk.office.settings.inbox_folder
    folder.mkdir(parents=True, exist_ok=True)
    picture = Image.effect_noise((60, 60), 10 + number)
    picture.save(folder / f"{number}.png.part", "PNG")
    (folder / f"{number}.png.part").rename(folder / f"{number}.png")


def approve_all(desk: Desk) -> None:
    desk.clock.now = datetime.now(UTC)
    with desk.office.sessions.unit_of_work() as session:
        items = approval.queue(session)
        approval.approve(session, desk.office, desk.user(Role.SUPERVISOR), items)


def proven(desk: Desk) -> None:
    with desk.office.sessions.look() as session:
        broken = [invariant for invariant in prove(session, desk.office) if invariant.violations]
    assert broken == []


def as_without_faults(desk: Desk, claims: list[int]) -> None:
    """Each claim has one decision, one payment of the right sum and one letter."""
    with desk.office.sessions.look() as session:
        states = Counter(session.scalars(select(Claim.state).where(Claim.id.in_(claims))))
        assert states == {"payable": len(claims)}
        for row in (Decision, Payment, Letter):
            counts = session.execute(
                select(row.claim_id, func.count())
                .where(row.claim_id.in_(claims))
                .group_by(row.claim_id)
            )
            assert dict(counts.all()) == dict.fromkeys(claims, 1), row
        sums = session.scalars(select(Payment.amount).where(Payment.claim_id.in_(claims)))
        assert set(sums) == {60000}


def test_a_worker_that_dies_at_any_instant_loses_and_doubles_nothing(
    real: Desk, tmp_path: Path
) -> None:
    die_in = tmp_path / "die"
    die_in.mkdir()
    for name in instants():
        (die_in / name).touch()
    claims = [real.claim(real.member()) for _ in range(6)]
    real.bells.clear()
    with crew(real.office.settings, tmp_path, HUZHU_DIE_IN=str(die_in)) as hands:
        for number in range(4):
            drop(real, number)
        until(lambda: settled(real), "everything at rest")
        approve_all(real)
        until(lambda: settled(real), "everything at rest after approval")
        # Ring until the last instants have been passed too: new work brings new chances.
        more = 4
        while left := sorted(path.name for path in die_in.iterdir()):
            assert more < 40, f"never passed: {left}"
            drop(real, more)
            claims.append(real.claim(real.member()))
            real.bells.clear()
            more += 1
            until(lambda: settled(real), "everything at rest")
            approve_all(real)
            until(lambda: settled(real), "everything at rest after approval")
        assert hands.processes["worker"].poll() is None
    as_without_faults(real, claims)
    with real.office.sessions.look() as session:
        outcomes = Counter(session.scalars(select(Packet.outcome).where(Packet.folder == "inbox")))
    assert outcomes["taken"] == more
    taken = real.office.settings.inbox_folder / "taken"
    assert len(list(taken.iterdir())) == more
    proven(real)


def test_every_message_twice_out_of_order_and_forged_ones_change_nothing(
    real: Desk, tmp_path: Path
) -> None:
    claims = [real.claim(real.member()) for _ in range(12)]
    real.bells.clear()
    broker = Celery(broker=real.office.settings.redis_url)
    chance = random.Random(7)
    with crew(real.office.settings, tmp_path):
        for _ in range(6):
            messages = [(s.name, s.queue, id_) for s in STEPS for id_ in [*claims, 0, -5, 10**12]]
            chance.shuffle(messages)
            for name, queue, id_ in messages:
                broker.send_task(name, args=[id_], queue=queue)
        broker.send_task("no_such_task", args=[1], queue="claims")
        broker.send_task("read", args=["'; DROP TABLE claim; --"], queue="reading")
        broker.send_task("read", args=[1, 2, 3], queue="reading")
        until(lambda: settled(real), "everything at rest")
        approve_all(real)
        until(lambda: settled(real), "everything at rest after approval")
    as_without_faults(real, claims)
    proven(real)


def test_workers_killed_at_random_moments_finish_what_they_began(
    real: Desk, tmp_path: Path
) -> None:
    chance = random.Random(11)
    claims = [real.claim(real.member()) for _ in range(20)]
    real.bells.clear()
    with crew(real.office.settings, tmp_path) as hands:
        for _ in range(6):
            _pause(chance)
            _kill_one(hands, chance)
        until(lambda: settled(real), "everything at rest")
        approve_all(real)
        _kill_one(hands, chance)
        until(lambda: settled(real), "everything at rest after approval")
    as_without_faults(real, claims)
    proven(real)


def _pause(chance: random.Random) -> None:
    time.sleep(chance.uniform(0.2, 2.5))


def _kill_one(hands: Crew, chance: random.Random) -> None:
    """SIGKILL a process of the pool, or the whole worker, which is then started again."""
    worker = psutil.Process(hands.processes["worker"].pid)
    pool = worker.children(recursive=True)
    if pool and chance.random() < 0.7:
        chance.choice(pool).send_signal(signal.SIGKILL)
    else:
        hands.kill("worker")
        hands.start("worker", QUICK)
