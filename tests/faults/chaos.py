"""The office at work while everything around it breaks: python -m tests.faults.chaos --claims 300.

Two workers and two beats do what is unattended, this process what people do. Meanwhile workers
and beats are killed, PostgreSQL is restarted in immediate mode, Valkey is emptied and stopped, the
disk is full for the workers, their clock jumps, and every message is sent twice, out of order. In
the end each claim must be where it ends without faults, and every promise must hold.
"""

import argparse
import random
import resource
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from banking import simulator
from models import Batch, Packet, Payment, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, HandClock, release_as_shown
from tests.faults.breakable_servers import BreakableServers, breakable_servers, new_office
from tests.faults.crew import BEAT, WORKER, Crew, crew
from tests.faults.keeping import Keeping
from tests.faults.packets import drop
from tests.faults.stories import Story, count, not_ended, stories
from workflows import failures
from workflows.claims.approving import approval, approval_queue
from workflows.claims.paying import bank_reply, batches, payment_files
from workflows.engine.office import Office, open_office
from workflows.proof import prove
from workflows.sealed_values.claims import payee_of

FORM = "ccb-list"
RETURNED = "3031"
LONGEST = 900.0
FAULTS = 11

# A cause that a person may send on: it lay in the surroundings. Anything else is a bug.
PASSING = (
    *("OperationalError", "AdminShutdown", "CrashShutdown", "CannotConnectNow", "Transient"),
    *("OSError", "ConnectionTimeout", "DeadlockDetected", "多次响铃"),
)


