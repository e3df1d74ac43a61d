"""A move to another hospital, and the sums of settlement sheets, from papers to money."""

from typing import Any

import pytest

from console.queries.one_claim import claim_view
from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Claim, User
from models.people import Role
from rules.errors import BadInput, Refused
from tests.desk import HOSPITAL, Desk, Person, a_page
from tests.documents.reading.test_stay_parts import record, sheet
from workflows.claims import correction

SECOND = "吉林市中心医院"


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def handed_in(desk: Desk, person: Person, *more: PageReading, **stay: Any) -> int:
    claim_id = desk.claim(person, more=more, **stay)
    desk.work()
    return claim_id


def parts(desk: Desk, claim_id: int) -> list[tuple[str, int]]:
    return [(part.plan, part.amount) for part in desk.decision(claim_id).parts]


def test_a_transfer_in_one_packet_is_one_stay_with_each_hospital_at_its_own_rate(
    desk: Desk,
) -> None:
    moved = record(SECOND, "2026-03-14", "2026-03-24")
    claim_id = handed_in(desk, desk.member(), moved)
    assert desk.open_findings(claim_id) == set()
    assert parts(desk, claim_id) == [("main-2020", 60_000 + 40_000)]


def test_the_days_of_a_transfer_have_one_cap(desk: Desk) -> None:
    desk.clock.pass_(days=60)
    moved = record(HOSPITAL, "2026-04-12", "2026-05-12")
    claim_id = handed_in(desk, desk.member(), moved, admitted="2026-01-12", discharged="2026-04-12")
    assert parts(desk, claim_id) == [("main-2020", 450_000)]


def test_a_transfer_that_ends_before_it_begins_is_keyed_in_a_sentence_with_its_days(
    desk: Desk, clerk: User
) -> None:
    backwards = record(SECOND, "2026-03-14", "2026-03-10")
    claim_id = handed_in(desk, desk.member(), backwards)
    assert desk.open_findings(claim_id) == {("CHECK_FAILED", "further_stays")}
    with desk.office.sessions.look() as session:
        [shown] = claim_view(session, desk.office, clerk, session.get_one(Claim, claim_id)).findings
    assert "出院日期 2026-03-10 早于入院日期 2026-03-14" in shown.subject
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="早于入院日期"):
        wrong = f"{SECOND} 2026-03-14 2026-03-09"
        correction.correct_field(session, desk.office, clerk, claim, "further_stays", wrong)
    desk.correct(clerk, claim_id, further_stays=f"{SECOND} 2026-03-14 2026-03-24")
    assert parts(desk, claim_id) == [("main-2020", 100_000)]


def with_expenses(desk: Desk) -> Person:
    person = desk.member()
    return desk.member(on_roster=person, plan="medical-2022")


def test_the_sums_of_the_sheet_pay_the_plan_that_goes_by_them(desk: Desk) -> None:
    claim_id = handed_in(desk, with_expenses(desk), sheet(HOSPITAL, "8000.00", "2000.00"))
    assert desk.open_findings(claim_id) == set()
    assert parts(desk, claim_id) == [("main-2020", 60_000), ("medical-2022", 84_000)]


def test_sums_that_contradict_each_other_are_a_finding_until_one_is_keyed(
    desk: Desk, clerk: User
) -> None:
    wrong = a_page(
        Kind.SETTLEMENT_SHEET,
        "住院费用结算单",
        "统筹基金支付:8000.00",
        "个人支付:2000.00",
        "医疗费总额:12000.00",
    )
    claim_id = handed_in(desk, with_expenses(desk), wrong)
    assert desk.open_findings(claim_id) == {("SUMS_CONTRADICT", "fund_paid")}
    desk.correct(clerk, claim_id, fund_paid="10000.00")
    assert parts(desk, claim_id) == [("main-2020", 60_000), ("medical-2022", 105_000)]


def test_sums_hold_nobody_up_whose_plans_do_not_pay_by_them(desk: Desk) -> None:
    wrong = a_page(Kind.SETTLEMENT_SHEET, "结算单", "统筹基金支付:8000.00", "医疗费总额:1200.00")
    claim_id = handed_in(desk, desk.member(), wrong)
    assert desk.open_findings(claim_id) == set()


def test_sums_a_person_fills_in_must_fit_and_else_nothing_is_kept(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, with_expenses(desk))
    told: dict[str, object] = {"fund_paid": "900.00", "own_share": "10.00", "deductible": "20.00"}
    with desk.at(claim_id) as (session, claim), pytest.raises(BadInput, match=r"20\.00.*10\.00"):
        correction.establish(session, desk.office, clerk, claim, told)
    with desk.at(claim_id) as (_session, claim):
        assert claim.events == []


def test_each_hospital_of_a_transfer_is_paid_by_its_own_sheet(desk: Desk) -> None:
    moved = record(SECOND, "2026-03-14", "2026-03-24")
    sheets = sheet(SECOND, "1000.00", "500.00"), sheet(HOSPITAL, "8000.00", "2000.00")
    claim_id = handed_in(desk, with_expenses(desk), moved, *sheets)
    assert parts(desk, claim_id)[1][0] == "medical-2022"
    assert parts(desk, claim_id)[1][1] == 84_000 + 8_400
