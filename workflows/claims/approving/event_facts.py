"""What is known of the events that payments are proposed for: cover, limits, stays, papers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models import (
    Claim,
    Coverage,
    Decision,
    DecisionPart,
    Document,
    Entitlement,
    LimitCounter,
    Reservation,
)
from models.states import ClaimState
from rules import plans
from rules.cover import chain_start
from rules.facts import CoverPeriod, Event, HospitalStay
from rules.facts.case import event_from_json
from rules.money import Fen
from rules.second_look import CoverOfEvent, OtherStay, UsedLimit
from workflows.claims.papers.divided import is_divided
from workflows.engine.rows import any_of
from workflows.sealed_values.decisions import facts_in


class JudgedEvent(NamedTuple):
    """The event of a part of a decision in force, and the cover that it falls into."""

    plan: str
    starts_on: date | None
    event: Event


def judged_events(
    session: Session, claim_ids: Collection[int]
) -> defaultdict[int, list[JudgedEvent]]:
    """By claim, the events that its decision in force was made of."""
    found: defaultdict[int, list[JudgedEvent]] = defaultdict(list)
    query = (
        select(Decision.claim_id, DecisionPart)
        .join(DecisionPart, DecisionPart.decision_id == Decision.id)
        .where(any_of(Decision.claim_id, claim_ids), Decision.superseded_at.is_(None))
        .order_by(DecisionPart.decision_id, DecisionPart.number)
    )
    for claim_id, part in session.execute(query):
        facts = facts_in(part)
        if "event" in facts:
            event = event_from_json(facts["event"])
            found[claim_id].append(JudgedEvent(part.plan, part.period_start, event))
    return found


class HeldCover(NamedTuple):
    """A cover of a member, both days inclusive; `handed_in_on` is the day of its roster."""

    plan: str
    family: str
    starts_on: date
    ends_on: date
    handed_in_on: date | None


def covers_of(
    session: Session, member_ids: Collection[int | None]
) -> Mapping[int, Sequence[HeldCover]]:
    """By member, all his covers, oldest first."""
    found: defaultdict[int, list[HeldCover]] = defaultdict(list)
    columns = (getattr(Coverage, name) for name in HeldCover._fields)
    query = select(Coverage.member_id, *columns).where(any_of(Coverage.member_id, member_ids))
    for member_id, *cover in session.execute(query.order_by(Coverage.starts_on, Coverage.id)):
        found[member_id].append(HeldCover(*cover))
    return found


def cover_of_event(covers: Sequence[HeldCover], judged: JudgedEvent) -> CoverOfEvent | None:
    """The cover that the event falls into, and since when it goes on unbroken."""
    own = [
        each for each in covers if each.plan == judged.plan and each.starts_on == judged.starts_on
    ]
    if not own:
        return None
    [cover] = own
    family = [each for each in covers if each.family == cover.family]
    periods = tuple(CoverPeriod(each.starts_on, each.ends_on) for each in family)
    since = chain_start(
        plans.load(judged.plan), periods, CoverPeriod(cover.starts_on, cover.ends_on)
    )
    return CoverOfEvent(judged.event.on, since, cover.starts_on, cover.handed_in_on)


def used_limits(session: Session, claim_ids: Collection[int]) -> defaultdict[int, list[UsedLimit]]:
    """By claim, the limits from which its live rights take, as they are used by now."""
    found: defaultdict[int, list[UsedLimit]] = defaultdict(list)
    query = (
        select(
            Entitlement.claim_id,
            LimitCounter.times,
            LimitCounter.times_limit,
            LimitCounter.amount,
            LimitCounter.amount_limit,
        )
        .join(Reservation, Reservation.entitlement_id == Entitlement.id)
        .join(LimitCounter, LimitCounter.id == Reservation.counter_id)
        .where(any_of(Entitlement.claim_id, claim_ids), Entitlement.released_at.is_(None))
        .where(Reservation.released_at.is_(None))
        .order_by(Entitlement.claim_id, LimitCounter.id)
    )
    for claim_id, times, times_limit, amount, amount_limit in session.execute(query):
        most = Fen(amount_limit) if amount_limit is not None else None
        used = UsedLimit(times, times_limit, amount, most)
        if used not in found[claim_id]:
            found[claim_id].append(used)
    return found


def granted_stays(
    session: Session, member_ids: Collection[int | None], claim_ids: Collection[int]
) -> defaultdict[int, list[tuple[int, OtherStay]]]:
    """By member, the stays that his claims hold a right for, each with the claim's id; a member
    with no right beside that of one of these claims is left out."""
    rights = session.execute(
        select(Entitlement.member_id, Entitlement.claim_id).where(
            any_of(Entitlement.member_id, member_ids), Entitlement.released_at.is_(None)
        )
    )
    claims: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, claim_id in rights:
        claims[member_id].add(claim_id)
    looked_at = set(claim_ids)
    # Nearly always it is his one claim, which is looked at now: nothing stands beside it, and what
    # it was granted for need not be read.
    beside = [each for each, held in claims.items() if len(held) > 1 or not held <= looked_at]
    return _stays_of(session, beside)


def _stays_of(
    session: Session, member_ids: Collection[int]
) -> defaultdict[int, list[tuple[int, OtherStay]]]:
    found: defaultdict[int, list[tuple[int, OtherStay]]] = defaultdict(list)
    query = (
        select(Entitlement.member_id, Claim.id, Claim.number, DecisionPart)
        .join(Claim, Claim.id == Entitlement.claim_id)
        .join(
            DecisionPart,
            (DecisionPart.decision_id == Entitlement.decision_id)
            & (DecisionPart.number == Entitlement.part),
        )
        .where(any_of(Entitlement.member_id, member_ids), Entitlement.released_at.is_(None))
        .order_by(Entitlement.id)
    )
    if member_ids:
        for member_id, claim_id, number, part in session.execute(query):
            if stay := _stay_in(number, facts_in(part)):
                found[member_id].append((claim_id, stay))
    return found


def _stay_in(number: str, facts: Mapping[str, Any]) -> OtherStay | None:
    return stay_of(number, event_from_json(facts["event"])) if "event" in facts else None


def stay_of(number: str, event: Event) -> OtherStay | None:
    """The days of the event, if it is a stay."""
    if not isinstance(event, HospitalStay):
        return None
    return OtherStay(number, event.on, event.ended_on)


def papers_used(session: Session, claim_ids: Collection[int]) -> defaultdict[int, list[str]]:
    """By claim, the other claims that have a file of the same content."""
    own, other = aliased(Document), aliased(Document)
    query = (
        select(own.claim_id, Claim.number)
        .join(other, (other.sha256 == own.sha256) & (other.claim_id != own.claim_id))
        .join(Claim, Claim.id == other.claim_id)
        # The papers of a joined claim are given to the claim it was joined to, those of a divided
        # one to its parts.
        .where(any_of(own.claim_id, claim_ids), Claim.state != ClaimState.JOINED, ~is_divided())
        .distinct()
        .order_by(own.claim_id, Claim.number)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for claim_id, number in session.execute(query):
        found[claim_id].append(number)
    return found
