"""A thousand packets at once on one worker: python -m tests.faults.long_queue --packets 1000.

The grace is the shortest. While the queue of intake is long, claims whose bell was lost are made
now and then; the sweep has to ring for each in its time. None of the packets may end on the failed
list: they only waited.
"""

import argparse
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from documents.kinds import Kind
from models import Claim, Packet
from models.states import PacketState
from tests.desk import Desk, HandClock, a_stay
from tests.faults.breakable_servers import breakable_servers, new_office
from tests.faults.crew import Crew, crew
from tests.faults.packets import a_packet, drop
from workflows.engine.office import open_office

BETWEEN = 5.0
"""Seconds between two claims whose bell is lost."""
IN_TIME = 60.0
"""Seconds in which the sweep must have rung for such a claim, and a letter of it is asked for."""
STANDS = 900.0
"""Seconds in which at least one packet must move on; else the run ends and names those that wait.
A lease, or the longest wait between two rings, is shorter."""
WAITING = (PacketState.NOTICED, PacketState.SETTLED, PacketState.STORED)
_WAITS = Packet.state.in_(WAITING) & Packet.parked_at.is_(None)


@dataclass
class Trial:
    """One run, and how long the claims with a lost bell took, in seconds."""

    desk: Desk
    packets: int
    lost: dict[int, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    def drop_all(self) -> None:
        """Lay all packets into the folder, each of a member of its own."""
        people = [self.desk.member(name="张三") for _each in range(self.packets)]
        files = {}
        with self.desk.office.sessions.unit_of_work() as session:
            for number, person in enumerate(people):
                name = f"packet{number:04}.pdf"
                files[name] = a_packet(session, self.desk.office, name, a_stay(person))
        for name, data in files.items():
            drop(self.desk.office, name, data)

    def lose_a_bell(self) -> None:
        """A claim that was read and waits for its check, for which nobody has rung.

        The queue of the check is not that of the packets, nor that of the reader through which all
        of them go: it is short, so that what takes long is the sweep.
        """
        claim_id = self.desk.claim(self.desk.member(), without=(Kind.BANK_CARD,))
        self.desk.run_only("read", claim_id)
        self.desk.bells.clear()
        self.lost[claim_id] = time.monotonic()

    def note_found(self) -> None:
        """Note which of them went on."""
        with self.desk.office.sessions.read_only() as session:
            query = select(Claim.id).where(Claim.id.in_(self.lost), Claim.state == "incomplete")
            for claim_id in session.scalars(query):
                self.took.append(time.monotonic() - self.lost.pop(claim_id))

    def left(self) -> int:
        """How many packets have not been taken in and put away, or parked."""
        with self.desk.office.sessions.read_only() as session:
            query = select(func.count()).select_from(Packet)
            seen, waiting = session.scalar(query) or 0, session.scalar(query.where(_WAITS)) or 0
        return waiting + max(0, self.packets - seen)

    def what_stands(self) -> list[str]:
        """A sentence for each packet that still waits: where, and for which instant."""
        with self.desk.office.sessions.read_only() as session:
            return [
                f"packet {each.id} stands at {each.state}, {each.attempts} attempts, "
                f"due at {each.due_at}, held until {each.held_until}"
                for each in session.scalars(select(Packet).where(_WAITS).limit(20))
            ]

    def wrong(self) -> list[str]:
        """A sentence for each thing that must not be."""
        with self.desk.office.sessions.read_only() as session:
            parked = [
                session.scalar(
                    select(func.count()).select_from(row).where(row.parked_at.is_not(None))
                )
                for row in (Packet, Claim)
            ]
        late = sum(took > IN_TIME for took in self.took) + len(self.lost)
        return [
            *([f"{parked} packets and claims were parked"] if any(parked) else []),
            *([f"{late} claims with a lost bell were late"] if late else []),
        ]


def run(packets: int, folder: Path) -> list[str]:
    """Play one run; a sentence for each thing that is wrong."""
    with breakable_servers(folder) as servers:
        settings = new_office(servers, folder)
        clock = HandClock()
        desk = Desk(open_office(settings, servers.database_url, None, clock), clock)
        desk.settle_in()
        trial = Trial(desk, packets)
        trial.drop_all()
        with crew(settings, folder) as hands:
            began = time.monotonic()
            stands = _play(trial, clock, hands)
            seconds = time.monotonic() - began
        slowest = max(trial.took, default=0)
        print(f"{packets} packets in {seconds:.0f} s; {len(trial.took)} lost bells were answered,")
        print(f"the slowest after {slowest:.0f} s; {len(trial.lost)} still waited at the end")
        trial.lost = {i: at for i, at in trial.lost.items() if time.monotonic() - at > IN_TIME}
        return [*stands, *trial.wrong()]


def _play(trial: Trial, clock: HandClock, hands: Crew) -> list[str]:
    """Let the crew work until nothing is left, or nothing moves any more; what then stands."""
    moved_at, before = time.monotonic(), trial.packets + 1
    while left := trial.left():
        if left < before:
            moved_at, before = time.monotonic(), left
        elif time.monotonic() - moved_at > STANDS:
            return trial.what_stands()
        clock.now = hands.now()
        trial.lose_a_bell()
        time.sleep(BETWEEN)
        trial.note_found()
    return []


def main() -> int:
    """Play one run as the command line asks; 1 if anything was parked or late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packets", type=int, default=1000)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="huzhu-queue-") as folder:
        wrong = run(parser.parse_args().packets, Path(folder))
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
