"""The figures of the units and of the year, checked against a small office whose sums are known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from python_calamine import load_workbook
from sqlalchemy import select, update

from console.queries import statistics
from console.queries.participation import (
    UnitFigures,
    figures_of_units,
    plan_families,
    total,
)
from documents.kinds import Kind
from documents.rosters.roster_file import RosterRow
from models import CoverYear, Enrolment, FeeReceipt, Member, Unit, User
from models.people import Role
from rules.plans import load
from tests.console.conftest import Visitor, Visitors
from tests.desk import Desk, Person, a_card_number, an_id_number, number_of
from tests.heirs import an_heir, of_a_death
from tests.workflows.claims.acts.test_relief import answered, applied, granted
from tests.workflows.claims.paying.test_bank_reply import bank_says, sent, settled
from tests.workflows.claims.paying.test_bank_reply import load as load_reply
from tests.workflows.claims.test_accident import statement
from tests.workflows.claims.test_illness import ticking
from workflows.claims.paying import late_returns
from workflows.enrolment.take_over import take_over

Windows = Callable[..., Visitor]
FULL, SHORT, EMPTY, UNKNOWN = "甲厅工会", "乙厅工会", "丙厅工会", "丁厅工会"


@dataclass
class MadeUnits:
    """The units by name, and the people of the first two."""

    units: dict[str, int]
    people: dict[str, list[Person]]


def covered(desk: Desk, name: str, people: list[Person], headcount: int | None) -> int:
    unit_id = desk.unit(name, headcount=headcount)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, unit_id)
        rows = [RosterRow(n, p.name, p.id_number, card=p.card) for n, p in enumerate(people, 1)]
        year = (date(2026, 1, 1), date(2026, 12, 31))
        if rows:
            take_over(session, desk.office, unit, "main-2020", *year, rows)
    return unit_id


def some(count: int) -> list[Person]:
    return [Person("张三", an_id_number(), a_card_number()) for _ in range(count)]


@pytest.fixture
def made(desk: Desk) -> MadeUnits:
    people = {FULL: some(3), SHORT: some(2), UNKNOWN: some(1)}
    units = {
        FULL: covered(desk, FULL, people[FULL], 3),
        SHORT: covered(desk, SHORT, people[SHORT], 4),
        EMPTY: covered(desk, EMPTY, [], 5),
        UNKNOWN: covered(desk, UNKNOWN, people[UNKNOWN], None),
    }
    return MadeUnits(units, people)


def paid(desk: Desk, *people: Person) -> list[int]:
    claims = [desk.claim(person) for person in people]
    desk.work()
    desk.clock.pass_(days=4, hours=12)
    desk.approve_all()
    answered(desk)
    return claims


def received(desk: Desk, unit_id: int, *amounts: int) -> None:
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        year = session.scalars(select(CoverYear).filter_by(unit_id=unit_id)).one()
        enrolment = Enrolment(
            number=f"E{unit_id}",
            unit_id=unit_id,
            plan=year.plan,
            kind="first",
            sha256="0" * 64,
            rows=3,
            rows_done=3,
            eligible=3,
            handed_in_by=clerk.id,
            handed_in_at=desk.clock(),
            state="covered",
            cover_year_id=year.id,
            version=0,
        )
        session.add(enrolment)
        session.flush()
        for n, amount in enumerate(amounts):
            receipt = FeeReceipt(
                enrolment_id=enrolment.id,
                number=f"R{unit_id}-{n}",
                payer="unit",
                kind="receipt" if amount > 0 else "refund",
                amount=amount,
                moved_on=date(2025, 12, 20),
                noted_by=clerk.id,
                noted_at=desk.clock(),
            )
            session.add(receipt)


def figures(desk: Desk, year: int = 2026, family: str = "main") -> dict[str, UnitFigures]:
    with desk.office.sessions.read_only() as session:
        rows = figures_of_units(session, desk.office, year, family)
    return {row.unit: row for row in rows}


def test_units_are_ranked_by_how_many_of_theirs_have_joined(desk: Desk, made: MadeUnits) -> None:
    rows = figures(desk)
    assert list(rows) == [FULL, SHORT, EMPTY, UNKNOWN]
    assert [row.rank for row in rows.values()] == [1, 2, 3, None]
    assert [row.rate for row in rows.values()] == [10_000, 5_000, 0, None]
    assert [row.score for row in rows.values()] == [1000, 550, 300, None]
    assert [row.is_short for row in rows.values()] == [False, True, True, False]
    assert rows[UNKNOWN].insured == 1


def test_units_that_are_equal_share_a_rank_and_the_next_is_left_out(
    desk: Desk, made: MadeUnits
) -> None:
    covered(desk, "戊厅工会", some(2), 2)
    rows = figures(desk)
    assert [rows[name].rank for name in (FULL, "戊厅工会", SHORT)] == [1, 1, 3]


def test_more_members_than_staff_are_a_fault_to_look_at_and_no_merit(
    desk: Desk, made: MadeUnits, at_desk: Windows
) -> None:
    covered(desk, "庚厅工会", some(11), 5)
    row = figures(desk)["庚厅工会"]
    assert (row.is_over, row.score, row.rank) == (True, None, None)
    clerk = at_desk(Role.CLERK)
    assert "参保多于在职，请核对" in clerk.get("/boards").text
    html = clerk.get("/units").text
    assert 'late">220.0%' in html
    assert html.count("在保多于在职，请核对") == 1


def test_a_member_who_left_is_not_counted_from_then_on(desk: Desk, made: MadeUnits) -> None:
    with desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).filter_by(unit_id=made.units[FULL]).limit(1)).one()
        member.left_on = date(2026, 6, 15)
    assert figures(desk)[FULL].insured == 2


def test_a_unit_without_a_union_has_no_part_in_it(desk: Desk, made: MadeUnits) -> None:
    with desk.office.sessions.unit_of_work() as session:
        session.execute(update(Unit).where(Unit.name == EMPTY).values(has_union=False))
    assert EMPTY not in figures(desk)


def test_payout_is_what_arrived_over_the_fees_of_the_same_year(desk: Desk, made: MadeUnits) -> None:
    paid(desk, *made.people[FULL][:2])
    desk.claim(made.people[FULL][2])
    desk.work()
    received(desk, made.units[FULL], 330_000, -30_000)
    row = figures(desk)[FULL]
    assert (row.cases, row.paid, row.fees, row.ratio) == (2, 120_000, 300_000, 4_000)
    assert row.days == 45
    assert figures(desk)[SHORT].ratio is None
    assert figures(desk, 2025)[FULL].cases == 0


def test_relief_is_counted_apart(desk: Desk, made: MadeUnits) -> None:
    [claim_id] = paid(desk, made.people[FULL][0])
    relief_id = applied(desk, claim_id, desk.user(Role.CLERK))
    granted(desk, desk.user(Role.SUPERVISOR), relief_id, on=desk.office.today())
    desk.approve_all()
    answered(desk)
    row = figures(desk)[FULL]
    assert (row.cases, row.paid, row.relief, row.days) == (1, 60_000, 300_000, 45)
    with desk.office.sessions.read_only() as session:
        months = statistics.months(session, desk.office, 2026)
    assert [(m.plan, m.cases) for m in months if m.cases] == [
        (load("main-2020").name, 1),
        ("二次救助", 1),
    ]


def test_totals_leave_units_of_unknown_size_out_of_the_rate(desk: Desk, made: MadeUnits) -> None:
    whole = total(list(figures(desk).values()))
    assert (whole.eligible, whole.insured, whole.short) == (12, 6, 2)
    assert whole.rate == 5 * 10_000 // 12


def test_other_plans_are_counted_but_not_scored(desk: Desk, made: MadeUnits) -> None:
    family = load("illness-2020").family
    rows = figures(desk, family=family)
    assert {row.insured for row in rows.values()} == {0}
    assert {row.score for row in rows.values()} == {None}
    assert family in plan_families()


def test_months_count_who_is_covered_at_their_end_and_what_arrived_in_beijing(
    desk: Desk, made: MadeUnits
) -> None:
    desk.clock.now = datetime(2026, 6, 26, 4, 30, tzinfo=UTC)  # paid on 1 July in Beijing
    paid(desk, *made.people[FULL][:2])
    with desk.office.sessions.read_only() as session:
        rows = statistics.months(session, desk.office, 2026)
    assert [row.month for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert {row.covered for row in rows} == {6}
    assert [(row.people, row.cases, row.sum) for row in rows[5:]] == [(0, 0, 0), (2, 2, 120_000)]


def test_what_was_sent_back_is_told_by_paper_and_failed_payments_by_code(
    desk: Desk, made: MadeUnits
) -> None:
    desk.claim(made.people[FULL][0], without=(Kind.BANK_CARD,))
    claims = [desk.claim(person) for person in made.people[SHORT]]
    desk.work()
    desk.approve_all()
    answered(desk, {made.people[SHORT][0].card: "3031"})
    assert len(claims) == 2
    with desk.office.sessions.read_only() as session:
        back = statistics.sent_back(session, 2026)
        [failed] = statistics.failed(session, 2026)
        assert statistics.sent_back(session, 2025).share is None
        assert statistics.failed(session, 2025) == []
    assert (back.received, back.sent_back, back.share) == (3, 1, 3_333)
    assert [(r.word, r.count) for r in back.reasons] == [("银行卡", 1)]
    assert (failed.code, failed.count, failed.sum) == ("3031", 1, 60_000)


def test_a_missing_paper_is_counted_by_the_heading_that_its_claim_stands_under(
    desk: Desk, made: MadeUnits
) -> None:
    """A burn needs a certificate that tells depth, place and area; a stay's bank card is the
    member's, that of a death is the card of who is paid."""
    one, other, dead = (*made.people[FULL][:2], made.people[SHORT][0])
    desk.claim(one, without=(Kind.BANK_CARD,))
    burnt = ticking("□住院津贴 √烧烫伤")
    told = (statement("不慎被蒸汽烫伤"),)
    desk.claim(other, burnt, more=told, without=(Kind.DISCHARGE_RECORD,))
    papers = [page for page in of_a_death(dead, an_heir()) if page.kind != Kind.BANK_CARD]
    desk.claim(dead, more=tuple(papers), without=(Kind.DISCHARGE_RECORD, Kind.BANK_CARD))
    desk.work()
    with desk.office.sessions.read_only() as session:
        back = statistics.sent_back(session, 2026)
    counted = {reason.word: reason.count for reason in back.reasons}
    assert (counted["银行卡"], counted["领取人银行卡"]) == (1, 1)
    assert counted["写明烧烫伤深度、部位和面积的诊断证明或出院记录"] == 1
    assert "诊断证明" not in counted