@dataclass
class Chaos:
    """One run: the servers, the crew, the people, and the faults, all by one seed."""

    servers: BreakableServers
    hands: Crew
    desk: Desk
    chance: random.Random
    fate: random.Random
    done: Counter[str] = field(default_factory=Counter)
    sent_on: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    # What breaks

    def breaking(self) -> None:
        """One fault after the other until it is over; at the end every server runs again."""
        faults = (
            self.kill_in_the_pool,
            self.kill_a_worker,
            self.kill_a_beat,
            # Three times, so that it comes every few seconds.
            *(self.servers.restart_postgres,) * 3,
            self.servers.flush_valkey,
            self.valkey_away,
            self.disk_full,
            self.clock_jumps,
            self.shuffle_messages,
        )
        assert len(faults) == FAULTS
        left: list[Callable[[], None]] = []
        while not self.over.wait(self.fate.uniform(0.3, 2.0)):
            # Every fault has its turn before one comes again.
            left = left or self.fate.sample(faults, len(faults))
            fault = left.pop()
            try:
                fault()
            except redis.ConnectionError:
                continue  # Valkey is just coming back; another time
            self.done[fault.__name__] += 1
            self.start_what_died()

    def start_what_died(self) -> None:
        for name, process in list(self.hands.processes.items()):
            if process.poll() is not None:
                self.hands.start(name, WORKER if name.startswith("worker") else BEAT)

    def kill_in_the_pool(self) -> None:
        with suppress(psutil.Error):
            worker = psutil.Process(self._one_of("worker"))
            if pool := worker.children(recursive=True):
                self.fate.choice(pool).kill()

    def kill_a_worker(self) -> None:
        self.hands.kill(self.fate.choice(["worker", "worker2"]))

    def kill_a_beat(self) -> None:
        self.hands.kill(self.fate.choice(["beat", "beat2"]))

    def valkey_away(self) -> None:
        """People go on working while no bell can be rung; their acts are kept."""
        self.servers.stop_valkey()
        self.over.wait(self.fate.uniform(0.5, 2.0))
        self.servers.start_valkey()

    def disk_full(self) -> None:
        """No process of the workers can write to any file; their logs go through pipes."""
        self._limit_files(0)
        self.over.wait(self.fate.uniform(0.5, 2.0))
        self._limit_files(resource.RLIM_INFINITY)

    def _limit_files(self, size: int) -> None:
        for name in ("worker", "worker2"):
            with suppress(psutil.Error):
                worker = psutil.Process(self.hands.processes[name].pid)
                for process in (worker, *worker.children(recursive=True)):
                    # One that is shut in to open a file writes none, and lets nobody limit it.
                    with suppress(ProcessLookupError, PermissionError):
                        hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)[1]
                        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def clock_jumps(self) -> None:
        self.hands.move_clock(self.fate.choice([-120, -30, 45, 300]))

    def shuffle_messages(self) -> None:
        client = self.servers.client()
        for queue in ("intake", "claims", "letters", "reading"):
            messages = client.lrange(queue, 0, -1)
            if messages:
                self.fate.shuffle(messages)
                with client.pipeline() as at_once:
                    at_once.delete(queue)
                    at_once.rpush(queue, *messages)
                    at_once.execute()

    def _one_of(self, kind: str) -> int:
        names = [name for name in self.hands.processes if name.startswith(kind)]
        return self.hands.processes[self.fate.choice(names)].pid

    # What people do

    def insist(self, act: Callable[[Session], None]) -> None:
        """Do an act as a person does: if it fails, look again and do what is left."""
        while True:
            try:
                self.desk.clock.now = self.hands.now()
                with suppress(Refused), self.desk.office.sessions.unit_of_work() as session:
                    act(session)
                return
            except DBAPIError:
                time.sleep(0.2)

    def people(self, supervisor: User, cashiers: list[User], told: list[Story]) -> None:
        """Approve, freeze, release and load the bank's replies: all that can be done now."""
        office = self.desk.office
        self.insist(lambda session: _approve(session, office, supervisor))
        self.insist(lambda session: _ignore(batches.freeze(session, office, cashiers[0])))
        for batch_id in self._batches("frozen"):
            self.insist(
                lambda session, id_=batch_id: release_as_shown(  # type: ignore[misc]
                    session, office, cashiers[1], session.get_one(Batch, id_)
                )
            )
        for batch_id in self._batches("released"):
            self.insist(
                lambda session, id_=batch_id: self._reply(  # type: ignore[misc]
                    session, cashiers[0], session.get_one(Batch, id_), told
                )
            )

    def _batches(self, state: str) -> list[int]:
        found: list[int] = []

        def look(session: Session) -> None:
            found.extend(session.scalars(select(Batch.id).filter_by(state=state)))

        self.insist(look)
        return found

    def _reply(self, session: Session, cashier: User, batch: Batch, told: list[Story]) -> None:
        office = self.desk.office
        if not session.scalar(select(Payment.id).filter_by(batch_id=batch.id, state="sent")):
            return
        file = payment_files.write_file(session, office, cashier, batch).content
        refuses = {story.person.card for story in told if story.kind == "returned"}
        cards = {payee_of(office.keys, payment).account for payment in batch.payments}
        results = dict.fromkeys(refuses & cards, RETURNED)
        content = simulator.answer(file, FORM, results, (), office.clock())
        bank_reply.load_reply(session, office, cashier, batch, content)

    def send_on(self, clerk: User) -> None:
        """Retry everything on the failed list, and count the causes."""

        def act(session: Session) -> None:
            for failure in failures.failures(session):
                which = failure.machine, failure.step, failure.cause
                sent_on = failures.retry_all(session, self.desk.office, clerk, *which)
                self.sent_on[failure.cause] += sent_on

        self.insist(act)


def _approve(session: Session, office: Office, supervisor: User) -> None:
    items = approval_queue.queue(session, office)
    approval.approve(session, office, supervisor, items, items)


def _ignore(result: object) -> None:
    """Drop the result of an act."""


def run(claims: int, seed: int, calm: bool, restores: int, folder: Path) -> list[str]:
    """Play one run; a sentence for each thing that is wrong at its end, or at so many instants of
    it, to which a backup leads back."""
    with breakable_servers(folder) as servers:
        settings = new_office(servers, folder)
        from workers.app import ring

        clock = HandClock()
        desk = Desk(open_office(settings, servers.database_url, ring, clock), clock)
        desk.settle_in()
        with crew(settings, folder, HUZHU_TWICE="1") as hands:
            clock.now = hands.now()
            chance, fate = random.Random(seed), random.Random(seed + 1)
            kept = Keeping(servers, settings, folder) if restores else None
            wrong = _played(Chaos(servers, hands, desk, chance, fate), claims, calm)
            return wrong + (kept.wrong_at(restores, fate) if kept else [])


