"""The line against the oracle: what members with several plans are granted, packet by packet.

`make oracle` walks 10,000 packets; the suite takes a few hundred.
"""

import os
from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from hashlib import sha256
from itertools import count
from random import Random

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Claim, Coverage, CoverYear, Decision, Field, Member, Payment, User
from models.membership import DeathSource
from models.people import Role
from rules import plans
from rules.facts import Event
from rules.verdict import Code, Outcome
from tests.desk import STEP_BY_NAME, Desk, a_card_number, an_id_number
from tests.rules.oracle import Case, overlap, owed
from tests.rules.test_oracle import FIRST, a_case, a_stay, an_event, an_illness, as_event
from workflows.claims.acts import answers
from workflows.claims.approving import approval, approval_queue
from workflows.claims.judging.given_answers import waits
from workflows.engine.moves import advance, start
from workflows.engine.run import run
from workflows.known_deaths import ToldDeath, note_death
from workflows.sealed_values.claims import seal_field
from workflows.sealed_values.decisions import reason_text, tell_events
from workflows.sealed_values.members import card_of, new_member

PACKETS = int(os.environ.get("PACKETS", "600"))
MEMBERS, PACKETS_EACH = 100, 3
_EVENT = TypeAdapter[Event](Event)
ONE = Code.DUPLICATE_EVENT
_serial = count(1)


def test_the_line_grants_each_member_what_the_oracle_grants(desk: Desk) -> None:
    draw = Random(os.environ.get("SEED", "1"))
    for _ in range(PACKETS // (MEMBERS * PACKETS_EACH)):
        cases = [a_case(draw) | {"history": []} for _ in range(MEMBERS)]
        members = enrolled(desk, cases)
        for _ in range(PACKETS_EACH):
            for case in cases:
                case["events"] = packet(draw, case)
            decide(desk, cases, members)


def packet(draw: Random, case: Case) -> list[Case]:
    """One to three events, now and then half of a stay decided before, or a stay that was granted.

    Other stays have no days in common: a member does not lie in two hospitals at once.
    """
    events = [an_event(draw) for _ in range(draw.randint(1, 3))]
    for event in events:
        if event.get("outcome") == "death" and draw.random() < 0.8:
            event["outcome"] = "disability"
    stays = [event for event in case["history"] if event["kind"] == "stay"]
    if stays and draw.random() < 0.4:
        events.append(half_of(draw, draw.choice(stays)))
    told = [
        event for at, event in enumerate(events) if fits(event, [*case["history"], *events[:at]])
    ]
    events = told or [an_illness(draw, FIRST + timedelta(draw.randint(200, 1050)))]
    if case["history"] and draw.random() < 0.3:
        events.append(draw.choice(case["history"]))
    return [event for at, event in enumerate(events) if name(event) not in map(name, events[:at])]


def fits(event: Case, others: Sequence[Case]) -> bool:
    both = event["kind"] == "stay"
    return not any(both and other["kind"] == "stay" and overlap(event, other) for other in others)


def half_of(draw: Random, other: Case) -> Case:
    """A stay that follows on this one, or on which this one follows."""
    half = a_stay(draw, other["out"] + timedelta(draw.choice([0, 1])))
    if draw.random() < 0.5:
        by = half["out"] - other["on"] + timedelta(draw.choice([0, 1]))
        for each in (half, *half["parts"]):
            each["on"], each["out"] = each["on"] - by, each["out"] - by
    return half | {"cause": "illness"}


def name(event: Case) -> str:
    """What makes two events one; all stays are in one hospital."""
    told = event.get("outcome", sorted(event.get("named", ())))
    return f"{event['kind']} {event['on']} {told}"


def enrolled(desk: Desk, cases: Sequence[Case]) -> list[Member]:
    """Members with the cover of these cases, through a unit of the city of each cover."""
    units = {city: desk.unit(f"{city}工会", city=city) for city in ("长春市", "四平市")}
    with desk.office.sessions.unit_of_work() as session:
        known = session.scalars(select(CoverYear))
        years = {(year.unit_id, year.plan, year.starts_on): year for year in known}
        members = []
        for case in cases:
            serial = next(_serial)
            sequence = 2 * (serial % 499) + (case["sex"] == "M")
            number = an_id_number(f"{case['born']:%Y%m%d}", sequence)
            keys, name = desk.office.keys, f"职工{serial}"
            member = new_member(keys, units["长春市"], name, number, a_card_number())
            members.append(member)
            for cover in case["covers"]:
                plan, first, last = cover["plan"], cover["start"], cover["end"]
                key = (units[cover["city"]], plan, first)
                if key not in years:
                    years[key] = CoverYear(
                        unit_id=key[0],
                        plan=plan,
                        starts_on=first,
                        ends_on=last,
                        city=cover["city"],
                    )
                session.add_all([member, years[key]])
                session.flush()
                session.add(
                    Coverage(
                        member_id=member.id,
                        cover_year_id=years[key].id,
                        plan=plan,
                        family=plans.load(plan).family,
                        shares=cover["shares"],
                        starts_on=first,
                        ends_on=last,
                    )
                )
        session.flush()
        session.expunge_all()
        return members


def decide(desk: Desk, cases: Sequence[Case], members: Sequence[Member]) -> None:
    """Let the line decide on every packet, people say which stays are one, and the bank be paid;
    compare each step with the oracle."""
    with desk.office.sessions.unit_of_work() as session:
        ids = [
            complete(desk, session, member, case)
            for member, case in zip(members, cases, strict=True)
        ]
    run(desk.office, STEP_BY_NAME["adjudicate"], *ids)
    people = [desk.user(each) for each in (Role.CLERK, Role.SUPERVISOR, Role.SUPERVISOR)]
    with desk.office.sessions.read_only() as session:
        for id_, case in zip(ids, cases, strict=True):
            compare(session, id_, case)
    for id_, case in zip(ids, cases, strict=True):
        say_what_is_one_stay(desk, id_, case, people)
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, people[2], items, items)
    desk.approve_all()  # what is above the limit, a second time
    run(desk.office, STEP_BY_NAME["prepare_payment"], *ids)
    desk.bells.clear()
    with desk.office.sessions.read_only() as session:
        for id_, case in zip(ids, cases, strict=True):
            paid = session.scalar(select(func.sum(Payment.amount)).filter_by(claim_id=id_)) or 0
            assert paid == settle(session, id_, case), case