def test_the_public_list_masks_names_and_tells_no_illness(
    desk: Desk, made: MadeUnits, at_desk: Windows
) -> None:
    paid(desk, made.people[FULL][0])
    screen = at_desk(Role.AUDITOR)
    content = screen.get("/boards/public-list.xlsx?year=2026").content
    rows = load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["月份", "单位", "会员", "待遇", "金额（元）"]
    assert rows[2] == [6.0, FULL, "张*", "住院津贴", 600.0]
    assert "第一医院" not in str(rows)


def test_a_june_payment_that_comes_back_in_july_is_junes_payment_and_julys_return(
    desk: Desk, made: MadeUnits, at_desk: Windows
) -> None:
    person, cashier = made.people[FULL][0], desk.user(Role.CASHIER)
    batch_id, _claims = sent(desk, person)
    load_reply(desk, cashier, batch_id, bank_says(desk, batch_id))
    june = told_of_2026(desk)
    assert (june.by_month, june.public, june.failed) == ([(6, 1, 60_000, 0)], [(6, 60_000)], [])
    desk.clock.pass_(days=20)
    load_reply(desk, cashier, batch_id, bank_says(desk, batch_id, {person.card: "3056"}))
    assert told_of_2026(desk) == june
    settled(desk, desk.user(Role.SUPERVISOR), late_returns.confirm_return)
    july = told_of_2026(desk)
    assert july.by_month == [*june.by_month, (7, 0, 0, 60_000)]
    assert july.public == [*june.public, (7, -60_000)]
    assert july.failed == [("3056", 1)]
    content = at_desk(Role.AUDITOR).get("/boards/public-list.xlsx?year=2026").content
    rows = load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "负数为当月退回的款项"
    assert rows[-1] == [7.0, FULL, "张*", "住院津贴", -600.0]


