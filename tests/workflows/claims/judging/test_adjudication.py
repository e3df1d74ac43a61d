"""Sums through the whole line, repeated events, and limits that two workers reach at once."""

import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from documents.kinds import Kind
from models import Claim, Decision, Entitlement, LimitCounter, Member, Reservation, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from tests.conftest import AS_OWNER
from tests.desk import STEP_BY_NAME, Desk, Person, a_page, at_once, handed_in
from workflows.claims.acts import correction, told_events
from workflows.claims.approving import approval, approval_queue
from workflows.engine.run import Ended, run
from workflows.sweep import sweep

LOCAL, ELSEWHERE = "吉林大学第一医院", "吉林市中心医院"
SHEET = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单")


@pytest.fixture
def late_in_the_year(desk: Desk) -> Desk:
    """The desk on 12 December, when stays of the whole year lie behind."""
    desk.clock.pass_(days=180)
    return desk


def codes(desk: Desk, claim_id: int) -> list[str]:
    return [reason.code for reason in desk.decision(claim_id).reasons]


@pytest.mark.parametrize(
    ("admitted", "discharged", "hospital", "outcome", "fen", "because"),
    [
        ("2026-03-02", "2026-03-12", LOCAL, "pay", 50000, []),
        ("2026-03-02", "2026-03-12", ELSEWHERE, "pay", 40000, []),
        ("2026-03-02", "2026-03-03", LOCAL, "deny", 0, ["STAY_TOO_SHORT"]),
        ("2026-03-02", "2026-03-02", LOCAL, "deny", 0, ["STAY_TOO_SHORT"]),
        ("2026-03-02", "2026-03-04", ELSEWHERE, "pay", 10000, ["FLOOR_RAISED"]),
        ("2026-01-02", "2026-05-02", LOCAL, "pay", 450000, ["STAY_DAY_CAP"]),
        ("2026-01-02", "2026-05-02", ELSEWHERE, "pay", 360000, ["STAY_DAY_CAP"]),
        ("2025-12-31", "2026-01-10", LOCAL, "deny", 0, ["NOT_COVERED_ON_EVENT"]),
        ("2026-01-01", "2026-01-11", LOCAL, "pay", 50000, []),
        ("2026-03-12", "2026-03-02", LOCAL, "refer", 0, ["DISCHARGE_BEFORE_ADMISSION"]),
        ("2026-06-10", "2026-06-16", LOCAL, "refer", 0, ["EVENT_IN_FUTURE"]),
        ("2026-03-02", "2026-03-12", "某某无名医院", "refer", 0, ["HOSPITAL_UNKNOWN"]),
    ],
)
def test_the_worked_values_of_the_scheme(
    desk: Desk,
    admitted: str,
    discharged: str,
    hospital: str,
    outcome: str,
    fen: int,
    because: list[str],
) -> None:
    stay = {"admitted": admitted, "discharged": discharged, "hospital": hospital}
    claim_id = handed_in(desk, desk.member(), **stay, more=(SHEET,))
    for found in ("FIELD_UNSURE", "DISAGREEMENT"):
        confirm_read(desk, claim_id, found)
    decision = desk.decision(claim_id)
    assert (decision.outcome, decision.amount, codes(desk, claim_id)) == (outcome, fen, because)
    assert sum(line.amount for line in decision.lines) == fen
    assert all(line.article for line in decision.lines)
    state = ClaimState.REFERRED if outcome == "refer" else ClaimState.PROPOSED
    assert desk.state_of(claim_id) == state


def confirm_read(desk: Desk, claim_id: int, code: str) -> None:
    """A clerk looks at what the check was unsure of and says it is right."""
    wanted = [finding for finding in desk.open_findings(claim_id) if finding[0] == code]
    if not wanted:
        return
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        for finding in claim.findings:
            if finding.code == code and finding.closed_at is None:
                correction.answer(session, desk.office, clerk, claim, finding.id, "原件如此")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def established(desk: Desk, claim_id: int, **facts: object) -> None:
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, facts, reason="已核对材料")
    desk.work()


def test_a_person_says_the_level_of_an_unknown_hospital(desk: Desk) -> None:
    claim_id = handed_in(desk, desk.member(), hospital="某某无名医院")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    established(desk, claim_id, hospital={"level": 1, "city": "长春市"})
    assert (desk.decision(claim_id).outcome, codes(desk, claim_id)) == ("deny", ["HOSPITAL_LEVEL"])
    established(desk, claim_id, hospital={"level": 2})
    assert desk.decision(claim_id).amount == 60000