def _played(chaos: Chaos, claims: int, calm: bool) -> list[str]:
    desk, hands = chaos.desk, chaos.hands
    told = stories(desk, chaos.chance, claims)
    supervisor, clerk = desk.user(Role.SUPERVISOR), desk.user(Role.CLERK)
    cashiers = [desk.user(Role.CASHIER) for _ in range(2)]
    hands.start("worker2", WORKER)
    hands.start("beat2", BEAT)
    breaking = threading.Thread(target=chaos.breaking, daemon=True)
    if not calm:
        breaking.start()
    files = [file for story in told for file in story.files]
    chaos.chance.shuffle(files)
    began = time.monotonic()
    while files and time.monotonic() - began < LONGEST:
        for name, data in [files.pop() for _ in range(min(10, len(files)))]:
            drop(desk.office, name, data)
        time.sleep(chaos.chance.uniform(0.5, 2.0))
        chaos.people(supervisor, cashiers, told)
    print(f"all dropped after {time.monotonic() - began:.0f} s", file=sys.stderr)
    # Every fault twice at least, while there is something on every stage; then they end.
    enough = max(2 * FAULTS, len(told) // 2)
    while not calm and sum(chaos.done.values()) < enough and breaking.is_alive():
        time.sleep(0.5)
        chaos.people(supervisor, cashiers, told)
    chaos.over.set()
    if not calm:
        breaking.join()
        if sum(chaos.done.values()) < enough:
            return ["the faults came to an end before their time"]
    chaos.start_what_died()
    late = _waited(chaos, told, lambda: chaos.people(supervisor, cashiers, told), clerk)
    seconds = time.monotonic() - began
    print(f"{len(told)} stories {dict(count(told))} in {seconds:.0f} s", file=sys.stderr)
    print(f"faults: {dict(chaos.done)}", file=sys.stderr)
    print(f"sent on by hand: {dict(chaos.sent_on)}", file=sys.stderr)
    bugs = [cause for cause in chaos.sent_on if not cause.startswith(PASSING)]
    return late + [f"not a passing cause: {cause}" for cause in bugs] + _broken(chaos)


def _waited(chaos: Chaos, told: list[Story], people: Callable[[], None], clerk: User) -> list[str]:
    """Wait until each story has ended, letting what back-offs and dead leases hold run out."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        people()
        chaos.send_on(clerk)
        late = list(not_ended(told, chaos.desk.office))
        if not late and not _noticed(chaos):
            return []
        time.sleep(1)
        chaos.hands.move_clock(20)
    return [f"{story.kind} {story.files[0][0]}: {ends}" for story, ends in late]


def _noticed(chaos: Chaos) -> bool:
    """Whether a packet is still on its way."""
    with chaos.desk.office.sessions.read_only() as session:
        busy = Packet.state.in_(("noticed", "settled", "stored"))
        return session.scalar(select(Packet.id).where(busy).limit(1)) is not None


def _broken(chaos: Chaos) -> list[str]:
    with chaos.desk.office.sessions.read_only() as session:
        found = list(prove(session, chaos.desk.office))
    return [f"{one.code}: {words}" for one in found for words in one.violations]


def main() -> int:
    """Play one run as the command line asks; 1 if any claim ended in the wrong place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", action="store_true", help="the same without faults")
    parser.add_argument("--restores", type=int, default=0, help="instants to bring back")
    wishes = parser.parse_args()
    # A run that is ended also ends its servers and processes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="huzhu-chaos-") as folder:
        wrong = run(wishes.claims, wishes.seed, wishes.calm, wishes.restores, Path(folder))
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    print(f"seed {wishes.seed}: {'every claim is where it should be' if not wrong else 'WRONG'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
