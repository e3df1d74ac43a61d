"""A member's limits: locked before he is judged, reserved by what is granted, given back later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models import Claim, Coverage, CoverYear, Entitlement, LimitCounter, Member, Reservation
from rules.entitlement import ceilings
from rules.money import Fen
from rules.plans import Plan
from rules.verdict import LimitUse
from workflows.engine.belongings import read_its
from workflows.engine.rows import NewRow, any_of, give, insert_rows, inserted
from workflows.member_locks import locked

_key_of = attrgetter("member_id", "plan", "period_start", "benefit", "about")
_Key = tuple[int, str, date, str, str]
"""Which of a member's limits a counter counts."""

_COUNTED = "times", "days", "amount"


@dataclass(frozen=True)
class Grant:
    """A right that was granted, and what it takes of its member's limits."""

    entitlement_id: int
    member: Member
    plan: Plan
    uses: Sequence[LimitUse]


@dataclass(frozen=True)
class NewCounter(NewRow):
    """A counter to insert: what the first use takes, and the plan's limits."""

    table = LimitCounter

    member_id: int
    plan: str
    period_start: date
    benefit: str
    about: str
    times: int
    days: int
    amount: Fen
    times_limit: int | None
    amount_limit: Fen | None


@dataclass(frozen=True)
class NewReservation(NewRow):
    """A reservation to insert: what one right takes of one counter."""

    table = Reservation

    counter_id: int
    entitlement_id: int
    times: int
    days: int
    amount: Fen


def lock_members(session: Session, claims: Sequence[Claim]) -> None:
    """Lock the members of these claims and their limits, and give each claim its member as he is
    now.

    1. Another worker may hold a claim of the same member and be about to grant it. So the member's
       row is locked first, and only then is it read what he was granted and what is left: what
       this session read of him before the lock (`document_check`, for instance) may be old, and
       is read again (populate_existing).
    2. Two workers may each hold claims of the same two members. Both lock in order of id, so the
       second waits and the two never wait for each other. The order is members before counters.

    The counters are locked too, since `give_back` changes them without the member's lock.
    """
    # What is new in this unit of work says nothing about members: one flush at the end writes it.
    with session.no_autoflush:
        wanted = locked(any_of(Member.id, {claim.member_id for claim in claims}))
        found = session.scalars(wanted).all()
        cover = Member.coverages, Coverage.cover_year, CoverYear.unit
        read_its(session, found, cover, (Member.rights,), fresh=True)
        members = {member.id: member for member in found}
        _lock_counters(session, members)
    for claim in claims:
        give(claim, "member", members.get(claim.member_id or 0))


def _lock_counters(session: Session, members: Mapping[int, Member]) -> None:
    used: dict[int, list[LimitCounter]] = {member_id: [] for member_id in members}
    for counter in session.scalars(
        select(LimitCounter)
        .where(any_of(LimitCounter.member_id, used))
        .order_by(LimitCounter.id)
        .execution_options(populate_existing=True)
        .with_for_update()
    ):
        used[counter.member_id].append(counter)
    for member_id, member in members.items():
        give(member, "counters", used[member_id])


def reserve(session: Session, grants: Sequence[Grant]) -> None:
    """Take what was granted from the members' limits; at most one claim for each member.

    The caller holds the locks of `lock_members`.
    """
    counters = _count(session, grants)
    rows = [
        NewReservation(
            counters[_key(grant, use)], grant.entitlement_id, use.times, use.days, use.amount
        )
        for grant in grants
        for use in grant.uses
    ]
    insert_rows(session, rows)
    # The member's next claim, in the next turn, reads both again.
    for grant in grants:
        session.expire(grant.member, ["rights", "counters"])


def _count(session: Session, grants: Sequence[Grant]) -> dict[_Key, int]:
    """Add the grants to the members' counters, made at their first use; the counters' ids.

    The checks of the table hold the limits, should the rules ever grant more than is left.
    """
    known = {_key_of(counter): counter for grant in grants for counter in grant.member.counters}
    new = []
    for key, (grant, use) in _taken(grants).items():
        if counter := known.get(key):
            counter.times += use.times
            counter.days += use.days
            counter.amount = Fen(counter.amount + use.amount)
        else:
            new.append(_new_counter(grant, use))
    statement = insert(LimitCounter).returning(LimitCounter)
    made = [counter for (counter,) in inserted(session, statement, new)]
    return {_key_of(counter): counter.id for counter in (*known.values(), *made)}


def _taken(grants: Sequence[Grant]) -> dict[_Key, tuple[Grant, LimitUse]]:
    """What each counter loses in all: two stays of one claim take from the same one."""
    taken: dict[_Key, tuple[Grant, LimitUse]] = {}
    for grant in grants:
        for use in grant.uses:
            key = _key(grant, use)
            before = taken[key][1] if key in taken else use._replace(times=0, days=0, amount=Fen(0))
            sums = {name: getattr(before, name) + getattr(use, name) for name in _COUNTED}
            taken[key] = grant, use._replace(**sums)
    return taken


def _key(grant: Grant, use: LimitUse) -> _Key:
    return grant.member.id, grant.plan.code, use.start, use.benefit.value, use.about


def _new_counter(grant: Grant, use: LimitUse) -> NewCounter:
    limits, taken = ceilings(grant.plan, use.benefit), (use.times, use.days, use.amount)
    return NewCounter(*_key(grant, use), *taken, limits.times, limits.amount)


def give_back(session: Session, right: Entitlement, at: datetime) -> None:
    """Take the right back, once: its reservations end, and its member may use the limits again.

    The caller has locked the right. The subtraction is the database's own, since another worker
    may change the same counter for another claim at this moment.
    """
    right.released_at = at
    for reservation in session.scalars(
        select(Reservation).filter_by(entitlement_id=right.id, released_at=None)
    ):
        reservation.released_at = at
        session.execute(
            update(LimitCounter)
            .where(LimitCounter.id == reservation.counter_id)
            .values(
                times=LimitCounter.times - reservation.times,
                days=LimitCounter.days - reservation.days,
                amount=LimitCounter.amount - reservation.amount,
            )
        )
    session.flush()