def test_a_stay_after_an_accident_is_denied_for_its_cause(desk: Desk) -> None:
    statement = a_page(Kind.ACCIDENT_STATEMENT, "意外事故说明")
    claim_id = handed_in(desk, desk.member(), more=(statement,))
    # That the accident itself may be claimed is asked first.
    confirm_read(desk, claim_id, "MAY_ALSO_CLAIM")
    assert codes(desk, claim_id) == ["CAUSE_NOT_COVERED"]


def test_two_stays_are_paid_and_the_third_is_denied(late_in_the_year: Desk) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    first = handed_in(desk, person, admitted="2026-01-02", discharged="2026-05-02")
    second = handed_in(desk, person, admitted="2026-06-01", discharged="2026-09-29")
    third = handed_in(desk, person, admitted="2026-11-02", discharged="2026-11-12")
    amounts = [desk.decision(claim_id).amount for claim_id in (first, second, third)]
    assert amounts == [450000, 450000, 0]
    assert codes(desk, third) == ["STAY_LIMIT"]
    assert desk.state_of(third) == ClaimState.PROPOSED
    with desk.office.sessions.read_only() as session:
        counter = session.scalars(select(LimitCounter)).one()
        assert (counter.times, counter.days, counter.amount) == (2, 180, 900000)
        assert counter.times_limit == 2


def test_a_new_period_has_limits_of_its_own(late_in_the_year: Desk) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    desk.member(on_roster=person, covered=(date(2025, 1, 1), date(2025, 12, 31)))
    for month in ("2025-02", "2025-05", "2026-02", "2026-05"):
        claim_id = handed_in(desk, person, admitted=f"{month}-02", discharged=f"{month}-12")
        assert desk.decision(claim_id).amount == 50000


def test_the_third_claim_is_paid_once_the_first_is_sent_back(late_in_the_year: Desk) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    supervisor, clerk = desk.user(Role.SUPERVISOR), desk.user(Role.CLERK)
    claims = [
        handed_in(desk, person, admitted=f"2026-{m:02}-02", discharged=f"2026-{m:02}-12")
        for m in (2, 4, 6)
    ]
    with desk.at(claims[0]) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, "日期存疑")
    with desk.at(claims[2]) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert desk.decision(claims[2]).outcome == "pay"
    with desk.at(claims[0]) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert codes(desk, claims[0]) == ["STAY_LIMIT"]


def test_a_second_claim_for_the_same_event_is_a_question_for_a_person(desk: Desk) -> None:
    person = desk.member()
    first, second = handed_in(desk, person), handed_in(desk, person)
    assert desk.state_of(first) == ClaimState.PROPOSED
    assert desk.state_of(second) == ClaimState.REFERRED
    assert codes(desk, second) == ["DUPLICATE_EVENT"]
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Entitlement)) == 1


def test_a_repeated_claim_is_not_told_that_its_own_twin_used_up_the_limit(
    late_in_the_year: Desk,
) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    for month in ("02", "04"):
        stay = {"admitted": f"2026-{month}-02", "discharged": f"2026-{month}-12"}
        handed_in(desk, person, **stay)
    again = handed_in(desk, person, admitted="2026-02-02", discharged="2026-02-12")
    assert (desk.state_of(again), codes(desk, again)) == (
        ClaimState.REFERRED,
        ["DUPLICATE_EVENT"],
    )


def test_two_people_may_lie_in_the_same_hospital_on_the_same_days(desk: Desk) -> None:
    claims = [handed_in(desk, desk.member(name)) for name in ("张三", "李四")]
    assert [desk.decision(claim_id).amount for claim_id in claims] == [60000, 60000]


def an_illness(desk: Desk, person: Person, diagnosed_on: str, *illnesses: str) -> int:
    """A claim for an illness alone: the stay its papers also show is not asked for."""
    claim_id = a_stay_and_an_illness(desk, person, diagnosed_on, *illnesses)
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, desk.user(Role.CLERK), claim, 0, "不申请")
    desk.work()
    return claim_id


def a_stay_and_an_illness(
    desk: Desk, person: Person, diagnosed_on: str, *illnesses: str, **stay: str
) -> int:
    report = a_page(Kind.PATHOLOGY_REPORT, "病理诊断报告")
    certificate = a_page(Kind.DIAGNOSIS_CERTIFICATE, "诊断证明书")
    image = a_page(Kind.TEST_REPORT, "头颅CT检查报告单")
    claim_id = handed_in(desk, person, more=(report, certificate, image), **stay)
    told: dict[str, object] = {
        "kind": "critical_illness",
        "illness": list(illnesses),
        "diagnosed_on": diagnosed_on,
        "first_diagnosis": True,
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, desk.user(Role.CLERK), claim, told, reason="已核对材料"
        )
    desk.work()
    return claim_id


