"""A stay handed in by halves brings what it would in one packet, whatever their order (R7)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts import HospitalStay, MemberFacts, Part, Sex
from rules.facts.claim import AnsweredOf, ClaimFacts, PaidUnder, PlanCover
from rules.facts.events import Hospital
from rules.money import Fen
from rules.owed import JudgedPart, is_nothing_alone, judge_claim, paid_by, unpaid_stay
from rules.verdict import Code, Outcome

LOCAL = Hospital("本地某院", "长春市", 3, "province")
ELSEWHERE = Hospital("外地某院", "吉林市", 2, "city")
LOW = Hospital("某卫生院", "长春市", 1, "district")
START = date(2026, 3, 2)


def asked(plan: str, parts: list[Part], history: tuple[PaidUnder, ...] = ()) -> JudgedPart:
    first, *moves = parts
    own = {name: getattr(first, name) for name in ("hospital", "admitted_on", "discharged_on")}
    event = HospitalStay(**own, fund_paid=first.fund_paid, cause="illness", transfers=tuple(moves))
    cover = PlanCover(date(2026, 1, 1), date(2026, 12, 31), plan=plan, city="长春市")
    answer = AnsweredOf(Code.DUPLICATE_EVENT, "together", event=0)
    [part] = judge_claim(
        ClaimFacts(
            received_on=date(2026, 12, 31),
            member=MemberFacts(date(1985, 3, 17), Sex.FEMALE),
            unit_city="长春市",
            covers=(cover,),
            history=history,
            events=(event,),
            answers=(answer,),
        )
    )
    return part


def in_turn(plan: str, packets: list[Part]) -> list[Fen]:
    """What each packet brings, handed in one after the other."""
    history: list[PaidUnder] = []
    amounts = []
    for packet in packets:
        part = asked(plan, [packet], tuple(history))
        assert part.verdict.outcome is not Outcome.REFER
        amounts.append(part.verdict.amount)
        if part.verdict.outcome is Outcome.PAY:
            history += [PaidUnder(plan, each) for each in paid_by(part.facts, part.verdict)]
        elif is_nothing_alone(part.verdict):
            assert isinstance(part.facts.event, HospitalStay)
            history.append(PaidUnder(plan, unpaid_stay(part.facts.event, part.plan)))
    return amounts


def moved(*days_in: tuple[Hospital, int], fund: int = 0) -> list[Part]:
    """So many days in each hospital, one after the other."""
    parts, on = [], START
    for hospital, days in days_in:
        parts.append(Part(hospital, on, on + timedelta(days), Fen(fund)))
        on += timedelta(days)
    return parts


@pytest.mark.parametrize(
    ("halves", "yuan"),
    [
        (moved((LOCAL, 1), (LOCAL, 10)), [0, 550]),
        (moved((ELSEWHERE, 2), (ELSEWHERE, 10)), [100, 380]),
        (moved((LOCAL, 1), (LOCAL, 1)), [0, 100]),
        (moved((ELSEWHERE, 1), (ELSEWHERE, 1)), [0, 100]),
        (moved((LOCAL, 10), (LOCAL, 1)), [500, 50]),
        (moved((LOW, 1), (LOCAL, 10)), [0, 500]),
        (moved((LOCAL, 70), (LOCAL, 40)), [3500, 1000]),
    ],
)
def test_the_second_half_brings_what_the_whole_stay_still_owes(
    halves: list[Part], yuan: list[int]
) -> None:
    assert in_turn("main-2020", halves) == [each * 100 for each in yuan]
    assert asked("main-2020", halves).verdict.amount == sum(yuan) * 100


a_hospital = st.sampled_from([LOCAL, ELSEWHERE, LOW])
some_days = st.sampled_from([0, 1, 2, 3, 10, 45, 89, 90, 91])
some_fund = st.sampled_from([10, 99_99, 500_00, 8_000_00, 20_000_00])


@given(st.lists(st.tuples(a_hospital, some_days), min_size=2, max_size=3), st.data())
def test_packets_in_any_order_bring_what_one_packet_brings(
    days_in: list[tuple[Hospital, int]], data: st.DataObject
) -> None:
    """As far as each follows on one before it: what was paid before a packet shows that two stays
    were one, or before earlier and cheaper days came under the cap, is not taken back."""
    whole = moved(*days_in)
    order = data.draw(st.permutations(whole))
    amounts, one = in_turn("main-2020", order), asked("main-2020", whole).verdict.amount
    is_capped = sum(days for hospital, days in days_in if hospital is not LOW) > 90
    if is_meeting(order) and (order == whole or not is_capped):
        assert sum(amounts) == one
    assert sum(amounts) >= one


def is_meeting(order: list[Part]) -> bool:
    """Whether each packet follows on one that came before it."""
    return all(
        any(abs((one.admitted_on - other.discharged_on).days) <= 1 for other in order[:at])
        for at, one in enumerate(order)
        if at
    )


@given(st.lists(st.tuples(a_hospital, st.integers(2, 30), some_fund), min_size=2, max_size=3))
def test_packets_bring_what_one_packet_brings_by_their_sums(
    told: list[tuple[Hospital, int, int]],
) -> None:
    days = moved(*((hospital, days) for hospital, days, _fund in told))
    whole = [
        replace(part, fund_paid=Fen(fund)) for part, (_h, _d, fund) in zip(days, told, strict=True)
    ]
    assert sum(in_turn("medical-2022", whole)) == asked("medical-2022", whole).verdict.amount
