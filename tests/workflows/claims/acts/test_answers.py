"""A question of the rules from papers to its end: answered, agreed to, judged again."""

from typing import Any

import pytest
from sqlalchemy import select

from models import Answer, Claim, Entitlement, Maker, User
from models.people import Role
from models.states import ClaimState
from rules.errors import BadInput, Refused
from rules.verdict import Code
from tests.desk import HOSPITAL, Desk, handed_in
from tests.documents.reading.test_stay_parts import record
from tests.opened import sentence
from tests.workflows.claims.judging.test_adjudication import confirm_read
from workflows.claims.acts import answers, correction, told_events
from workflows.claims.approving import approval, approval_queue
from workflows.claims.approving.touches import touches_of
from workflows.sealed_values.decisions import why_of

EXCLUSION, TWICE, UNKNOWN = (
    Code.EXCLUSION_SUSPECTED,
    Code.DUPLICATE_EVENT,
    Code.HOSPITAL_UNKNOWN,
)


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def suspected(desk: Desk, clerk: User) -> int:
    """A stay of which a clerk says that it may be an exclusion."""
    claim_id = handed_in(desk)
    establish(desk, clerk, claim_id, exclusion="childbirth")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    return claim_id


def establish(desk: Desk, clerk: User, claim_id: int, **facts: object) -> None:
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, facts, reason="已核对材料")
    desk.work()


def answer(
    desk: Desk,
    person: User,
    claim_id: int,
    code: Code,
    said: str,
    reason: str = "已查阅病历",
    event: int = 0,
) -> None:
    with desk.at(claim_id) as (session, claim):
        answers.answer_question(session, desk.office, person, claim, event, code, said, reason)
    desk.work()