def parts(desk: Desk, claim_id: int) -> list[tuple[int, str, str, int]]:
    """Event, plan, outcome and yuan of each part of the decision in force."""
    found = desk.decision(claim_id).parts
    return [(part.event, part.plan, part.outcome, part.amount // 100) for part in found]


@pytest.mark.parametrize(
    ("diagnosed_on", "fen"),
    [("2026-01-30", 0), ("2026-01-31", 50000), ("2026-03-31", 50000), ("2026-04-01", 1_000_000)],
)
def test_a_tumour_is_paid_by_the_day_of_cover(desk: Desk, diagnosed_on: str, fen: int) -> None:
    claim_id = an_illness(desk, desk.member(), diagnosed_on, "malignant_tumour")
    assert desk.decision(claim_id).amount == fen


def test_a_stay_and_a_tumour_in_one_packet_are_both_paid(desk: Desk) -> None:
    claim_id = a_stay_and_an_illness(desk, desk.member(), "2026-04-20", "malignant_tumour")
    assert parts(desk, claim_id) == [
        (0, "main-2020", "pay", 600),
        (1, "main-2020", "pay", 10_000),
    ]
    assert desk.decision(claim_id).amount == 1_060_000


def test_every_plan_in_force_answers_for_the_event_by_its_own_rules(desk: Desk) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="illness-2020", shares=2)
    claim_id = an_illness(desk, person, "2026-04-20", "stroke")
    assert parts(desk, claim_id) == [
        (0, "main-2020", "pay", 10_000),
        (0, "illness-2020", "pay", 20_000),
    ]


def test_one_part_that_is_a_question_holds_up_the_whole_claim_and_reserves_nothing(
    desk: Desk,
) -> None:
    person = desk.member()
    claim_id = a_stay_and_an_illness(
        desk, person, "2026-04-20", "stroke", hospital="不在名册的医院"
    )
    assert desk.state_of(claim_id) == "referred"
    decision = desk.decision(claim_id)
    assert (decision.outcome, decision.amount) == ("refer", 0)
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Entitlement)).all() == []
        assert session.scalars(select(LimitCounter)).all() == []


def test_a_second_packet_asks_about_the_event_already_decided_and_no_other(desk: Desk) -> None:
    person = desk.member()
    handed_in(desk, person)
    again = a_stay_and_an_illness(desk, person, "2026-04-20", "stroke")
    assert [(event, outcome) for event, _plan, outcome, _yuan in parts(desk, again)] == [
        (0, "refer"),
        (1, "pay"),
    ]
    assert codes(desk, again)[0] == "DUPLICATE_EVENT"


def test_two_stays_of_one_claim_take_from_one_counter(desk: Desk) -> None:
    claim_id, clerk = handed_in(desk, desk.member()), desk.user(Role.CLERK)
    second: dict[str, object] = {
        "kind": "hospital_stay",
        "cause": "illness",
        "admitted_on": "2026-04-10",
        "discharged_on": "2026-04-20",
        "hospital": {"name": LOCAL},
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, clerk, claim, second, number=1, reason="已核对材料"
        )
    desk.work()
    assert [yuan for *_, yuan in parts(desk, claim_id)] == [600, 500]
    with desk.office.sessions.read_only() as session:
        counter = session.scalars(select(LimitCounter)).one()
        assert (counter.times, counter.days, counter.amount) == (2, 22, 110_000)


def test_a_stay_of_which_ninety_days_were_paid_is_known_by_its_last_day(desk: Desk) -> None:
    person = desk.member()
    handed_in(desk, person, admitted="2026-01-02", discharged="2026-05-02")
    moved = handed_in(desk, person, admitted="2026-05-03", discharged="2026-05-20")
    assert codes(desk, moved) == ["DUPLICATE_EVENT"]


def test_an_event_is_neither_the_last_to_go_nor_asked_for_twice(desk: Desk) -> None:
    claim_id, clerk = handed_in(desk, desk.member()), desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="至少"):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="相同"):
        same = {"kind": "hospital_stay", "cause": "illness"}
        told_events.establish(
            session, desk.office, clerk, claim, same, number=1, reason="已核对材料"
        )
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="没有第 4 个事件"):
        told_events.establish(
            session, desk.office, clerk, claim, {"cause": "illness"}, number=3, reason="已核对材料"
        )