class ToldOfYear(NamedTuple):
    """Of each month cases, sum and what came back; the public list; returns by code."""

    by_month: list[tuple[int, int, int, int]]
    public: list[tuple[int, int]]
    failed: list[tuple[str, int]]


def told_of_2026(desk: Desk) -> ToldOfYear:
    with desk.office.sessions.read_only() as session:
        months = statistics.months(session, desk.office, 2026)
        return ToldOfYear(
            [(m.month, m.cases, m.sum, m.came_back) for m in months if m.sum or m.came_back],
            [(line.month, line.amount) for line in statistics.published(session, 2026)],
            [(back.code, back.count) for back in statistics.failed(session, 2026)],
        )


@pytest.mark.notice("7.1", "各项评选表彰挂钩")
def test_the_board_is_shown_and_exported(desk: Desk, made: MadeUnits, at_desk: Windows) -> None:
    screen = at_desk(Role.SUPERVISOR)
    html = screen.get("/boards").text
    assert "共 4 个单位，未达标 2 个" in html
    assert "适当减分" in html
    content = screen.get("/boards/ranking.xlsx?year=2026").content
    rows = load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[4][:7] == [1.0, FULL, 100.0, 3.0, 3.0, 3.0, 1.0]
    book = load_workbook(BytesIO(screen.get("/boards/statistics.xlsx?year=2026").content))
    assert book.sheet_names == ["分月", "补件原因", "退票原因"]
    assert screen.get("/boards/ranking.xlsx?year=99999").status_code == 404
    assert screen.get("/boards?year=1&plan=nonsense").status_code == 200