def say_what_is_one_stay(desk: Desk, id_: int, case: Case, people: Sequence[User]) -> None:
    """Two people say of each stay that is asked about that it is one with those it meets."""
    apart, together = owed(deepcopy(case)), owed(deepcopy(case), one_stay=True)
    one_stay = {key[0] for key in {**apart, **together} if apart.get(key) != together.get(key)}
    while one_stay:
        with desk.office.sessions.unit_of_work() as session:
            claim = session.get_one(Claim, id_, with_for_update=True)
            asked = {
                each.event
                for each in answers.open_questions(claim)
                if each.code is Code.DUPLICATE_EVENT and each.given is None
            } & one_stay
            if not asked:
                return
            for number in asked:
                answers.answer_question(
                    session, desk.office, people[0], claim, number, ONE, "together", "同一次"
                )
            for given in [each for each in claim.answers if waits(each)]:
                answers.confirm_answer(session, desk.office, people[1], claim, given.id)
            advance(session, claim, "find_complete", desk.office)
        one_stay -= asked
        run(desk.office, STEP_BY_NAME["adjudicate"], id_)


def complete(desk: Desk, session: Session, member: Member, case: Case) -> int:
    """A claim whose events people have established, waiting to be decided."""
    serial = next(_serial)
    claim = Claim(
        number=f"HZ2026{serial:06d}",
        digest=sha256(str(serial).encode()).hexdigest(),
        received_on=case["received_on"],
        received_at=desk.clock(),
        member_id=member.id,
        unit_id=member.unit_id,
    )
    start(session, claim, "receive", desk.office)
    tell_events(desk.office.keys, claim, [as_json(event) for event in case["events"]])
    card = card_of(desk.office.keys, member) or ""
    payee = {"member_name": member.name, "bank_card_number": card, "bank_name": "建行"}
    for field, value in payee.items():
        sealed = seal_field(desk.office.keys, claim.id, field, value)
        claim.fields.append(Field(name=field, value=sealed, confidence=1.0))
    for verb in ("read", "find_complete"):
        advance(session, claim, verb, desk.office)
    if any(event.get("outcome") == "death" for event in case["events"]):
        # The document check, which these claims pass by, does so.
        known = session.get_one(Member, member.id)
        note_death(session, desk.office, ToldDeath(known, DeathSource.EVENT, claim))
    return claim.id


def as_json(event: Case) -> dict[str, object]:
    facts = as_event(event)
    told: dict[str, object] = _EVENT.dump_python(
        facts, mode="json", by_alias=True, exclude_none=True
    )
    return told


def compare(session: Session, claim_id: int, case: Case, *, one_stay: bool = False) -> Case:
    """The case after this packet; each sum of its decision is what the oracle grants."""
    case["dead"] = case.get("dead") or any(e.get("outcome") == "death" for e in case["events"])
    after = deepcopy(case)
    expected = owed(after, one_stay=one_stay)
    granted_before = {
        (family, name(past))
        for past in case["history"]
        for family, sum_ in past["sums"].items()
        if sum_
    }
    for number, family in expected:
        if (family, name(case["events"][number])) in granted_before:
            expected[number, family] = None
    decision = session.scalars(
        select(Decision).filter_by(claim_id=claim_id, superseded_at=None)
    ).one()
    granted = {
        (part.event, plans.load(part.plan).family): None
        if part.outcome == Outcome.REFER
        else part.amount
        for part in decision.parts
    }
    beside = {key: sum_ for key, sum_ in granted.items() if key not in expected}
    why = [(p.event, p.plan, reason_text(reason)) for p in decision.parts for reason in p.reasons]
    found = {key: sum_ for key, sum_ in granted.items() if key in expected}
    assert found == expected, (found, expected, case, why)
    assert all(sum_ in (0, None) for sum_ in beside.values()), case
    return after | {"granted": granted.values()}


def settle(session: Session, claim_id: int, case: Case) -> int:
    """The fen the packet has to bring; what is granted becomes the case's history."""
    after = compare(session, claim_id, case, one_stay=True)
    if None in after["granted"]:
        # One question holds up the whole packet.
        return 0
    case["history"] = after["history"]
    return sum(sum_ or 0 for sum_ in after["granted"])