def test_waiting_days_served_under_one_edition_count_under_the_next(desk: Desk) -> None:
    person = desk.member(covered=(date(2025, 1, 1), date(2025, 12, 31)))
    desk.member(on_roster=person, covered=(date(2026, 1, 1), date(2026, 12, 31)), plan="main-2025")
    claim_id = an_illness(desk, person, "2026-01-05", "malignant_tumour")
    assert parts(desk, claim_id) == [(0, "main-2025", "pay", 10_000)]


def test_an_optional_plan_beside_it_does_not_stand_in_for_the_main_plan(desk: Desk) -> None:
    year = (date(2025, 7, 1), date(2026, 6, 30))
    person = desk.member(covered=year, plan="accident-2022")
    for plan in ("illness-2020", "main-2025"):
        desk.member(on_roster=person, plan=plan)
    assert [plan for _, plan, *_ in parts(desk, handed_in(desk, person))] == ["main-2025"]
    ill = an_illness(desk, person, "2026-04-20", "malignant_tumour")
    assert [plan for _, plan, *_ in parts(desk, ill)] == ["main-2025", "illness-2020"]


@pytest.mark.parametrize(
    ("happened_on", "plan"), [("2025-12-31", "main-2020"), ("2026-01-01", "main-2025")]
)
def test_the_day_of_an_accident_chooses_its_plan(desk: Desk, happened_on: str, plan: str) -> None:
    person = desk.member(covered=(date(2025, 1, 1), date(2025, 12, 31)))
    desk.member(on_roster=person, plan="main-2025")
    appraisal = a_page(Kind.DISABILITY_APPRAISAL, "伤残鉴定书")
    statement = a_page(Kind.ACCIDENT_STATEMENT, "意外事故说明")
    certificate = a_page(Kind.DIAGNOSIS_CERTIFICATE, "诊断证明书")
    claim_id = handed_in(desk, person, more=(appraisal, statement, certificate))
    told = {"kind": "accident", "outcome": "disability", "grades": [5]}
    established(desk, claim_id, **told, happened_on=happened_on)
    assert parts(desk, claim_id) == [(0, plan, "pay", 12_000)]


def test_an_optional_plan_pays_for_each_share(desk: Desk) -> None:
    person = desk.member(plan="illness-2020", shares=3)
    claim_id = an_illness(desk, person, "2026-04-20", "malignant_tumour")
    assert parts(desk, claim_id) == [(0, "illness-2020", "pay", 30_000)]


def test_a_right_under_one_plan_is_no_duplicate_under_another(desk: Desk) -> None:
    person = desk.member(plan="illness-2020")
    first = an_illness(desk, person, "2026-04-20", "malignant_tumour")
    desk.member(on_roster=person, plan="main-2025")
    second = an_illness(desk, person, "2026-04-20", "malignant_tumour")
    assert parts(desk, first) == [(0, "illness-2020", "pay", 10_000)]
    assert parts(desk, second) == [
        (0, "main-2025", "pay", 10_000),
        (0, "illness-2020", "refer", 0),
    ]


def test_two_illnesses_at_once_are_one_payment_and_neither_is_paid_again(desk: Desk) -> None:
    person = desk.member()
    both = an_illness(desk, person, "2026-05-05", "malignant_tumour", "stroke")
    assert desk.decision(both).amount == 1_000_000
    again = an_illness(desk, person, "2026-06-05", "stroke")
    assert codes(desk, again) == ["ILLNESS_ALREADY_PAID"]
    stay = handed_in(desk, person)
    assert desk.decision(stay).amount == 60000


def test_a_claim_decided_again_supersedes_its_decision_and_takes_the_limit_once(
    desk: Desk,
) -> None:
    claim_id, clerk = handed_in(desk, desk.member()), desk.user(Role.CLERK)
    desk.correct(clerk, claim_id, discharged_on="2026-03-20")
    with desk.office.sessions.read_only() as session:
        decisions = session.scalars(select(Decision).order_by(Decision.number)).all()
        assert [(d.number, d.amount, d.superseded_at is None) for d in decisions] == [
            (1, 60000, False),
            (2, 90000, True),
        ]
        rights = session.scalars(select(Entitlement).order_by(Entitlement.id)).all()
        assert [right.released_at is None for right in rights] == [False, True]
        counter = session.scalars(select(LimitCounter)).one()
        assert (counter.times, counter.days, counter.amount) == (1, 18, 90000)


