"""Proves a day: asks every station, names each difference, keeps it, and lets a person sign it."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Books, DayProof, User
from rules.errors import Refused
from workflows.day_proof.stations import CHAINS, Station
from workflows.day_proof.told import DaySpan, Told
from workflows.engine.office import Office
from workflows.people.office_events import record_for_office
from workflows.people.rights import Act, require

log = logging.getLogger("huzhu.proof")


@dataclass(frozen=True)
class StationTotal:
    """What a station says in all: how many, and so many fen; None where it does not say."""

    code: str
    count: int | None
    amount: int | None


@dataclass(frozen=True)
class StationDifference:
    """Two neighbours that do not say the same of a key."""

    key: str
    station: str
    count: int | None
    amount: int | None
    next_station: str
    next_count: int | None
    next_amount: int | None


@dataclass(frozen=True)
class ProvedDay:
    """The totals of every station, chain by chain, and every difference."""

    totals: Sequence[StationTotal]
    differences: Sequence[StationDifference]


def prove_day(session: Session, office: Office, day: date) -> ProvedDay:
    """Ask every station about this day; stations of the books only where these were open."""
    span, has_books = DaySpan.of(day), _had_books(session, day)
    totals: list[StationTotal] = []
    differences: list[StationDifference] = []
    for chain in CHAINS:
        asked = [
            (station, {told.key: told for told in station.ask(session, office, span)})
            for station in chain
            if has_books or not station.is_booked
        ]
        totals += [_total(station, told) for station, told in asked]
        for (one, says), (other, says_too) in pairwise(asked):
            differences += _differences(one, says, other, says_too)
    return ProvedDay(totals, differences)


def _had_books(session: Session, day: date) -> bool:
    first_on = session.scalar(select(Books.first_on).where(Books.id == 1))
    return first_on is not None and first_on <= day


def _total(station: Station, told: Mapping[str, Told]) -> StationTotal:
    counts = [each.counted for each in told.values() if each.counted is not None]
    amounts = [each.amount for each in told.values() if each.amount is not None]
    return StationTotal(
        station.code,
        sum(counts) if counts or not told else None,
        sum(amounts) if amounts or not told else None,
    )


_NOTHING = Told("", 0, 0)


def _differences(
    one: Station, says: Mapping[str, Told], other: Station, says_too: Mapping[str, Told]
) -> Iterator[StationDifference]:
    for key in sorted(says.keys() | says_too.keys()):
        mine, its = says.get(key, _NOTHING), says_too.get(key, _NOTHING)
        if _differ(mine.counted, its.counted) or _differ(mine.amount, its.amount):
            yield StationDifference(key, one.code, *mine[1:], other.code, *its[1:])


def _differ(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other


def keep_day(session: Session, office: Office, day: date) -> DayProof:
    """Prove the day and keep what was found; one that was signed stays as it is."""
    kept = session.get(DayProof, day, with_for_update=True, populate_existing=True)
    if kept is not None and kept.signed_by is not None:
        return kept
    found, proof = prove_day(session, office, day), kept or DayProof(day=day)
    proof.made_at = office.clock()
    proof.totals = [asdict(each) for each in found.totals]
    proof.differences = [asdict(each) for each in found.differences]
    session.add(proof)
    session.flush()
    return proof


def prove_yesterday(office: Office) -> int:
    """Prove and keep the day before; return how many differences it has."""
    day = office.today() - timedelta(days=1)
    with office.sessions.unit_of_work() as session:
        found = Counter(each["station"] for each in keep_day(session, office, day).differences)
    for station, count in found.items():
        log.error("day=%s station=%s differences=%s", day, station, count)
    return found.total()


def sign_day(session: Session, office: Office, person: User, day: date, note: str) -> None:
    """Sign what was kept of the day; differences need a note of what they are."""
    require(person, Act.SIGN_DAY)
    proof = session.get(DayProof, day, with_for_update=True, populate_existing=True)
    if proof is None:
        raise Refused(_("%(day)s 还没有核对") % {"day": day.isoformat()})
    if proof.signed_by is not None:
        raise Refused(_("%(day)s 已经签核") % {"day": day.isoformat()})
    if proof.differences and not note.strip():
        raise Refused(_("有差异，请写明原因和处理"), at="note")
    proof.signed_by, proof.signed_at = person.id, office.clock()
    proof.note = note.strip() or None
    told = {"day": day.isoformat(), "differences": len(proof.differences)}
    record_for_office(session, office, person, "sign_day", **told)
