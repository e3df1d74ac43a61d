"""Drops sound packets into the drop folder of the real line and measures how many need no hand.

Packets of stays in hospital are drawn as `samples.make` draws them, and their people stand on the
roster. PostgreSQL, the broker, beat, a worker and a reader run as they do in an office. A packet
goes straight through if its claim is proposed to the supervisor without an act of a person; what it
proposes must be what the notice grants for the true stay. Ends with 1 below the targets, or if any
sum is wrong.

python -m benchmarks.straight_through --packets 200
"""

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.office import COVERED, opened, tell_programs
from documents.rosters.roster_file import RosterRow
from models import Claim, Decision, Finding, Packet, Unit
from models.machines.claims import CLAIM
from models.states import ClaimState, PacketState
from rules.hospitals import shipped
from rules.illnesses import lists, suggested
from rules.money import Fen, yuan
from samples.case import Case
from samples.packet import Difficulty, SamplePacket, difficulty
from samples.packet_files import write
from samples.random_packets import random_packet
from servers import processes
from tests.desk import Desk
from workflows.enrolment.take_over import take_over
from workflows.sealed_values.files import packet_name

TARGETS: dict[Difficulty, float] = {"clean": 0.95, "phone": 0.70}
NEEDED = ("worker", "reader", "beat")
_FEN = 100
_RATE_HERE, _RATE_ELSEWHERE, _FLOOR, _DAYS = 50, 40, 100, 90


@dataclass(frozen=True)
class DroppedPacket:
    """A packet and where its claim has come to."""

    packet: SamplePacket
    state: str
    proposed: Fen | None
    seconds: float | None
    """From the moment it was dropped to the decision."""
    wants: tuple[str, ...]

    @property
    def difficulty(self) -> Difficulty:
        return difficulty([paper.handling for paper in self.packet.papers])

    @property
    def is_straight(self) -> bool:
        return self.state == ClaimState.PROPOSED

    @property
    def is_wrong(self) -> bool:
        return self.is_straight and self.proposed != owed(self.packet.case)


def owed(case: Case) -> Fen:
    """What the notice grants for a stay of a covered member (4.1.1 with R1 to R4), worked out apart
    from the rules."""
    stay = case.stay
    if stay.days < 2 or stay.hospital.level < 2:
        return Fen(0)
    rate = _RATE_HERE if stay.hospital.is_local else _RATE_ELSEWHERE
    return Fen(_FEN * max(_FLOOR, rate * min(stay.days, _DAYS)))


def sound_packets(seed: int, count: int, today: date) -> Iterator[SamplePacket]:
    """Stays within the cover that no rule leaves to a person."""
    number = 0
    while count:
        packet = random_packet(seed, number)
        number += 1
        if _is_sound(packet, today):
            count -= 1
            yield packet


def _is_sound(packet: SamplePacket, today: date) -> bool:
    case = packet.case
    is_stay = case.benefit == "住院津贴" and not case.heirs and not packet.printed_wrong
    in_cover = COVERED[0] <= case.stay.admitted_on and case.applied_on <= today
    # A person says what a hospital is that is not in the register, and whether one of the listed
    # illnesses on the papers is claimed for too.
    is_known = shipped().find(case.stay.hospital.name, case.stay.admitted_on) is not None
    told = [(each.text, each.icd) for each in case.stay.diagnoses]
    return is_stay and in_cover and is_known and not suggested(told, frozenset(), *lists())


def enrol(desk: Desk, packets: Sequence[SamplePacket]) -> None:
    """Put the people of the packets on the rosters of their units."""
    rows: dict[str, list[RosterRow]] = defaultdict(list)
    for packet in packets:
        person, of_unit = packet.case.person, rows[packet.case.unit_name]
        of_unit.append(
            RosterRow(
                len(of_unit) + 1,
                person.name,
                person.id_number,
                card=person.card_number,
                bank_name=person.bank_name,
                shares=1,
            )
        )
    for name, of_unit in rows.items():
        unit_id = desk.unit(name)
        with desk.office.sessions.unit_of_work() as session:
            take_over(
                session, desk.office, session.get_one(Unit, unit_id), "main-2020", *COVERED, of_unit
            )


@contextmanager
def the_line(desk: Desk) -> Iterator[None]:
    """Beat, a worker and a reader of this office as processes of their own."""
    settings = desk.office.settings
    tell_programs(settings)
    processes.log_folder(settings).mkdir(parents=True, exist_ok=True)
    started = [processes.start(name, settings, 0) for name in NEEDED]
    try:
        yield
    finally:
        processes.end(started)