def test_a_denied_claim_takes_nothing_and_the_event_stays_free(desk: Desk) -> None:
    person = desk.member()
    claim_id = handed_in(desk, person, discharged="2026-03-03")
    assert desk.decision(claim_id).outcome == "deny"
    desk.correct(desk.user(Role.CLERK), claim_id, discharged_on="2026-03-14")
    assert desk.decision(claim_id).amount == 60000


def test_the_city_of_the_cover_decides_what_is_local(desk: Desk) -> None:
    person = desk.member()
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text("UPDATE cover_year SET city = '吉林市'"))
    claim_id = handed_in(desk, person, hospital=ELSEWHERE)
    assert desk.decision(claim_id).amount == 60000


# --- two workers at once


def waiting_for_a_lock(desk: Desk, many: int) -> bool:
    with desk.office.sessions.read_only() as session:
        session.execute(text(AS_OWNER))  # nobody else is told what others wait for
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(session.scalar(text(query)) == many)


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.01)


def in_this_order(desk: Desk, claims: list[int]) -> list[Ended]:
    """Adjudicate all at once: each stands at the member's lock, in this order, and it opens."""
    ended: dict[int, Ended] = {}

    def adjudicate(claim_id: int) -> None:
        ended[claim_id] = run(desk.office, STEP_BY_NAME["adjudicate"], claim_id)

    threads = [
        threading.Thread(target=adjudicate, args=(claim_id,), daemon=True) for claim_id in claims
    ]
    with desk.office.sessions.unit_of_work() as session:
        session.scalars(select(Member).with_for_update()).one()
        for many, thread in enumerate(threads, 1):
            thread.start()
            until(lambda many=many: waiting_for_a_lock(desk, many))  # type: ignore[misc]
    for thread in threads:
        thread.join()
    return [ended[claim_id] for claim_id in claims]


def work_until_complete(desk: Desk, claims: list[int]) -> None:
    for name in ("read", "check"):
        for claim_id in claims:
            assert desk.run_only(name, claim_id) is Ended.DONE
    desk.bells.clear()


@pytest.mark.parametrize("turned", [False, True])
def test_two_workers_at_the_limit_pay_one_claim_and_deny_the_other(
    late_in_the_year: Desk, turned: bool
) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    handed_in(desk, person, admitted="2026-01-02", discharged="2026-01-12")
    claims = [
        desk.claim(person, admitted=f"2026-{m:02}-02", discharged=f"2026-{m:02}-12") for m in (4, 6)
    ]
    work_until_complete(desk, claims)
    order = claims[::-1] if turned else claims
    assert in_this_order(desk, order) == [Ended.DONE, Ended.DONE]
    assert sorted(desk.decision(claim_id).outcome for claim_id in claims) == ["deny", "pay"]
    counters_hold(desk)


@pytest.mark.parametrize("turned", [False, True])
def test_two_workers_with_the_same_event_pay_one_and_refer_the_other(
    desk: Desk, turned: bool
) -> None:
    person = desk.member()
    claims = [desk.claim(person), desk.claim(person)]
    work_until_complete(desk, claims)
    order = claims[::-1] if turned else claims
    assert in_this_order(desk, order) == [Ended.DONE, Ended.DONE]
    assert sorted(desk.decision(claim_id).outcome for claim_id in claims) == ["pay", "refer"]
    counters_hold(desk)


def test_five_workers_on_five_stays_of_one_member_pay_two(late_in_the_year: Desk) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    claims = [
        desk.claim(person, admitted=f"2026-{m:02}-02", discharged=f"2026-{m:02}-12")
        for m in range(2, 7)
    ]
    work_until_complete(desk, claims)
    at_once(*[partial(run, desk.office, STEP_BY_NAME["adjudicate"], c) for c in claims])
    outcomes = sorted(desk.decision(claim_id).outcome for claim_id in claims)
    assert outcomes == ["deny", "deny", "deny", "pay", "pay"]
    counters_hold(desk)


