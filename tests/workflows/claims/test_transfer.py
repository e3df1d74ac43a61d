"""A move to another hospital, and the sums of settlement sheets, from papers to money."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from console.event_form import event_from
from console.queries.one_claim import claim_view
from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Claim, Member, Recovery, Unit, User
from models.people import Role
from models.states import ClaimState, RevisionCause
from rules.errors import BadInput, Refused
from rules.verdict import Code
from tests.desk import HOSPITAL, Desk, Person, a_page
from tests.documents.reading.test_stay_parts import record, sheet
from tests.opened import sentence
from tests.workflows.claims.acts.test_relief import answered
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.test_every_question import say
from workflows.claims.acts import correction, told_events
from workflows.claims.judging import revision
from workflows.enrolment import membership

SECOND = "吉林市中心医院"
INVOICE = a_page(Kind.INVOICE, "医疗住院收费票据")


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
    claim_id = handed_in(desk, desk.member(), moved, INVOICE)
    assert desk.open_findings(claim_id) == set()
    assert parts(desk, claim_id) == [("main-2020", 60_000 + 40_000)]


def test_a_transfer_to_another_city_asks_for_the_settlement_sheet(desk: Desk) -> None:
    claim_id = handed_in(desk, desk.member(), record(SECOND, "2026-03-14", "2026-03-24"))
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "settlement_sheet")}
    assert "医疗费结算单或票据" in letter_words(desk, claim_id, "supplement_notice")


def test_each_hospital_elsewhere_needs_a_sheet_of_its_own_name(desk: Desk) -> None:
    """That of the first hospital, at home or elsewhere too, does not stand for the second one."""
    third = "四平市中心人民医院"
    moved = record(SECOND, "2026-03-14", "2026-03-24")
    both = moved, record(third, "2026-03-24", "2026-04-03")
    own, other = sheet(SECOND, "1000.00", "500.00"), sheet(third, "1000.00", "500.00")
    home, wanted = sheet(HOSPITAL, "8000.00", "2000.00"), {("MISSING_PAPER", "settlement_sheet")}
    lacking = handed_in(desk, desk.member(), moved, home)
    assert desk.open_findings(lacking) == wanted
    assert "外地的每一家医院各一份" in letter_words(desk, lacking, "supplement_notice")
    assert desk.open_findings(handed_in(desk, desk.member("李四"), *both, own)) == wanted
    whole = handed_in(desk, desk.member("王五"), *both, own, other)
    assert desk.open_findings(whole) == set()
    assert parts(desk, whole) == [("main-2020", 600_00 + 400_00 + 400_00)]
    named = handed_in(desk, desk.member("赵六"), *both, own, INVOICE)
    assert desk.open_findings(named) == set()


def test_a_city_that_a_clerk_keyed_asks_for_the_sheet_of_that_hospital(
    desk: Desk, clerk: User
) -> None:
    """R6: the register does not know the hospital; what the clerk says of its city counts."""
    unlisted = "某某无名医院"
    claim_id = handed_in(desk, desk.member(), hospital=unlisted)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    with desk.at(claim_id) as (session, claim):
        told: dict[str, object] = {"hospital": {"level": 2, "city": "吉林市"}}
        told_events.establish(session, desk.office, clerk, claim, told, reason="已核实医院")
    desk.work()
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "settlement_sheet")}
    desk.waive(clerk, claim_id, "结算单原件已核")
    assert parts(desk, claim_id) == [("main-2020", 480_00)]


def test_the_days_of_a_transfer_have_one_cap(desk: Desk) -> None:
    desk.clock.pass_(days=60)
    moved = record(HOSPITAL, "2026-04-12", "2026-05-12")
    claim_id = handed_in(desk, desk.member(), moved, admitted="2026-01-12", discharged="2026-04-12")
    assert parts(desk, claim_id) == [("main-2020", 450_000)]


def test_a_transfer_that_ends_before_it_begins_is_keyed_in_a_sentence_with_its_days(
    desk: Desk, clerk: User
) -> None:
    backwards = record(SECOND, "2026-03-14", "2026-03-10")
    claim_id = handed_in(desk, desk.member(), backwards, INVOICE)
    assert desk.open_findings(claim_id) == {("CHECK_FAILED", "further_stays")}
    with desk.office.sessions.read_only() as session:
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


def test_the_sheet_of_the_second_hospital_must_add_up_too(desk: Desk, clerk: User) -> None:
    wrong = a_page(
        Kind.SETTLEMENT_SHEET,
        "住院费用结算单",
        "医疗机构名称:吉林市中心医院",
        "统筹基金支付:8000.00",
        "个人支付:2000.00",
        "医疗费总额:12000.00",
    )
    moved = record("吉林市中心医院", "2026-03-14", "2026-03-24")
    first = sheet(HOSPITAL, "8000.00", "2000.00")
    claim_id = handed_in(desk, with_expenses(desk), moved, first, wrong)
    assert desk.open_findings(claim_id) == {("SUMS_CONTRADICT", "further_stays")}
    told = "吉林市中心医院 2026-03-14 2026-03-24 基金支付8000.00 个人支付4000.00 总额12000.00"
    desk.correct(clerk, claim_id, further_stays=told)
    assert desk.open_findings(claim_id) == set()


def test_sums_hold_nobody_up_whose_plans_do_not_pay_by_them(desk: Desk) -> None:
    wrong = a_page(Kind.SETTLEMENT_SHEET, "结算单", "统筹基金支付:8000.00", "医疗费总额:1200.00")
    claim_id = handed_in(desk, desk.member(), wrong)
    assert desk.open_findings(claim_id) == set()


def test_sums_a_person_fills_in_must_fit_and_else_nothing_is_kept(desk: Desk, clerk: User) -> None:
    claim_id = handed_in(desk, with_expenses(desk))
    told: dict[str, object] = {"fund_paid": "900.00", "own_share": "10.00", "deductible": "20.00"}
    with desk.at(claim_id) as (session, claim), pytest.raises(BadInput, match=r"20\.00.*10\.00"):
        told_events.establish(session, desk.office, clerk, claim, told, reason="已核对材料")
    with desk.at(claim_id) as (_session, claim):
        assert claim.events is None


def test_each_hospital_of_a_transfer_is_paid_by_its_own_sheet(desk: Desk) -> None:
    moved = record(SECOND, "2026-03-14", "2026-03-24")
    sheets = sheet(SECOND, "1000.00", "500.00"), sheet(HOSPITAL, "8000.00", "2000.00")
    claim_id = handed_in(desk, with_expenses(desk), moved, *sheets)
    assert parts(desk, claim_id)[1][0] == "medical-2022"
    assert parts(desk, claim_id)[1][1] == 84_000 + 8_400


def two_stays(desk: Desk, person: Person, second: str = "2026-03-01", **stay: Any) -> int:
    """One packet with a stay from 5 to 15 January and another of ten days from this day on."""
    until = date.fromisoformat(second) + timedelta(10)
    more = (record(HOSPITAL, second, until.isoformat()), *stay.pop("more", ()))
    return handed_in(desk, person, *more, admitted="2026-01-05", discharged="2026-01-15", **stay)


def test_two_separate_stays_in_one_packet_are_two_events_and_both_count(desk: Desk) -> None:
    person = desk.member()
    claim_id = two_stays(desk, person)
    assert desk.open_findings(claim_id) == set()
    assert parts(desk, claim_id) == [("main-2020", 500_00), ("main-2020", 500_00)]
    assert [part.event for part in desk.decision(claim_id).parts] == [0, 1]
    desk.approve_all()
    assert desk.payments(claim_id) == ["queued", "queued"]
    third = handed_in(desk, person, admitted="2026-05-02", discharged="2026-05-12")
    assert [reason.code for reason in desk.decision(third).reasons] == ["STAY_LIMIT"]


def test_each_separate_stay_is_judged_under_the_plans_of_its_own_day(desk: Desk) -> None:
    desk.clock.pass_(days=120)
    person = desk.member(covered=(date(2026, 1, 1), date(2026, 12, 31)))
    covered = date(2026, 6, 1), date(2027, 5, 31)
    desk.member(on_roster=person, plan="medical-2022", covered=covered)
    sums = sheet(HOSPITAL, "8000.00", "2000.00")
    claim_id = two_stays(desk, person, "2026-07-01", more=(sums,))
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        told: dict[str, object] = {"fund_paid": "8000.00"}
        told_events.establish(session, desk.office, clerk, claim, told, 1, reason="已核对材料")
    desk.work()
    expected = [("main-2020", 500_00), ("main-2020", 500_00), ("medical-2022", 840_00)]
    assert parts(desk, claim_id) == expected


def test_the_count_of_a_plan_that_pays_by_sums_holds_for_the_stays_of_one_packet(
    desk: Desk,
) -> None:
    person, clerk = with_expenses(desk), desk.user(Role.CLERK)
    sums = sheet(HOSPITAL, "8000.00", "2000.00")
    first = handed_in(desk, person, sums, admitted="2026-04-02", discharged="2026-04-12")
    claim_id = two_stays(desk, person)
    for number in (0, 1):
        with desk.at(claim_id) as (session, claim):
            told: dict[str, object] = {"fund_paid": "8000.00"}
            told_events.establish(
                session, desk.office, clerk, claim, told, number, reason="已核对材料"
            )
        desk.work()
    assert parts(desk, first)[1] == ("medical-2022", 840_00)
    by_sums = [(plan, sum_) for plan, sum_ in parts(desk, claim_id) if plan == "medical-2022"]
    assert by_sums == [("medical-2022", 840_00), ("medical-2022", 0)]


def test_a_question_about_one_of_two_stays_is_answered_for_that_one(desk: Desk) -> None:
    person = desk.member()
    handed_in(desk, person, admitted="2026-01-08", discharged="2026-01-18")
    claim_id = two_stays(desk, person)
    assert [part.outcome for part in desk.decision(claim_id).parts] == ["refer", "pay"]
    say(desk, claim_id, Code.DUPLICATE_EVENT, "same")
    assert parts(desk, claim_id) == [("main-2020", 0), ("main-2020", 500_00)]


def test_one_of_two_stays_that_was_joined_is_not_offered_again(desk: Desk, clerk: User) -> None:
    person = desk.member()
    handed_in(desk, person, admitted="2026-01-08", discharged="2026-01-18")
    claim_id = two_stays(desk, person)
    say(desk, claim_id, Code.DUPLICATE_EVENT, "join")
    assert desk.open_findings(claim_id) == set()
    assert parts(desk, claim_id) == [("main-2020", 500_00)]
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="相同"):
        told_events.ask_for(session, desk.office, clerk, claim, "hospital_stay")


def test_a_stay_that_is_dropped_or_came_later_is_offered_again(desk: Desk, clerk: User) -> None:
    claim_id = two_stays(desk, desk.member())
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "不申请")
    desk.work()
    assert desk.open_findings(claim_id) == {("MAY_ALSO_CLAIM", "hospital_stay")}
    with desk.at(claim_id) as (session, claim):
        told_events.ask_for(session, desk.office, clerk, claim, "hospital_stay")
    desk.work()
    assert parts(desk, claim_id) == [("main-2020", 500_00), ("main-2020", 500_00)]
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="相同"):
        told_events.ask_for(session, desk.office, clerk, claim, "hospital_stay")
    desk.correct(clerk, claim_id, further_stays=f"{SECOND} 2026-01-15 2026-01-25")
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "settlement_sheet")}
    desk.waive(clerk, claim_id, "结算单原件已核")
    assert parts(desk, claim_id) == [("main-2020", 900_00)]


def test_a_move_that_is_told_of_a_separate_stay_is_refused_in_a_sentence(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk, desk.member())
    told = event_from("hospital_stay", {"further": f"{SECOND} 2026-03-20 2026-03-24"})
    refused = pytest.raises(BadInput, match="2026-03-20 入院与 2026-03-14 出院相隔超过一日")
    with desk.at(claim_id) as (session, claim), refused:
        told_events.establish(session, desk.office, clerk, claim, told, 0, reason="已核对材料")


def test_the_rank_of_a_second_hospital_is_keyed_beside_its_level_and_city(
    desk: Desk, clerk: User
) -> None:
    unlisted = "某某无名医院"
    sheets = sheet(HOSPITAL, "8000.00", "2000.00"), sheet(unlisted, "1000.00", "500.00")
    moved = record(unlisted, "2026-03-14", "2026-03-24")
    claim_id = handed_in(desk, with_expenses(desk), moved, *sheets)
    assert [part.outcome for part in desk.decision(claim_id).parts] == ["refer", "refer"]
    further = f"{unlisted} 2026-03-14 2026-03-24 二级 市属 吉林市 基金支付1000.00"
    with desk.at(claim_id) as (session, claim):
        told = event_from("hospital_stay", {"further": further})
        told_events.establish(session, desk.office, clerk, claim, told, 0, reason="已核对材料")
    desk.work()
    expected = [("main-2020", 600_00 + 400_00), ("medical-2022", 840_00 + 84_00)]
    assert parts(desk, claim_id) == expected
    with desk.office.sessions.read_only() as session:
        [shown] = claim_view(session, desk.office, clerk, session.get_one(Claim, claim_id)).events
    assert further in [line.value for line in shown.form]


@pytest.mark.parametrize(
    ("hospital", "wanted"), [(HOSPITAL, set()), (SECOND, {"settlement_sheet"})]
)
def test_the_unit_of_a_claim_is_that_of_the_cover_wherever_the_member_works_by_now(
    desk: Desk, hospital: str, wanted: set[str]
) -> None:
    """R32: the cover is of a unit in Changchun, and he has moved to one in Jilin since."""
    person, before = desk.member(), desk.unit()
    now, boss = desk.unit("吉林市某局工会", city="吉林市"), desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        member, unit = session.scalars(select(Member)).one(), session.get_one(Unit, now)
        membership.transfer(session, desk.office, boss, member, unit)
    claim_id = handed_in(desk, person, hospital=hospital)
    assert {subject for _code, subject in desk.open_findings(claim_id)} == wanted
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).unit_id == before


@pytest.mark.parametrize(
    ("hospital", "moved_on", "yuan"),
    [(HOSPITAL, "2026-03-03", (0, 550)), (SECOND, "2026-03-04", (100, 380))],
)
def test_halves_handed_in_one_by_one_bring_what_one_packet_brings(
    desk: Desk, hospital: str, moved_on: str, yuan: tuple[int, int]
) -> None:
    """The second half pays for days of the first, or takes back what raised it to the least."""
    until = (date.fromisoformat(moved_on) + timedelta(10)).isoformat()
    sums = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单")
    one = {"admitted": "2026-03-02", "discharged": moved_on, "hospital": hospital}
    person, other = desk.member(), desk.member("李四")
    first = handed_in(desk, person, sums, **one)
    second = handed_in(desk, person, sums, admitted=moved_on, discharged=until, hospital=hospital)
    say(desk, second, Code.DUPLICATE_EVENT, "together")
    assert [parts(desk, each)[0][1] for each in (first, second)] == [each * 100 for each in yuan]
    whole = handed_in(desk, other, sums, record(hospital, moved_on, until), **one)
    assert parts(desk, whole) == [("main-2020", sum(yuan) * 100)]


def test_cheaper_days_that_come_later_are_joined_and_what_was_paid_too_much_is_asked_back(
    desk: Desk, clerk: User
) -> None:
    """R7, R3: ninety days here were paid 4,500 before thirty cheaper ones came to light that lie
    before them: the whole stay is worth 30 × 40 + 60 × 50."""
    person = desk.member()
    sums = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单")
    first = handed_in(desk, person, admitted="2026-02-10", discharged="2026-05-11")
    desk.approve_all()
    answered(desk)
    later = handed_in(
        desk, person, sums, admitted="2026-01-11", discharged="2026-02-10", hospital=SECOND
    )
    say(desk, later, Code.DUPLICATE_EVENT, "together")
    assert "合计 4200 元，已核定给付 4500 元，须并入" in sentence(
        desk, desk.decision(later).reasons[0]
    )
    say(desk, later, Code.DUPLICATE_EVENT, "join")
    assert desk.state_of(later) == ClaimState.JOINED
    with desk.at(first) as (session, claim):
        cause = RevisionCause.PAPERS
        revision.reopen(session, desk.office, clerk, claim, cause, "转院前的材料后到")
    desk.work()
    assert parts(desk, first) == [("main-2020", 4_200_00)]
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Recovery.amount)).all() == [300_00]
