"""A stay handed in by halves brings what it would in one packet, whatever their order (R7)."""

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts import HospitalStay, MemberFacts, PaidStay, Part, Sex
from rules.facts.claim import AnsweredOf, ClaimFacts, PaidUnder, PlanCover
from rules.facts.events import Hospital
from rules.halves import is_nothing_alone, unpaid_stay
from rules.judging import judge
from rules.money import Fen
from rules.owed import JudgedPart, judge_claim, paid_by
from rules.plans import load
from rules.verdict import Benefit, Code, Outcome

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


def first_half(part: Part, days: int, paid: int) -> PaidUnder:
    own = PaidStay(
        part.admitted_on, days, Fen(paid), discharged_on=part.discharged_on, parts=(part,)
    )
    return PaidUnder("main-2020", own)


EARLIER = PaidUnder("main-2020", PaidStay(date(2026, 1, 5), 40, Fen(8_800_00)))


@pytest.mark.parametrize(
    ("halves", "paid", "before", "lines"),
    [
        (
            moved((LOCAL, 1), (LOCAL, 10)),
            0,
            (),
            [
                "本地某院：10 天 × 50 元 = 500 元",
                "同一次住院合计 550 元，已核定给付 0 元，另补 50 元",
            ],
        ),
        (
            moved((ELSEWHERE, 2), (ELSEWHERE, 10)),
            100_00,
            (),
            [
                "外地某院：10 天 × 40 元 = 400 元，"
                "同一次住院合计 480 元，已核定给付 100 元，给付 380 元"
            ],
        ),
        (
            moved((LOCAL, 1), (LOCAL, 10)),
            0,
            (EARLIER,),
            ["本地某院：10 天 × 50 元 = 500 元，限额内给付 200 元"],
        ),
    ],
)
def test_the_second_half_says_what_both_come_to_and_what_cut_it(
    halves: list[Part], paid: int, before: tuple[PaidUnder, ...], lines: list[str]
) -> None:
    half = first_half(halves[0], 2 if paid else 0, paid)
    verdict = asked("main-2020", halves[1:], (*before, half)).verdict
    assert [line.text for line in verdict.lines] == lines
    assert [use.amount for use in verdict.reservations] == [verdict.amount]


def test_a_stay_that_is_denied_alone_and_pays_as_a_half_is_a_question_under_one_plan_too() -> None:
    first, second = moved((LOCAL, 10), (LOCAL, 1))
    facts = replace(
        asked("main-2020", [second], (first_half(first, 10, 500_00),)).facts, answers=()
    )
    alone = judge(replace(facts, history=()), load("main-2020"))
    assert alone.outcome is Outcome.DENY
    verdict = judge(facts, load("main-2020"))
    assert verdict.outcome is Outcome.REFER
    assert [reason.code for reason in verdict.reasons] == [Code.DUPLICATE_EVENT]


a_hospital = st.sampled_from([LOCAL, ELSEWHERE, LOW])
some_days = st.sampled_from([0, 1, 2, 3, 10, 45, 89, 90, 91])
some_fund = st.sampled_from([10, 99_99, 500_00, 8_000_00, 20_000_00])
EARLY, LATE = date(2026, 1, 1), date(2026, 12, 31)
BEFORE = {"main": "main-2020", "medical": "medical-2022"}
AFTER = {"main": "main-2025", "medical": "medical-2022"}


@st.composite
def some_covers(draw: st.DrawFn, family: str) -> list[PlanCover]:
    """The whole year, its first or last months, or two periods; where one ends lies in the stay."""
    edge = START + timedelta(draw(some_days) + 1)
    one = PlanCover(EARLY, edge - timedelta(1), plan=BEFORE[family], city="长春市")
    two = PlanCover(edge, LATE, plan=AFTER[family], city="长春市")
    whole = PlanCover(EARLY, LATE, plan=BEFORE[family], city="长春市")
    return draw(st.sampled_from([[whole], [whole], [one, two], [one], [two]]))


@st.composite
def a_history(draw: st.DrawFn, covers: list[PlanCover]) -> list[PaidUnder]:
    """Up to two stays in each period that were paid before and are none of these."""
    found = []
    for cover in covers:
        early = cover.start == EARLY
        for on in (date(2026, 1, 5), date(2026, 1, 20)) if early else (date(2026, 12, 5),):
            if draw(st.booleans()):
                paid = PaidStay(on, 5, Fen(250_00), discharged_on=on + timedelta(5))
                if cover.plan == "medical-2022":
                    paid = replace(paid, benefit="medical_expense")
                found.append(PaidUnder(cover.plan, paid))
    return found


