"""What must hold for every claim, however it is put together."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.assessing import assess
from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    CoverPeriod,
    Event,
    Facts,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    Paid,
    PaidAccident,
    PaidIllness,
    PaidStay,
    Part,
    PayeeKind,
    Sex,
)
from rules.facts.case import from_json, to_json
from rules.hospitals import load_file
from rules.judging import judge
from rules.money import Fen
from rules.plans import Plan, available, load
from rules.verdict import Benefit, LimitUse, Outcome, ReasonKind, Verdict

START = date(2025, 7, 1)
LOCAL = Hospital("吉林大学第一医院", "长春市", 3, "province")
PLACES = [
    LOCAL,
    Hospital("四平市中心医院", "四平市", 3, "city"),
    Hospital("某卫生院", "长春市", 1, "district"),
    Hospital("无名医院"),
    Hospital("长春市中心医院"),
]
SHEET = Fen(1_000_000), Fen(500_000), Fen(100_000)
MAIN = load("main-2020")
ALLOWANCE = Benefit.HOSPITAL_ALLOWANCE
BY_THE_DAY = (ALLOWANCE, Benefit.MEDICAL_EXPENSE)

days = st.integers(-40, 800).map(lambda n: START + timedelta(n))
sums = st.integers(0, 1_000_000).map(Fen)
illnesses = st.sampled_from(["stroke", "malignant_tumour", "breast_cancer", "gout"])


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    found, on = [], draw(days)
    for _ in range(draw(st.integers(1, 3))):
        on += timedelta(draw(st.integers(-1, 3)))
        out = on + timedelta(draw(st.integers(-1, 130)))
        found.append(Part(draw(st.sampled_from(PLACES)), on, out, *SHEET))
        on = out
    return tuple(found)


exclusions = st.sampled_from([None, None, None, "childbirth", "自杀"])
causes = st.sampled_from(["illness", "illness", "accident", "other"])


def stay_of(parts: Sequence[Part], cause: str = "illness", exclusion: str | None = None) -> Event:
    first, *moved = parts
    return HospitalStay(
        first.hospital,
        first.admitted_on,
        first.discharged_on,
        first.fund_paid,
        first.own_share,
        first.deductible,
        cause=cause,
        transfers=tuple(moved),
        exclusion=exclusion,
    )


stays = st.builds(stay_of, parts(), causes, exclusions)
diagnoses = st.builds(
    IllnessEvent,
    st.lists(illnesses, min_size=1, max_size=3).map(tuple),
    days,
    st.booleans(),
    exclusion=exclusions,
)
hurts = st.builds(
    AccidentEvent,
    days,
    st.just(AccidentOutcome.DISABILITY),
    st.lists(st.integers(1, 10), max_size=4).map(tuple),
    in_hospital_for_illness=st.booleans(),
    treatment_ended=st.booleans(),
    exclusion=exclusions,
)
deaths = st.builds(
    AccidentEvent,
    days,
    st.just(AccidentOutcome.DEATH),
    in_hospital_for_illness=st.booleans(),
)
burns = st.builds(
    AccidentEvent,
    days,
    st.just(AccidentOutcome.BURN),
    area=st.sampled_from(["head", "body"]),
    percent=st.decimals(0, 100, places=1, allow_nan=False),
    in_hospital_for_illness=st.booleans(),
)
paid: st.SearchStrategy[Paid] = st.one_of(
    st.builds(
        PaidStay,
        days,
        st.integers(0, 90),
        sums,
        st.sampled_from(["hospital_allowance", "medical_expense"]),
    ),
    st.builds(PaidIllness, illnesses, days, sums),
    st.builds(PaidAccident, days, st.sampled_from(list(AccidentOutcome)), sums),
)


@st.composite
def covers(draw: st.DrawFn) -> tuple[CoverPeriod, ...]:
    found, start = [], START - timedelta(draw(st.integers(0, 400)))
    for _ in range(draw(st.integers(0, 3))):
        end = start + timedelta(draw(st.integers(0, 364)))
        found.append(CoverPeriod(start, end, draw(st.sampled_from([1, 1, 2]))))
        start = end + timedelta(draw(st.integers(1, 40)))
    return tuple(found)


plans = st.sampled_from([plan.code for plan in available()])
claims = st.builds(
    Facts,
    plans,
    days.map(lambda day: day + timedelta(150)),
    st.builds(
        MemberFacts, st.dates(date(1960, 1, 1), date(2010, 1, 1)), st.sampled_from(list(Sex))
    ),
    st.sampled_from(["长春市", "四平", "延边州"]),
    covers(),
    st.lists(paid, max_size=4).map(tuple),
    st.one_of(stays, diagnoses, hurts, deaths, burns),
    st.sampled_from(
        [PayeeKind.MEMBER, PayeeKind.MEMBER, PayeeKind.HEIRS, PayeeKind.CONFIRMED_HEIRS]
    ),
)


def decide(facts: Facts, plan: Plan | None = None) -> Verdict:
    return judge(facts, plan or load(facts.plan))


def a_stay(of_days: int, hospital: Hospital = LOCAL, on: date = START, **also: Any) -> Facts:
    event = stay_of([Part(hospital, on, on + timedelta(of_days))])
    facts = Facts(
        "main-2020",
        START + timedelta(700),
        MemberFacts(date(1985, 3, 17), Sex.FEMALE),
        "长春市",
        (CoverPeriod(START, START + timedelta(364)),),
        (),
        event,
    )
    return replace(facts, **also)


@given(claims)
def test_lines_make_the_sum_and_nothing_is_negative(facts: Facts) -> None:
    verdict = decide(facts)
    assert verdict.amount == sum(line.amount for line in verdict.lines)
    assert all(line.amount > 0 and line.text and line.article for line in verdict.lines)
    assert (verdict.amount > 0) is (verdict.outcome is Outcome.PAY)


@given(claims)
def test_every_refusal_and_referral_names_its_reason(facts: Facts) -> None:
    verdict = decide(facts)
    kinds = {reason.kind for reason in verdict.reasons}
    match verdict.outcome:
        case Outcome.PAY:
            assert kinds <= {ReasonKind.NOTE}
        case Outcome.REFER:
            assert kinds == {ReasonKind.REFER}
        case Outcome.DENY:
            assert ReasonKind.DENY in kinds
    assert all(reason.text and reason.article for reason in verdict.reasons)


@given(claims)
def test_what_is_reserved_is_what_is_paid(facts: Facts) -> None:
    verdict = decide(facts)
    assert sum(held.amount for held in verdict.reservations) == verdict.amount
    assert all(held.times == 1 and held.start <= held.end for held in verdict.reservations)
    paid_days = [held.benefit in BY_THE_DAY for held in verdict.reservations if held.days]
    assert {held.benefit for held in verdict.reservations} == {
        line.benefit for line in verdict.lines
    }
    assert all(paid_days)
    if verdict.outcome is Outcome.PAY:
        assert verdict.period is not None


@given(claims)
def test_a_verdict_is_a_pure_function_of_its_input(facts: Facts) -> None:
    assert decide(facts) == decide(facts)


@given(claims)
def test_a_case_written_and_read_again_is_the_same_case(facts: Facts) -> None:
    case = json.loads(json.dumps(to_json(facts), ensure_ascii=False))
    assert from_json(case) == facts
    assert json.loads(assess(json.dumps(case))) == decide(facts).to_json()


@given(claims)
def test_the_main_plan_never_pays_above_its_caps(facts: Facts) -> None:
    verdict = decide(replace(facts, coverages=single(facts.coverages)), MAIN)
    most = {Benefit.HOSPITAL_ALLOWANCE: 900_000, Benefit.CRITICAL_ILLNESS: 1_000_000}
    for held in verdict.reservations:
        assert held.amount <= most.get(held.benefit, 4_000_000)
        assert held.days <= 90


def single(coverages: tuple[CoverPeriod, ...]) -> tuple[CoverPeriod, ...]:
    return tuple(CoverPeriod(each.start, each.end) for each in coverages)


@given(claims)
def test_no_history_ever_makes_the_stays_of_a_period_pay_more_than_its_ceiling(
    facts: Facts,
) -> None:
    facts = replace(facts, coverages=single(facts.coverages))
    before = [
        each for each in facts.history if isinstance(each, PaidStay) and each.benefit == ALLOWANCE
    ]
    for held in decide(facts, MAIN).reservations:
        if held.benefit is Benefit.HOSPITAL_ALLOWANCE:
            inside = [each for each in before if held.start <= each.admitted_on <= held.end]
            assert sum(each.amount for each in inside) + held.amount <= 900_000


@given(st.integers(0, 200), st.sampled_from(PLACES[:2]))
def test_one_more_day_never_pays_less(stay: int, hospital: Hospital) -> None:
    for plan in (MAIN, load("main-2025"), deducting()):
        shorter = decide(a_stay(stay, hospital), plan).amount
        longer = decide(a_stay(stay + 1, hospital), plan).amount
        assert shorter <= longer <= 450_000


def deducting() -> Plan:
    ruling = replace(MAIN.rulings.first_day, value="deduct")
    return replace(MAIN, rulings=replace(MAIN.rulings, first_day=ruling))


@pytest.mark.parametrize(
    ("days_in", "pays"), [(1, 0), (2, 10_000), (3, 10_000), (4, 15_000), (91, 450_000)]
)
def test_the_other_reading_of_the_first_day_takes_it_off(days_in: int, pays: int) -> None:
    assert decide(a_stay(days_in), deducting()).amount == pays


def test_the_other_reading_takes_the_first_day_off_only_once() -> None:
    on = START + timedelta(1)
    moved = Part(LOCAL, on, on + timedelta(9))
    facts = a_stay(1)
    event = stay_of([Part(LOCAL, START, on), moved])
    verdict = decide(replace(facts, event=event), deducting())
    assert [line.text for line in verdict.lines] == ["吉林大学第一医院：9 天 × 50 元 = 450 元"]


def test_a_denial_by_an_unconfirmed_count_says_so() -> None:
    terms = MAIN.hospital_allowance
    assert terms is not None
    stays = replace(terms.stays, value=1, confirmed=False, note="次数未见")
    plan = replace(MAIN, hospital_allowance=replace(terms, stays=stays))
    before = (PaidStay(START, 10, Fen(50_000)),)
    verdict = decide(a_stay(10, on=START + timedelta(60), history=before), plan)
    assert [reason.code for reason in verdict.reasons] == ["STAY_LIMIT", "UNCONFIRMED_RULE"]
    assert verdict.reasons[1].text == "依据尚未确认：次数未见"


@given(st.permutations([(3, 40), (60, 100), (200, 5), (280, 30)]))
def test_order_of_receipt_decides_which_stays_count_and_nothing_else(
    order: list[tuple[int, int]],
) -> None:
    history: tuple[Paid, ...] = ()
    for place, (after, length) in enumerate(order):
        on = START + timedelta(after)
        verdict = decide(a_stay(length, on=on, history=history))
        if place < 2:
            assert verdict.amount == min(length, 90) * 5000
            history = (*history, PaidStay(on, min(length, 90), verdict.amount))
        else:
            assert [reason.code for reason in verdict.reasons] == ["STAY_LIMIT"]
    assert {decide(a_stay(7, history=each)) for each in permutations(history)} == {
        decide(a_stay(7, history=history))
    }


@given(st.integers(2, 150), st.data())
def test_a_stay_split_by_a_move_pays_as_the_whole(length: int, data: st.DataObject) -> None:
    moved_on = START + timedelta(data.draw(st.integers(0, length)))
    out = START + timedelta(length)
    halves = (Part(LOCAL, START, moved_on), Part(PLACES[4], moved_on, out))
    whole = decide(a_stay(length))
    split = decide(replace(a_stay(length), event=stay_of(halves)))
    assert split.amount == whole.amount
    assert sum(held.times for held in split.reservations) == 1


@given(st.integers(2, 150), st.data())
def test_a_stay_claimed_in_two_halves_never_pays_more_than_the_whole(
    length: int, data: st.DataObject
) -> None:
    """Up to the cap: the end of a stay that was paid to the cap is not known."""
    moved = data.draw(st.integers(0, min(length, 90)))
    first = decide(a_stay(moved))
    history = (PaidStay(START, moved, first.amount),) if first.amount else ()
    on = START + timedelta(moved)
    second = decide(a_stay(length - moved, on=on, history=history))
    assert first.amount + second.amount <= decide(a_stay(length)).amount


@given(st.integers(1, 400))
def test_a_later_diagnosis_in_the_first_period_never_pays_less(day: int) -> None:
    def pays(n: int) -> int:
        event = IllnessEvent(("stroke",), START + timedelta(n - 1), True)
        cover = (CoverPeriod(START, START + timedelta(500)),)
        return decide(a_stay(2, event=event, coverages=cover)).amount

    assert pays(day) <= pays(day + 1)


@given(st.lists(st.integers(1, 10), min_size=1, max_size=5))
def test_one_more_injury_never_pays_less(grades: list[int]) -> None:
    def pays(all_grades: list[int]) -> int:
        event = AccidentEvent(START, AccidentOutcome.DISABILITY, tuple(all_grades))
        return decide(a_stay(2, event=event)).amount

    assert pays(grades[:-1]) <= pays(grades)


def test_the_case_of_the_manual_is_paid_600(tmp_path: Path) -> None:
    facts = a_stay(12, on=date(2026, 3, 2), history=(PaidStay(date(2025, 9, 2), 10, Fen(50_000)),))
    assert decide(facts).to_json() == {
        "decision": "pay",
        "amount": "600.00",
        "plan": "main-2020",
        "period": {"start": "2025-07-01", "end": "2026-06-30"},
        "lines": [
            {
                "benefit": "hospital_allowance",
                "article": "4.1.1",
                "text": "12 天 × 50 元 = 600 元",
                "amount": "600.00",
            }
        ],
        "reasons": [],
    }


def test_what_a_long_moved_stay_takes_from_the_limits() -> None:
    event = stay_of(
        [
            Part(LOCAL, START, START + timedelta(60)),
            Part(LOCAL, START + timedelta(61), START + timedelta(100)),
            Part(LOCAL, START + timedelta(102), START + timedelta(110)),
        ]
    )
    verdict = decide(a_stay(2, event=event))
    assert verdict.reservations == (
        LimitUse(ALLOWANCE, START, START + timedelta(364), 1, 90, Fen(450_000)),
        LimitUse(ALLOWANCE, START, START + timedelta(364), 1, 8, Fen(40_000)),
    )


def test_what_the_other_benefits_take_from_the_limits() -> None:
    end = START + timedelta(364)
    illness = IllnessEvent(("stroke",), START + timedelta(100), True)
    assert decide(a_stay(2, event=illness)).reservations == (
        LimitUse(Benefit.CRITICAL_ILLNESS, START, end, 1, 0, Fen(1_000_000)),
    )
    death = AccidentEvent(START, AccidentOutcome.DEATH)
    assert decide(a_stay(2, event=death)).reservations == (
        LimitUse(Benefit.ACCIDENT, START, end, 1, 0, Fen(2_000_000), START.isoformat()),
    )
    hurt = AccidentEvent(START, AccidentOutcome.DISABILITY, (10,))
    assert decide(a_stay(2, event=hurt)).reservations == (
        LimitUse(Benefit.ACCIDENT, START, end, 1, 0, Fen(200_000), START.isoformat()),
    )
    parts = (Part(LOCAL, START, START + timedelta(100), *SHEET),)
    event = stay_of(parts)
    assert decide(a_stay(2, event=event), load("medical-2022")).reservations == (
        LimitUse(Benefit.MEDICAL_EXPENSE, START, end, 1, 100, Fen(105_000)),
    )


def test_a_register_of_the_office_is_asked_for_the_day_of_admission(tmp_path: Path) -> None:
    own = tmp_path / "hospitals.toml"
    own.write_text(
        """
        [counties]
        [[hospital]]
        name = "升级医院"
        city = "长春市"
        level = 2
        rank = "city"
        valid_from = 2025-07-01
        source = "批文"
        """,
        encoding="utf-8",
    )
    register = load_file(own)
    for plan, pays in ((MAIN, 50_000), (load("medical-2022"), 84_000)):
        for on, outcome, amount in ((START, "pay", pays), (START - timedelta(1), "refer", 0)):
            part = Part(Hospital("升级医院"), on, on + timedelta(10), *SHEET)
            cover = (CoverPeriod(START - timedelta(9), START + timedelta(9)),)
            facts = a_stay(2, coverages=cover, event=stay_of([part]))
            verdict = judge(facts, plan, register)
            assert (verdict.outcome, verdict.amount) == (outcome, amount)
            assert judge(facts, plan).outcome is Outcome.REFER


def test_notes_of_a_payment_are_notes() -> None:
    for verdict in (decide(a_stay(100)), decide(a_stay(2, PLACES[1]))):
        assert verdict.outcome is Outcome.PAY
        assert [reason.kind for reason in verdict.reasons] == [ReasonKind.NOTE]


@pytest.mark.parametrize(
    ("illnesses_found", "written"),
    [(("stroke",), "stroke"), (("stroke", "paralysis"), ["stroke", "paralysis"])],
)
def test_one_illness_is_written_by_itself_and_several_as_a_list(
    illnesses_found: tuple[str, ...], written: object
) -> None:
    facts = a_stay(2, event=IllnessEvent(illnesses_found, START, True))
    assert to_json(facts)["event"] == {
        "kind": "critical_illness",
        "illness": written,
        "diagnosed_on": "2025-07-01",
        "first_diagnosis": True,
    }
    assert from_json(to_json(facts)) == facts


def test_a_case_is_written_as_the_manual_shows_it() -> None:
    facts = a_stay(12, on=date(2026, 3, 2), history=(PaidStay(date(2025, 9, 2), 10, Fen(50_000)),))
    facts = replace(facts, received_on=date(2026, 4, 20))
    assert to_json(facts) == {
        "plan": "main-2020",
        "received_on": "2026-04-20",
        "member": {"birth_date": "1985-03-17", "sex": "F"},
        "unit_city": "长春市",
        "coverages": [{"start": "2025-07-01", "end": "2026-06-30"}],
        "history": [
            {
                "benefit": "hospital_allowance",
                "admitted_on": "2025-09-02",
                "paid_days": 10,
                "amount": "500.00",
            }
        ],
        "event": {
            "kind": "hospital_stay",
            "cause": "illness",
            "admitted_on": "2026-03-02",
            "discharged_on": "2026-03-14",
            "hospital": {
                "name": "吉林大学第一医院",
                "city": "长春市",
                "level": 3,
                "rank": "province",
            },
        },
    }