def wait_until_at_rest(desk: Desk, count: int) -> None:
    """Until every packet is put away and no step waits for its turn."""
    said = ""
    while True:
        with desk.office.sessions.read_only() as session:
            away = session.scalar(
                select(func.count()).select_from(Packet).where(Packet.state == PacketState.AWAY)
            )
            busy = session.scalar(
                select(func.count())
                .select_from(Claim)
                .where(Claim.state.in_(CLAIM.automatic), Claim.parked_at.is_(None))
            )
        if away == count and not busy:
            return
        if (now := f"{away} of {count} packets taken in, {busy} claims under way") != said:
            said = now
            sys.stderr.write(said + "\n")
        time.sleep(2)


def results(desk: Desk, packets: Sequence[SamplePacket]) -> Iterator[DroppedPacket]:
    """Where the claim of each packet has come to."""
    by_name = {packet.file_name: packet for packet in packets}
    with desk.office.sessions.read_only() as session:
        for row in session.scalars(select(Packet)):
            packet = by_name[os.fsdecode(packet_name(desk.office.keys, row))]
            if row.claim_id is None:
                yield DroppedPacket(packet, str(row.outcome), None, None, tuple(row.notes))
                continue
            claim = session.get_one(Claim, row.claim_id)
            yield _result(session, packet, row, claim)


def _result(session: Session, packet: SamplePacket, row: Packet, claim: Claim) -> DroppedPacket:
    decided = session.scalar(select(Decision).filter_by(claim_id=claim.id, superseded_at=None))
    found = session.scalars(select(Finding).filter_by(claim_id=claim.id, closed_at=None))
    wants = [f"{each.code} {'' if each.subject.isdigit() else each.subject}" for each in found]
    if decided and claim.state != ClaimState.PROPOSED:
        wants += [each.code for each in decided.reasons]
    seconds = (decided.made_at - row.noticed_at).total_seconds() if decided else None
    amount = Fen(decided.amount) if decided else None
    return DroppedPacket(packet, claim.state, amount, seconds, tuple(wants) or (claim.state,))


def show(found: Sequence[DroppedPacket], say: Path | None) -> bool:
    """The shares, why hands were needed, and the times; whether the targets are reached."""
    lines, reached = [], True
    for level in ("clean", "scan", "phone"):
        own = [each for each in found if each.difficulty == level]
        straight = sum(each.is_straight for each in own)
        share = straight / len(own) if own else 1.0
        target = TARGETS.get(level, 0.0)
        reached &= share >= target
        lines.append(f"{level:6} {straight:4} of {len(own):4} ({share:.1%}), target {target:.0%}")
    wrong = [each for each in found if each.is_wrong]
    lines.append(f"wrong sums {len(wrong)}, target 0")
    for each in wrong:
        is_, should = yuan(each.proposed or Fen(0)), yuan(owed(each.packet.case))
        lines.append(f"  {each.packet.name}: {is_}, not {should}")
    times = sorted(each.seconds for each in found if each.is_straight and each.seconds)
    if len(times) > 1:
        cuts = quantiles(times, n=20)
        lines.append(f"seconds from drop to queue: p50 {cuts[9]:.0f}, p95 {cuts[18]:.0f}")
    wanted = Counter(want for each in found if not each.is_straight for want in each.wants)
    lines += [f"  {count:4} {want}" for want, count in wanted.most_common()]
    for each in found:
        if not each.is_straight:
            lines.append(f"  {each.packet.name} {each.difficulty} {each.state}: {each.wants}")
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if say:
        say.write_text(text, "utf-8")
    return reached and not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--packets", type=int, default=200)
    parser.add_argument("--say", type=Path, help="a file for the figures")
    options = parser.parse_args()
    with opened() as desk, TemporaryDirectory() as drawn:
        packets = list(sound_packets(options.seed, options.packets, desk.office.today()))
        enrol(desk, packets)
        for packet in packets:
            write(packet, Path(drawn))
        with the_line(desk):
            inbox = desk.office.settings.inbox_folder
            inbox.mkdir(parents=True, exist_ok=True)
            for packet in packets:
                (Path(drawn) / packet.file_name).rename(inbox / packet.file_name)
            wait_until_at_rest(desk, len(packets))
        found = list(results(desk, packets))
    return 0 if show(found, options.say) else 1


if __name__ == "__main__":
    sys.exit(main())