@pytest.fixture
def of_the_unit(desk: Desk, made: MadeUnits, visitor: Visitors) -> Visitor:
    """A unit clerk of the second unit at the console."""
    person = desk.user(Role.UNIT_CLERK)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, person.id).unit_id = made.units[SHORT]
    found = visitor()
    found.log_in(person)
    return found


def test_a_unit_clerk_sees_the_row_of_his_unit_and_no_other(
    desk: Desk, made: MadeUnits, of_the_unit: Visitor
) -> None:
    html = of_the_unit.get("/boards").text
    assert SHORT in html
    assert FULL not in html
    assert "参加排名的共 3 个单位" in html


def test_a_unit_clerk_sees_applications_of_his_unit_only(
    desk: Desk, made: MadeUnits, of_the_unit: Visitor, at_desk: Windows
) -> None:
    claims = paid(desk, made.people[FULL][0], made.people[SHORT][0])
    clerk = desk.user(Role.CLERK)
    for claim_id in claims:
        applied(desk, claim_id, clerk)
    html = of_the_unit.get("/boards/relief").text
    assert "JZ2026000002" in html
    assert "JZ2026000001" not in html
    assert of_the_unit.get("/boards/relief/JZ2026000001").status_code == 404
    assert of_the_unit.post("/boards/relief/JZ2026000001/withdraw").status_code == 404
    assert "配偶失业" in of_the_unit.get("/boards/relief/JZ2026000002").text
    assert "配偶失业" not in at_desk(Role.AUDITOR).get("/boards/relief/JZ2026000002").text


