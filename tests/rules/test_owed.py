"""All that is owed for one claim: every event, under every plan in force on its day."""

import copy
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.assessing import assess
from rules.errors import BadInput
from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    Event,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    PaidStay,
    Sex,
)
from rules.facts.claim import ClaimFacts, PaidUnder, PlanCover
from rules.money import Fen
from rules.owed import judge_claim, outcome_of
from rules.plans.loading import SHIPPED
from rules.verdict import Code, Outcome, Reason, ReasonKind, Verdict

START = date(2026, 1, 1)
END = date(2026, 12, 31)
HOSPITAL = Hospital("吉林大学第一医院", "长春市", 3, "province")


def cover(plan: str, shares: int = 1, start: date = START, end: date = END) -> PlanCover:
    return PlanCover(start, end, shares, plan=plan, city="长春市")


def stay(admitted: date, days: int = 10, fund_paid: int | None = None) -> HospitalStay:
    fund = Fen(fund_paid) if fund_paid is not None else None
    return HospitalStay(HOSPITAL, admitted, admitted + timedelta(days), fund, cause="illness")


def illness(on: date, *named: str) -> IllnessEvent:
    return IllnessEvent(named or ("stroke",), on, first_diagnosis=True)


def injury(*grades: int, on: date = date(2026, 5, 1)) -> AccidentEvent:
    return AccidentEvent(on, AccidentOutcome.DISABILITY, grades)


def claim(*events: Event, covers: tuple[PlanCover, ...] = (cover("main-2020"),)) -> ClaimFacts:
    member = MemberFacts(date(1980, 1, 1), Sex.FEMALE)
    return ClaimFacts(date(2026, 12, 1), member, None, covers, (), events)


def yuan_by_plan(facts: ClaimFacts) -> list[tuple[int, str, int]]:
    return [(part.event, part.plan.code, part.verdict.amount // 100) for part in judge_claim(facts)]


def test_an_illness_is_paid_by_the_main_plan_and_by_each_share_of_the_optional_one() -> None:
    both = (cover("illness-2020", shares=2), cover("main-2020"))
    assert yuan_by_plan(claim(illness(date(2026, 6, 1)), covers=both)) == [
        (0, "main-2020", 10_000),
        (0, "illness-2020", 20_000),
    ]


def test_an_accident_is_paid_by_both_plans() -> None:
    both = (cover("main-2020"), cover("accident-2022"))
    assert yuan_by_plan(claim(injury(5), covers=both)) == [
        (0, "main-2020", 12_000),
        (0, "accident-2022", 18_000),
    ]


def test_a_stay_is_paid_by_the_day_and_by_the_share_of_what_the_fund_paid() -> None:
    both = (cover("main-2020"), cover("medical-2022"))
    asked = claim(stay(date(2026, 4, 1), fund_paid=20_000_00), covers=both)
    assert yuan_by_plan(asked) == [(0, "main-2020", 500), (0, "medical-2022", 2_100)]


def test_a_stay_and_a_tumour_in_one_claim_are_both_paid() -> None:
    asked = claim(stay(date(2026, 4, 1)), illness(date(2026, 4, 3), "malignant_tumour"))
    assert yuan_by_plan(asked) == [(0, "main-2020", 500), (1, "main-2020", 10_000)]


def test_an_event_counts_what_the_event_before_it_was_granted() -> None:
    asked = claim(*(stay(date(2026, month, 1)) for month in (2, 4, 6)))
    parts = judge_claim(asked)
    assert [part.verdict.outcome for part in parts] == [Outcome.PAY, Outcome.PAY, Outcome.DENY]
    assert parts[2].verdict.reasons[0].code is Code.STAY_LIMIT


def test_the_count_of_stays_holds_under_each_plan_for_itself() -> None:
    both = (cover("main-2020"), cover("medical-2022"))
    before = PaidUnder("main-2020", PaidStay(date(2026, 2, 1), 10, Fen(500_00)))
    again = PaidUnder("main-2020", PaidStay(date(2026, 3, 1), 10, Fen(500_00)))
    asked = replace(
        claim(stay(date(2026, 4, 1), fund_paid=20_000_00), covers=both), history=(before, again)
    )
    assert yuan_by_plan(asked) == [(0, "main-2020", 0), (0, "medical-2022", 2_100)]


def test_the_stays_of_an_expense_plan_are_counted_across_the_events_of_a_claim() -> None:
    asked = claim(
        *(stay(date(2026, month, 1), fund_paid=20_000_00) for month in (2, 4, 6)),
        covers=(cover("medical-2022"),),
    )
    assert [yuan for _event, _plan, yuan in yuan_by_plan(asked)] == [2_100, 2_100, 0]


def test_a_plan_that_does_not_pay_for_such_events_has_no_part() -> None:
    both = (cover("main-2020"), cover("medical-2022"))
    assert [code for _, code, _ in yuan_by_plan(claim(illness(date(2026, 6, 1)), covers=both))] == [
        "main-2020"
    ]


@pytest.mark.parametrize(
    ("covers", "event", "plan", "code"),
    [
        ((), stay(date(2026, 4, 1)), "main-2020", Code.NOT_A_MEMBER),
        ((cover("main-2020"),), stay(date(2025, 4, 1)), "main-2020", Code.NOT_COVERED_ON_EVENT),
        ((cover("illness-2020"),), stay(date(2026, 4, 1)), "illness-2020", Code.CAUSE_NOT_COVERED),
        (
            (cover("illness-2020"), cover("accident-2022")),
            illness(date(2025, 4, 1)),
            "illness-2020",
            Code.NOT_COVERED_ON_EVENT,
        ),
    ],
)
def test_an_event_no_plan_pays_for_is_refused_once_with_the_reason(
    covers: tuple[PlanCover, ...], event: Event, plan: str, code: Code
) -> None:
    [part] = judge_claim(claim(event, covers=covers))
    assert (part.plan.code, part.verdict.outcome) == (plan, Outcome.DENY)
    assert [reason.code for reason in part.verdict.reasons][:1] == [code]


def test_the_edition_and_the_city_are_those_of_the_cover_on_the_day() -> None:
    covers = (
        replace(cover("main-2020", start=date(2025, 1, 1), end=date(2025, 12, 31)), city="四平市"),
        cover("main-2025"),
    )
    old, new = judge_claim(claim(stay(date(2025, 12, 30)), stay(date(2026, 4, 1)), covers=covers))
    assert (old.plan.code, old.verdict.amount) == ("main-2020", Fen(400_00))
    assert (new.plan.code, new.verdict.amount) == ("main-2025", Fen(500_00))


def test_the_shares_of_the_cover_on_the_day_count() -> None:
    burn = AccidentEvent(date(2026, 5, 1), AccidentOutcome.BURN, area="body", percent=Decimal(12))
    covers = (cover("main-2020"), cover("accident-2022", shares=3))
    assert yuan_by_plan(claim(burn, covers=covers)) == [
        (0, "main-2020", 10_000),
        (0, "accident-2022", 45_000),
    ]


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("pay", "pay"),
        ("deny", "deny"),
        ("pay deny", "pay"),
        ("deny refer pay", "refer"),
        ("deny deny", "deny"),
    ],
)
def test_one_question_holds_up_the_claim_and_one_payment_makes_it_pay(
    parts: str, whole: str
) -> None:
    assert outcome_of([Outcome(word) for word in parts.split()]) is Outcome(whole)