def agree(desk: Desk, person: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        waiting = [each.waiting for each in answers.open_questions(claim) if each.waiting]
        answers.confirm_answer(session, desk.office, person, claim, waiting[0].id)
    desk.work()


def asked(desk: Desk, claim_id: int) -> list[Code]:
    with desk.office.sessions.read_only() as session:
        return [each.code for each in answers.open_questions(session.get_one(Claim, claim_id))]


def decided(desk: Desk, claim_id: int) -> tuple[str, int, list[str]]:
    decision = desk.decision(claim_id)
    return decision.outcome, decision.amount, [reason.code for reason in decision.reasons]


def test_what_is_no_exclusion_is_paid_once_two_people_say_so_and_a_third_approves(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = suspected(desk, clerk)
    answer(desk, supervisor, claim_id, EXCLUSION, "not_excluded", "电话 13800138000 核实")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    confirmer = desk.user(Role.SUPERVISOR)
    agree(desk, confirmer, claim_id)
    assert decided(desk, claim_id) == ("pay", 60000, [EXCLUSION])
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(Answer)).one()
        assert (kept.answered_by, kept.confirmed_by) == (supervisor.id, confirmer.id)
        assert "13800138000" not in why_of(kept)
        makers = set(session.scalars(select(Maker.user_id).filter_by(claim_id=claim_id)))
        assert makers == {clerk.id, supervisor.id, confirmer.id}
    for maker in (supervisor, confirmer):
        assert desk.approve_all(maker).count == 0
    assert desk.approve_all().count == 1
    assert desk.state_of(claim_id) == ClaimState.PAYABLE


def test_an_exclusion_is_denied_by_its_own_reason(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = suspected(desk, clerk)
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    assert decided(desk, claim_id) == ("deny", 0, ["EXCLUDED"])
    desk.approve_all(supervisor)
    assert desk.state_of(claim_id) == ClaimState.DENIED


def test_a_stay_told_apart_from_another_is_paid_under_a_right_of_its_own(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    person = desk.member()
    handed_in(desk, person)
    again = handed_in(desk, person)
    assert asked(desk, again) == [TWICE]
    answer(desk, supervisor, again, TWICE, "another")
    agree(desk, clerk, again)
    assert decided(desk, again) == ("pay", 60000, [TWICE])
    third = handed_in(desk, person)
    assert asked(desk, third) == [TWICE]
    with desk.office.sessions.read_only() as session:
        events = session.scalars(select(Entitlement.event_print).order_by(Entitlement.id)).all()
        assert events[1] == events[0] + b"#2"
    desk.approve_all()
    assert desk.state_of(again) == ClaimState.PAYABLE


def test_the_same_stay_once_more_is_denied(desk: Desk, clerk: User) -> None:
    person = desk.member()
    handed_in(desk, person)
    again = handed_in(desk, person)
    with pytest.raises(Refused, match="请写明原因"):
        answer(desk, clerk, again, TWICE, "same", " ")
    answer(desk, clerk, again, TWICE, "same")
    assert decided(desk, again)[:2] == ("deny", 0)
    assert decided(desk, again)[2][0] == TWICE
    assert desk.state_of(again) == ClaimState.PROPOSED


def test_a_twin_that_used_up_the_limit_is_denied_as_the_same_event(desk: Desk, clerk: User) -> None:
    desk.clock.pass_(days=180)
    person = desk.member()
    for month in ("02", "04"):
        handed_in(desk, person, admitted=f"2026-{month}-02", discharged=f"2026-{month}-12")
    again = handed_in(desk, person, admitted="2026-02-02", discharged="2026-02-12")
    answer(desk, clerk, again, TWICE, "same")
    assert decided(desk, again) == ("deny", 0, [TWICE])


def test_an_unknown_hospital_is_denied_by_an_answer_or_paid_by_facts(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    with pytest.raises(Refused, match="事件"):
        answer(desk, clerk, claim_id, UNKNOWN, "known")
    answer(desk, clerk, claim_id, UNKNOWN, "below")
    assert decided(desk, claim_id) == ("deny", 0, ["HOSPITAL_LEVEL"])
    establish(desk, clerk, claim_id, hospital={"level": 2, "city": "长春市"})
    assert decided(desk, claim_id) == ("pay", 60000, [])
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.PAYABLE


def test_a_stay_that_no_paper_shows_is_denied_without_counting_its_days(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk)
    days = {"admitted_on": "2026-03-12", "discharged_on": "2026-03-02"}
    establish(desk, clerk, claim_id, cause="illness", hospital={"name": HOSPITAL}, **days)
    answer(desk, clerk, claim_id, Code.DISCHARGE_BEFORE_ADMISSION, "no_stay")
    assert decided(desk, claim_id) == ("deny", 0, ["CAUSE_NOT_COVERED"])


def test_an_answer_needs_its_reason_its_role_and_a_second_person(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = suspected(desk, clerk)
    with pytest.raises(Refused, match="请写明原因"):
        answer(desk, supervisor, claim_id, EXCLUSION, "not_excluded", " ")
    with pytest.raises(Refused, match="岗位"):
        answer(desk, clerk, claim_id, EXCLUSION, "not_excluded")
    with pytest.raises(Refused, match="岗位"):
        answer(desk, desk.user(Role.CASHIER), claim_id, EXCLUSION, "excluded")
    with pytest.raises(BadInput, match="没有"):
        answer(desk, supervisor, claim_id, EXCLUSION, "perhaps")
    answer(desk, supervisor, claim_id, EXCLUSION, "not_excluded")
    with pytest.raises(Refused, match="另一人"):
        agree(desk, supervisor, claim_id)
    assert desk.state_of(claim_id) == ClaimState.REFERRED


def test_what_is_asked_no_longer_is_not_answered(desk: Desk, clerk: User, supervisor: User) -> None:
    claim_id = suspected(desk, clerk)
    with pytest.raises(Refused, match="不需要答复"):
        answer(desk, clerk, claim_id, TWICE, "same")
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    with pytest.raises(Refused, match="不需要答复"):
        answer(desk, supervisor, claim_id, EXCLUSION, "not_excluded")
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="不需要确认"):
        answers.confirm_answer(session, desk.office, supervisor, claim, 1)


def test_a_waiting_answer_gives_way_to_another(desk: Desk, clerk: User, supervisor: User) -> None:
    claim_id = suspected(desk, clerk)
    answer(desk, supervisor, claim_id, EXCLUSION, "not_excluded")
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    assert decided(desk, claim_id) == ("deny", 0, ["EXCLUDED"])


def test_an_answer_counts_only_for_the_event_it_was_given_on(desk: Desk, clerk: User) -> None:
    claim_id = suspected(desk, clerk)
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    establish(desk, clerk, claim_id, exclusion="mental_illness")
    assert asked(desk, claim_id) == [EXCLUSION]


def test_who_sends_a_claim_back_has_its_questions_asked_again(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = suspected(desk, clerk)
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, "不属于除外情形")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert asked(desk, claim_id) == [EXCLUSION]


@pytest.mark.parametrize(
    ("diagnosis", "words"),
    [
        ("足月妊娠剖宫产", "足月妊娠"),
        ("单胎顺产 O80.900", "单胎"),
        ("精神分裂症 F20.900", "精神分裂"),
        ("肺炎 J18.900;其他特指情况 O26.900", "O26.900"),
    ],
)
def test_a_diagnosis_that_may_be_an_exclusion_is_asked_about_in_its_own_words(
    desk: Desk, clerk: User, diagnosis: str, words: str
) -> None:
    claim_id = handed_in(desk, diagnosis=diagnosis)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    [reason] = desk.decision(claim_id).reasons
    assert reason.code == EXCLUSION
    assert f"“{words}”" in sentence(desk, reason)
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    assert decided(desk, claim_id)[:2] == ("deny", 0)


def test_a_stay_under_main_and_medical_plan_asks_for_the_sums_and_then_pays_both(
    desk: Desk, clerk: User
) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="medical-2022")
    claim_id = handed_in(desk, person)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    assert asked(desk, claim_id) == [Code.SETTLEMENT_WANTED]
    establish(desk, clerk, claim_id, fund_paid="20000.00", hospital={"rank": "province"})
    assert decided(desk, claim_id)[:2] == ("pay", 600_00 + 2_100_00)


def test_without_a_settlement_sheet_the_allowance_is_paid_alone(desk: Desk, clerk: User) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="medical-2022")
    claim_id = handed_in(desk, person)
    answer(desk, clerk, claim_id, Code.SETTLEMENT_WANTED, "none", "医院不予补打")
    assert decided(desk, claim_id)[:2] == ("pay", 600_00)


def test_each_person_is_offered_the_answers_that_are_his_to_give(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = suspected(desk, clerk)
    with desk.at(claim_id) as (_session, claim):
        [asked] = answers.open_questions(claim)
        offered = {
            person.login: [each.answer for each in answers.offered(asked, person)]
            for person in (clerk, supervisor)
        }
    assert offered == {clerk.login: ["excluded"], supervisor.login: ["not_excluded"]}


def test_an_answer_stays_with_its_event_when_one_before_it_is_dropped(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    """Three stays, each marked as childbirth: the second is answered, the first dropped, and the
    third, which now stands where the second stood, is answered too."""
    moves = (
        record(HOSPITAL, "2026-03-02", "2026-03-12"),
        record(HOSPITAL, "2026-05-02", "2026-05-12"),
    )
    stays: dict[str, Any] = {"admitted": "2026-01-05", "discharged": "2026-01-15", "more": moves}
    claim_id = handed_in(desk, desk.member(plan="main-2025"), **stays)
    for number in range(3):
        with desk.at(claim_id) as (session, claim):
            marked = {"exclusion": "childbirth"}
            told_events.establish(
                session, desk.office, clerk, claim, marked, number, reason="已核对材料"
            )
        desk.work()
    confirmer, third = desk.user(Role.SUPERVISOR), desk.user(Role.CLERK)
    at(desk, supervisor, claim_id, 1, "not_excluded")
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    desk.work()
    confirm_read(desk, claim_id, "MAY_ALSO_CLAIM")
    agree(desk, confirmer, claim_id)
    at(desk, third, claim_id, 1, "excluded")
    decision = desk.decision(claim_id)
    assert [(part.event, part.amount) for part in decision.parts] == [(0, 500_00), (1, 0)]
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        said = {touch.words for touch in touches_of(session, [item.claim_id])[item.claim_id]}
    assert {"不属于除外情形", "属于除外情形，不予给付"} <= said
    for maker in (supervisor, confirmer):
        assert desk.approve_all(maker).count == 0
    assert desk.approve_all().count == 1


def at(desk: Desk, person: User, claim_id: int, event: int, said: str) -> None:
    """The answer to the suspected exclusion of the event of this place."""
    with desk.at(claim_id) as (session, claim):
        answers.answer_question(
            session, desk.office, person, claim, event, EXCLUSION, said, "已查阅病历"
        )
    desk.work()