def test_relief_goes_from_the_claim_to_the_committee_on_the_screens(
    desk: Desk, made: MadeUnits, at_desk: Windows
) -> None:
    [claim_id] = paid(desk, made.people[FULL][0])
    number = number_of(desk, claim_id)
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    assert "申请二次救助" in clerk.get(f"/claims/{number}").text
    form = {"hardship": "困难", "asked": "3,000"}
    answer = clerk.post(f"/claims/{number}/relief", form)
    assert "已提交二次救助申请" in answer.text
    assert "待评审救助" in supervisor.get("/").text
    path = "/boards/relief/JZ2026000001"
    decided = {"met_on": desk.office.today().isoformat(), "minutes": "纪要1号", "reason": ""}
    assert supervisor.post(f"{path}/grant", {**decided, "granted": "三千"}).status_code == 422
    assert supervisor.post(f"{path}/refuse", decided).status_code == 409
    answer = supervisor.post(f"{path}/grant", {**decided, "granted": "2500"})
    assert "给付 2,500.00 元" in answer.text
    relief_claim = number_of(desk, claim_id + 1)
    html = at_desk(Role.CLERK).get(f"/claims/{relief_claim}").text
    assert "由评审会决定" in html
    assert "重新审核</button>" not in html
    assert clerk.post(f"/claims/{relief_claim}/recheck").status_code == 409
    assert relief_claim in at_desk(Role.SUPERVISOR).get("/approvals").text


@pytest.mark.notice("1", "病前预防（举办健康知识讲座、组织文体活动）")
def test_activities_are_noted_changed_reported_and_struck(
    desk: Desk, made: MadeUnits, at_desk: Windows, of_the_unit: Visitor
) -> None:
    screen = at_desk(Role.CLERK)
    form: dict[str, Any] = {
        "kind": "lecture",
        "title": "颈椎病防治",
        "held_on": "2026-06-02",
        "place": "报告厅",
        "unit": made.units[FULL],
        "signed_in": "",
    }
    assert "已登记活动" in screen.post("/boards/activities", form).text
    assert "未登记" in screen.get("/boards/activities").text
    assert "已更正活动" in screen.post("/boards/activities/1", {**form, "signed_in": "40"}).text
    assert "共 1 场，签到 40 人" in screen.get("/boards/activities").text
    assert "颈椎病防治" not in of_the_unit.get("/boards/activities").text
    assert of_the_unit.post("/boards/activities/1", form).status_code == 404
    assert of_the_unit.post("/boards/activities/1/remove").status_code == 404
    assert of_the_unit.post("/boards/activities", form).status_code == 409
    assert screen.post("/boards/activities", {**form, "signed_in": "many"}).status_code == 422
    book = load_workbook(BytesIO(screen.get("/boards/activities/report.xlsx?year=2026").content))
    assert book.get_sheet_by_index(0).to_python()[2] == [FULL, 1.0, 0.0, 40.0]
    assert book.get_sheet_by_index(1).to_python()[2][0] == date(2026, 6, 2)
    assert "已删除活动" in screen.post("/boards/activities/1/remove").text


@pytest.mark.notice("6", "分三个阶段进行")
@pytest.mark.notice("6.1", "召开省直机关职工互助保障培训动员大会")
def test_the_campaign_shows_what_is_late_and_a_unit_clerk_his_own(
    desk: Desk, made: MadeUnits, at_desk: Windows, of_the_unit: Visitor
) -> None:
    screen = at_desk(Role.CLERK)
    days = {"publicity": "2026-03-31", "enrolment": "2026-05-31", "operation": "2026-12-31"}
    answer = screen.post("/boards/campaign/plan", {"year": "2026", **days})
    assert "已为 4 个单位安排三个阶段" in answer.text
    assert answer.text.count(">逾期<") == 8
    assert "2026-03-31" in answer.text
    own = of_the_unit.get("/boards/campaign").text
    assert SHORT in own
    assert FULL not in own
    reached = {"year": "2026", "milestone": ["1", "4"], "on": "2026-04-02"}
    answer = screen.post("/boards/campaign/reach", reached)
    assert "已登记完成 2 项" in answer.text
    assert answer.text.count("晚于计划") == 2
    assert of_the_unit.post("/boards/campaign/reach", reached).status_code == 409
    answer = screen.post("/boards/campaign/reach", {**reached, "undo": "yes"})
    assert "已撤销 2 项登记" in answer.text
    assert screen.post("/boards/campaign/reach", {"year": "2026"}).status_code == 422