CASE = {
    "received_on": "2026-12-01",
    "member": {"birth_date": "1980-01-01", "sex": "F"},
    "unit_city": "长春市",
    "coverages": [
        {"plan": "main-2020", "start": "2026-01-01", "end": "2026-12-31"},
        {"plan": "illness-2020", "start": "2026-01-01", "end": "2026-12-31", "shares": 2},
    ],
    "history": [
        {
            "plan": "main-2020",
            "benefit": "hospital_allowance",
            "admitted_on": "2026-02-01",
            "paid_days": 10,
            "amount": "500.00",
        }
    ],
    "events": [
        {
            "kind": "hospital_stay",
            "cause": "illness",
            "admitted_on": "2026-06-01",
            "discharged_on": "2026-06-11",
            "hospital": {"name": "吉林大学第一医院"},
        },
        {
            "kind": "critical_illness",
            "illness": "stroke",
            "diagnosed_on": "2026-06-02",
            "first_diagnosis": True,
        },
    ],
}


def test_a_case_with_events_is_answered_in_parts() -> None:
    answer = json.loads(assess(json.dumps(CASE)))
    assert (answer["decision"], answer["amount"]) == ("pay", "30500.00")
    parts = [(part["event"], part["plan"], part["amount"]) for part in answer["parts"]]
    assert parts == [
        (0, "main-2020", "500.00"),
        (1, "main-2020", "10000.00"),
        (1, "illness-2020", "20000.00"),
    ]
    assert set(answer["parts"][0]) == {
        "plan", "event", "decision", "amount", "period", "lines", "reasons"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("coverages", 0, "plan"), "main-1999", "coverages[0].plan：没有这个计划：main-1999"),
        (("coverages", 1, "plan"), "main-2025", "重叠"),
        (("coverages", 0, "end"), "2025-12-31", "coverages"),
        (("history", 0, "amount"), "free", "history[0].amount"),
        (("history", 0, "plan"), "none-such", "history[0].plan：没有这个计划：none-such"),
        (("history", 0, "plan"), None, "history[0].plan"),
        (("events",), [], "events"),
        (("events", 1, "illness"), 7, "events[1].illness"),
        (("events", 0, "hospital", "level"), 9, "events[0].hospital.level"),
        (("payee",), "cousin", "payee"),
        (("member",), None, "member"),
        (("colour",), "red", "colour"),
    ],
)
def test_what_a_whole_case_cannot_hold_is_named_by_its_path(
    path: tuple[str | int, ...], value: object, named: str
) -> None:
    case = copy.deepcopy(CASE)
    place: object = case
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    with pytest.raises(BadInput) as refusal:
        assess(json.dumps(case))
    assert named in str(refusal.value)


def test_a_denial_calls_the_illness_by_its_name_also_where_another_list_has_it() -> None:
    both = (cover("main-2020"), cover("women-changchun"))
    main, women = judge_claim(claim(illness(date(2026, 6, 1), "malignant_tumour"), covers=both))
    assert (main.verdict.outcome, women.verdict.outcome) == (Outcome.PAY, Outcome.DENY)
    assert women.verdict.reasons[0].text.startswith("恶性肿瘤不在")


def test_a_part_that_something_beside_other_claims_denies_keeps_only_that_reason() -> None:
    [part] = judge_claim(claim(stay(date(2026, 4, 1))))
    assert part.verdict.amount
    reason = Reason(Code.DUPLICATE_EVENT, "4.1.1", "已由另一案件给付", ReasonKind.DENY)
    denied = part.unpaid(Outcome.DENY, reason)
    assert denied.verdict == Verdict(
        Outcome.DENY, Fen(0), "main-2020", (START, END), (), (reason,), ()
    )
    assert denied[:3] == part[:3]


def test_a_case_with_several_events_is_judged_by_its_own_plans_alone() -> None:
    with pytest.raises(BadInput, match=r"^案件：有 events 时不能另指定计划文件$"):
        assess(json.dumps(CASE), SHIPPED / "main-2020.toml")
