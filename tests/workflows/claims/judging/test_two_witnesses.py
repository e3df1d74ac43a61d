"""What decides money is borne out by two papers, or by one and a check, or a person is asked."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import User
from models.people import Role
from models.states import ClaimState
from rules.second_look import Look
from tests.desk import Desk, a_page
from tests.workflows.claims.judging.test_document_check import answer
from tests.workflows.claims.test_illness import ticking
from workflows.claims.approving import approval_queue
from workflows.sealed_values.claims import values_of

Change = Callable[[PageReading], PageReading]
LONE_DAYS = {("ONE_WITNESS", "admitted_on"), ("ONE_WITNESS", "discharged_on")}


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def without(kind: Kind, *labels: str) -> Change:
    """The papers, but on this kind of them the lines that begin with these labels."""

    def change(page: PageReading) -> PageReading:
        kept = tuple(line for line in page.lines if not line.text.startswith(labels))
        return replace(page, lines=kept) if page.kind is kind else page

    return change


def of_form_without_days(page: PageReading) -> PageReading:
    return without(Kind.APPLICATION_FORM, "入院日期", "出院日期")(page)


def handed_in(desk: Desk, change: Change, *more: PageReading) -> int:
    claim_id = desk.claim(desk.member(), change, more=more)
    desk.work()
    return claim_id


def test_days_that_only_the_record_says_are_asked_about_and_then_paid(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk, of_form_without_days)
    assert desk.open_findings(claim_id) == LONE_DAYS
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    desk.correct(clerk, claim_id, admitted_on="2026-03-02")
    assert desk.open_findings(claim_id) == {("ONE_WITNESS", "discharged_on")}
    answer(desk, clerk, claim_id, "ONE_WITNESS", "已对照出院记录原件")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert desk.decision(claim_id).amount == 60_000


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(a_page(Kind.INVOICE, "住院天数:12天"), id="the-count-of-days"),
        pytest.param(a_page(Kind.INVOICE, "住院日期:2026-03-02至2026-03-14"), id="another-paper"),
    ],
)
def test_days_that_another_paper_bears_out_need_no_person(desk: Desk, paper: PageReading) -> None:
    claim_id = handed_in(desk, of_form_without_days, paper)
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_a_hospital_that_one_paper_names_is_borne_out_by_the_register(desk: Desk) -> None:
    claim_id = handed_in(desk, without(Kind.APPLICATION_FORM, "就诊医院"))
    assert desk.open_findings(claim_id) == set()
    assert desk.decision(claim_id).amount == 60_000


def test_a_name_that_one_paper_says_is_borne_out_by_the_roster(desk: Desk) -> None:
    def change(page: PageReading) -> PageReading:
        return page if page.kind is Kind.ID_CARD_FRONT else without(page.kind, "姓名")(page)

    assert desk.open_findings(handed_in(desk, change)) == set()


def test_days_that_do_not_fit_their_count_are_not_paid_without_a_person(desk: Desk) -> None:
    claim_id = handed_in(desk, of_form_without_days, a_page(Kind.INVOICE, "住院天数:2天"))
    asked = {("FIELD_UNSURE", "admitted_on"), ("FIELD_UNSURE", "discharged_on")}
    assert desk.open_findings(claim_id) == asked
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def test_a_paper_that_a_person_waived_does_not_switch_the_question_off(
    desk: Desk, clerk: User
) -> None:
    claim_id = desk.claim(desk.member(), of_form_without_days, without=(Kind.ID_CARD_BACK,))
    desk.work()
    assert {code for code, _ in desk.open_findings(claim_id)} == {"MISSING_PAPER"}
    answer(desk, clerk, claim_id, "MISSING_PAPER", "证件遗失")
    assert desk.open_findings(claim_id) == LONE_DAYS
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def by_sums(
    desk: Desk,
    *lines: str,
    change: Change = lambda page: page,
    confidence: float = 0.99,
    more: tuple[PageReading, ...] = (),
) -> int:
    person = desk.member()
    desk.member(on_roster=person, plan="medical-2022")
    sheet = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单", *lines, confidence=confidence)
    claim_id = desk.claim(person, change, more=(sheet, *more))
    desk.work()
    return claim_id


def test_a_sum_that_pays_must_be_part_of_a_total_or_be_asked_about(desk: Desk) -> None:
    alone = by_sums(desk, "统筹基金支付:8000.00")
    assert desk.open_findings(alone) == {("ONE_WITNESS", "fund_paid")}
    whole = by_sums(desk, "统筹基金支付:8000.00", "个人支付:2000.00", "医疗费总额:10000.00")
    assert desk.open_findings(whole) == set()
    assert desk.state_of(whole) == ClaimState.PROPOSED


def test_sums_that_contradict_each_other_keep_back_no_question_but_their_own(desk: Desk) -> None:
    sums = ("统筹基金支付:8000.00", "个人支付:3000.00", "医疗费总额:10000.00")
    claim_id = by_sums(desk, *sums, change=of_form_without_days)
    assert desk.open_findings(claim_id) == {("SUMS_CONTRADICT", "fund_paid"), *LONE_DAYS}


def test_no_setting_lets_a_single_reading_pass(desk: Desk) -> None:
    settings = desk.office.settings.model_copy(update={"unsure_below": 0.7})
    desk.office = replace(desk.office, settings=settings)
    claim_id = by_sums(desk, "统筹基金支付:8000.00", confidence=0.75)
    assert desk.open_findings(claim_id) == {("ONE_WITNESS", "fund_paid")}


def test_what_one_paper_says_is_asked_again_when_papers_come(desk: Desk, clerk: User) -> None:
    claim_id = by_sums(desk, "统筹基金支付:8000.00")
    answer(desk, clerk, claim_id, "ONE_WITNESS", "已对照原件")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    desk.add_paper(claim_id, a_page(Kind.INVOICE, "门诊收费票据"))
    assert desk.open_findings(claim_id) == {("ONE_WITNESS", "fund_paid")}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def test_the_grade_of_one_appraisal_is_looked_at_by_who_approves_it(desk: Desk) -> None:
    told = "我单位职工张三于2026年4月20日8时许,不慎滑倒,造成右胫腓骨骨折。"
    papers = (
        a_page(Kind.ACCIDENT_STATEMENT, "意外事故情况说明", told),
        a_page(Kind.DIAGNOSIS_CERTIFICATE, "诊断证明书", "诊断:右胫腓骨骨折"),
        a_page(Kind.DISABILITY_APPRAISAL, "伤残鉴定书", "鉴定意见:评定为五级伤残。"),
    )
    days = {"admitted": "2026-04-20", "discharged": "2026-05-02"}
    ticked = ticking("□住院津贴 □重大疾病 √意外伤害")
    claim_id = desk.claim(desk.member(), ticked, more=papers, **days)
    desk.work()
    assert desk.open_findings(claim_id) == set()
    assert desk.decision(claim_id).amount == 1_200_000
    with desk.office.sessions.unit_of_work() as session:
        [item] = approval_queue.queue(session, desk.office)
        assert Look.READ_UNSURELY in {look.code for look in item.looks}


SUMS = ("统筹基金支付:9000.00", "个人支付:3000.00", "医疗费总额:12000.00")
OTHER_SUMS = ("统筹基金支付:11000.00", "个人支付:4000.00", "医疗费总额:15000.00")
OTHER_SHEET = (a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单", *OTHER_SUMS),)


def test_two_sheets_of_one_stay_that_differ_are_not_paid_without_a_person(
    desk: Desk, clerk: User
) -> None:
    claim_id = by_sums(desk, *SUMS, more=OTHER_SHEET)
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "fund_paid")}
    desk.correct(clerk, claim_id, fund_paid="9000.00")
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_sheets_that_differ_hold_up_nobody_whose_plan_pays_no_sum(desk: Desk) -> None:
    sheet = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单", *SUMS)
    claim_id = desk.claim(desk.member(), more=(sheet, *OTHER_SHEET))
    desk.work()
    assert desk.open_findings(claim_id) == set()


def test_the_sums_of_a_year_are_paid_to_nobody(desk: Desk) -> None:
    year = ("本年累计信息", "统筹基金支付:33000.00", "个人支付:12000.00", "医疗费总额:45000.00")
    claim_id = by_sums(desk, *year, "本次结算信息", *SUMS)
    assert desk.open_findings(claim_id) == set()
    with desk.at(claim_id) as (_, claim):
        assert values_of(desk.office.keys, claim)["fund_paid"] == "9000.00"


def test_a_stay_of_which_no_paper_says_what_it_was_for_is_asked_about(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk, without(Kind.DISCHARGE_RECORD, "出院诊断"))
    assert desk.open_findings(claim_id) == {("FIELD_MISSING", "diagnoses")}
    desk.correct(clerk, claim_id, diagnoses="肺炎")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