def decided(
    parts: list[Part], covers: list[PlanCover], history: list[PaidUnder]
) -> tuple[JudgedPart, ...]:
    """A packet with these parts, and a person who says what is one stay, where he is asked."""
    first, *moves = parts
    own = {name: getattr(first, name) for name in ("hospital", "admitted_on", "discharged_on")}
    event = HospitalStay(**own, fund_paid=first.fund_paid, cause="illness", transfers=tuple(moves))
    claim = ClaimFacts(
        received_on=LATE,
        member=MemberFacts(date(1985, 3, 17), Sex.FEMALE),
        unit_city="长春市",
        covers=tuple(sorted(covers, key=lambda cover: cover.start)),
        history=tuple(history),
        events=(event,),
    )
    judged = judge_claim(claim)
    if all(part.verdict.outcome is not Outcome.REFER for part in judged):
        return judged
    said = AnsweredOf(Code.DUPLICATE_EVENT, "together", event=0)
    return judge_claim(replace(claim, answers=(said,)))


def known_by(judged: tuple[JudgedPart, ...]) -> list[PaidUnder]:
    found: list[PaidUnder] = []
    for part in judged:
        code, event = part.plan.code, part.facts.event
        if part.verdict.outcome is Outcome.PAY:
            found += [PaidUnder(code, each) for each in paid_by(part.facts, part.verdict)]
        elif is_nothing_alone(part.verdict) and isinstance(event, HospitalStay):
            found.append(PaidUnder(code, unpaid_stay(event, part.plan)))
    return found


def brought(judged: tuple[JudgedPart, ...]) -> dict[str, int]:
    """The fen under each family of plans that pays."""
    sums = Counter[str]()
    for part in judged:
        sums[part.plan.family] += part.verdict.amount
    return {family: sum_ for family, sum_ in sums.items() if sum_}


def brought_in_turn(
    packets: list[Part], covers: list[PlanCover], history: list[PaidUnder]
) -> dict[str, int]:
    """What packets with a part each bring, one after the other. Where what an earlier one was
    granted cannot stand, its claim takes the papers in and is decided anew."""
    claims: list[tuple[list[Part], tuple[JudgedPart, ...]]] = []
    for packet in packets:
        parts = [packet]
        while True:
            known = [each for _parts, judged in claims for each in known_by(judged)]
            judged = decided(parts, covers, [*history, *known])
            if all(part.verdict.outcome is not Outcome.REFER for part in judged):
                break
            taking = next(at for at, (_parts, granted) in enumerate(claims) if brought(granted))
            parts = sorted([*parts, *claims.pop(taking)[0]], key=by_day)
        claims.append((parts, judged))
    return brought(tuple(part for _parts, judged in claims for part in judged))


def by_day(part: Part) -> tuple[date, date]:
    return part.admitted_on, part.discharged_on


@settings(max_examples=int(os.environ.get("HALVES", "200")), deadline=None)
@given(st.lists(st.tuples(a_hospital, some_days, some_fund), min_size=2, max_size=3), st.data())
def test_packets_in_any_order_bring_what_one_packet_brings(
    days_in: list[tuple[Hospital, int, int]], data: st.DataObject
) -> None:
    """Under one plan or two, within one period or over its edge, after other stays or none."""
    funds = [Fen(fund) for _hospital, _days, fund in days_in]
    parts = moved(*((hospital, days) for hospital, days, _fund in days_in))
    whole = [replace(part, fund_paid=fund) for part, fund in zip(parts, funds, strict=True)]
    covers = data.draw(some_covers("main"))
    covers += data.draw(st.one_of(st.just([]), some_covers("medical")))
    history = data.draw(a_history(covers))
    order = data.draw(st.permutations(whole))
    one = brought(decided(whole, covers, history))
    assert brought_in_turn(order, covers, history) == one


def test_a_second_packet_takes_only_its_own_days_and_no_second_stay_from_the_limits() -> None:
    one, other = moved((LOCAL, 10), (LOCAL, 8))
    before = asked("main-2020", [one])
    [known] = paid_by(before.facts, before.verdict)
    assert (known.amount, known.paid_days, known.continues) == (Fen(50_000), 10, False)  # type: ignore[union-attr]
    after = asked("main-2020", [other], (PaidUnder("main-2020", known),))
    [use] = after.verdict.reservations
    assert (use.benefit, use.times, use.days, use.amount) == (
        Benefit.HOSPITAL_ALLOWANCE,
        0,
        8,
        Fen(40_000),
    )
    [line] = after.verdict.lines
    assert line.benefit is Benefit.HOSPITAL_ALLOWANCE
    [rest] = paid_by(after.facts, after.verdict)
    assert rest.continues  # type: ignore[union-attr]