def test_several_stays_of_one_member_in_one_transaction_know_of_each_other(
    late_in_the_year: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk, person = late_in_the_year, late_in_the_year.member()
    claims = [
        desk.claim(person, admitted=f"2026-{m:02}-02", discharged=f"2026-{m:02}-12")
        for m in (2, 4, 6, 4)
    ]
    work_until_complete(desk, claims)
    assert run(desk.office, STEP_BY_NAME["adjudicate"], *claims) is Ended.DONE
    assert [desk.decision(claim_id).outcome for claim_id in claims] == [
        "pay",
        "pay",
        "deny",
        "refer",
    ]
    # A step that fails together warns, and is then run for each claim alone.
    assert [line.getMessage() for line in caplog.records if line.levelname == "WARNING"] == []
    counters_hold(desk)


def test_claims_of_many_members_in_crossing_transactions_are_each_decided_once(
    desk: Desk,
) -> None:
    people = [desk.member(name) for name in ("张三", "李四", "王五")]
    claims = [desk.claim(person) for person in people * 2]
    work_until_complete(desk, claims)
    # Each worker has a claim of every member, the one in the other's order.
    crossing = (claims[:3], claims[:2:-1])
    at_once(*[partial(run, desk.office, STEP_BY_NAME["adjudicate"], *mine) for mine in crossing])
    for _ in range(3):  # A row that met a deadlock is tried again after its back-off.
        desk.clock.pass_(minutes=1)
        for claim_id in claims:
            run(desk.office, STEP_BY_NAME["adjudicate"], claim_id)
    outcomes = sorted(desk.decision(claim_id).outcome for claim_id in claims)
    assert outcomes == ["pay"] * 3 + ["refer"] * 3
    counters_hold(desk)


def counters_hold(desk: Desk) -> None:
    """Every counter is the sum of its live reservations; every live right has its decision."""
    with desk.office.sessions.read_only() as session:
        live = Reservation.released_at.is_(None)
        for counter in session.scalars(select(LimitCounter)):
            taken = session.execute(
                select(
                    func.coalesce(func.sum(Reservation.times), 0),
                    func.coalesce(func.sum(Reservation.days), 0),
                    func.coalesce(func.sum(Reservation.amount), 0),
                ).where(Reservation.counter_id == counter.id, live)
            ).one()
            assert tuple(taken) == (counter.times, counter.days, counter.amount)
            assert counter.times_limit is None or counter.times <= counter.times_limit
        orphans = session.execute(
            select(Entitlement.id)
            .join(Decision, Decision.id == Entitlement.decision_id)
            .where(Entitlement.released_at.is_(None) != Decision.superseded_at.is_(None))
        )
        assert orphans.all() == []
        kept = session.execute(
            select(Reservation.id)
            .join(Entitlement)
            .where(live != Entitlement.released_at.is_(None))
        )
        assert kept.all() == []


ACTS = st.tuples(
    st.sampled_from(["recheck", "send_back", "lengthen", "approve", "sweep"]),
    st.integers(0, 2),
    st.integers(2, 100),
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=1, max_size=6))
def test_after_any_acts_the_counters_are_the_sums_of_what_is_reserved(
    late_in_the_year: Desk, acts: list[tuple[str, int, int]]
) -> None:
    desk = late_in_the_year
    people = (desk.user(Role.CLERK), desk.user(Role.SUPERVISOR))
    person = desk.member()
    claims = [
        handed_in(desk, person, admitted=f"2026-{m:02}-02", discharged=f"2026-{m:02}-12")
        for m in (1, 5, 9)
    ]
    for verb, which, days in acts:
        try:
            act(desk, people, verb, claims[which], days)
        except Refused:
            continue
        finally:
            desk.work()
            counters_hold(desk)


def act(desk: Desk, people: tuple[User, User], verb: str, claim_id: int, days: int) -> None:
    clerk, supervisor = people
    with desk.at(claim_id) as (session, claim):
        match verb:
            case "recheck":
                correction.recheck(session, desk.office, clerk, claim)
            case "send_back":
                approval.send_back(session, desk.office, supervisor, claim, "再核")
            case "lengthen":
                lengthen(desk, session, clerk, claim, days)
            case "approve":
                items = [
                    i for i in approval_queue.queue(session, desk.office) if i.claim_id == claim_id
                ]
                approval.approve(session, desk.office, supervisor, items, items)
    if verb == "sweep":
        desk.clock.pass_(seconds=days)
        sweep(desk.office)


def lengthen(desk: Desk, session: Any, clerk: User, claim: Claim, days: int) -> None:
    first = date.fromisoformat("2026-01-02")
    until_day = date.fromordinal(first.toordinal() + days)
    correction.correct_field(
        session, desk.office, clerk, claim, "discharged_on", until_day.isoformat()
    )
    correction.recheck(session, desk.office, clerk, claim)
