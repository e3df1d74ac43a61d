"""A unit is reminded of the members who have not renewed, up to the last day that helps."""

import io
from dataclasses import replace
from datetime import date, timedelta

from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import CoverYear, Renewal, Unit
from rules.plans import load
from tests.desk import Desk
from tests.renewals import rungs_of, set_day
from tests.sheets import a_sheet
from tests.workflows.enrolment.rosters import CONSENT, PLAN, START, Hall, Worker
from workflows.enrolment import rosters
from workflows.enrolment.enrolment_papers import confirmation
from workflows.enrolment.opened_roster import opened_roster
from workflows.renewal.notice_sender import sender_gaps
from workflows.renewal.reminders import look


def remind_on(desk: Desk, day: date) -> None:
    """Look on this day, and write and put up what is let out."""
    set_day(desk, day)
    look(desk.office)
    desk.work()


def first_year(desk: Desk) -> CoverYear:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(CoverYear).order_by(CoverYear.id).limit(1)).one()


def words(content: bytes) -> str:
    return "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)


def papers_of(desk: Desk) -> tuple[str, list[str]]:
    """The words of the only notice, and the names on its roster."""
    with desk.office.sessions.read_only() as session:
        row = session.scalars(select(Renewal)).one()
    assert row.letter_sha256 is not None
    assert row.roster_sha256 is not None
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(desk.office.store.get(row.roster_sha256)))
    headings, *lines = sheet.get_sheet_by_index(0).to_python()
    place = headings.index("姓名")
    return words(desk.office.store.get(row.letter_sha256)), [str(line[place]) for line in lines]


def test_a_unit_of_which_some_have_renewed_is_reminded_of_the_rest(desk: Desk) -> None:
    people = [Worker("甲"), Worker("乙"), Worker("丙")]
    hall = Hall.of(desk, headcount=3)
    hall.covered(people, START)
    set_day(desk, date(2027, 6, 1))
    [number] = hall.hand_in(people[:2], None)
    hall.accept(number)
    with desk.office.sessions.unit_of_work() as session:
        reason = "一人未定"
        rosters.let_pass(
            session, desk.office, hall.supervisor, rosters.locked(session, number), reason
        )
    desk.work()
    year = first_year(desk)
    remind_on(desk, date(2027, 6, 30))
    assert rungs_of(desk, year) == {0: "posted"}
    said, listed = papers_of(desk)
    assert "你单位已有2人续保" in said
    assert "尚未续保的会员1人" in said
    assert listed == ["丙"]
    last = hall.enrolled(people[2:], None)
    remind_on(desk, date(2027, 7, 29))
    assert rungs_of(desk, year) == {0: "posted"}
    assert hall.find(last).kind == "renewal"


def test_a_fee_paid_on_the_day_of_the_last_reminder_keeps_the_waiting_days_served(
    desk: Desk,
) -> None:
    people = [Worker("甲")]
    hall = Hall.of(desk, headcount=1)
    hall.covered(people, START)
    last = date(2027, 6, 30) + timedelta(days=29)
    remind_on(desk, last)
    assert rungs_of(desk, first_year(desk)) == {29: "posted"}
    number = hall.covered(people, None)
    year = hall.find(number).cover_year_id
    with desk.office.sessions.read_only() as session:
        begun = session.get_one(CoverYear, year).starts_on
        assert (begun - date(2027, 6, 30)).days == load("main-2025").rulings.renewal.value
    with desk.office.sessions.unit_of_work() as session:
        paper = confirmation(session, desk.office, hall.clerk, rosters.locked(session, number))
    assert "自2026年7月1日起连续参保" in words(paper)


def test_members_whom_the_roster_marks_as_not_renewing_are_not_reminded_of(desk: Desk) -> None:
    stays, leaves = Worker("甲"), Worker("乙")
    hall = Hall.of(desk, headcount=2)
    hall.covered([stays, leaves], START)
    year = first_year(desk)
    set_day(desk, date(2027, 6, 1))
    rows = [["姓名", "证件号码", "参保类型"], ["甲", stays.id_number, "续保"]]
    content = a_sheet([*rows, ["乙", leaves.id_number, "不续保"]])
    roster = opened_roster(desk.office, hall.clerk, content)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        [made] = rosters.hand_in(
            session, desk.office, hall.clerk, unit, PLAN, roster, consent=CONSENT
        )
        number = made.number
    hall.accept(number)
    hall.let_pass(number, "一人不续")
    desk.work()
    remind_on(desk, date(2027, 6, 30))
    assert rungs_of(desk, year) == {}
    with desk.office.sessions.unit_of_work() as session:
        back = rosters.locked(session, number)
        rosters.withdraw(session, desk.office, hall.clerk, back)
    remind_on(desk, date(2027, 7, 15))
    assert papers_of(desk)[1] == ["甲", "乙"]


def test_the_notice_asks_for_the_fee_of_those_left_and_names_the_offices_account(
    desk: Desk,
) -> None:
    set_ = {
        "fee_account_name": "样例会费专户",
        "fee_account": "2200000000000000000",
        "fee_account_bank": "样例银行",
        "office_phone": "0431-00000000",
    }
    desk.office = replace(desk.office, settings=desk.office.settings.model_copy(update=set_))
    people = [Worker("甲"), Worker("乙"), Worker("丙")]
    hall = Hall.of(desk, headcount=3)
    hall.covered(people, START)
    remind_on(desk, date(2027, 6, 30))
    said, _listed = papers_of(desk)
    assert "按可以续保的3人计，你单位应缴会费240.00元" in said
    assert "户名样例会费专户，账号2200000000000000000，开户行样例银行" in said
    assert "电话：0431-00000000" in said


def test_an_account_that_is_not_whole_is_not_printed_and_the_administrator_is_told(
    desk: Desk,
) -> None:
    bare = desk.office.settings.model_copy(update={"fee_account": "2200000000000000000"})
    desk.office = replace(desk.office, settings=bare)
    account, phone = sender_gaps(bare)
    assert "HUZHU_FEE_ACCOUNT_BANK" in account.names
    assert "HUZHU_OFFICE_PHONE" in phone.names
    hall = Hall.of(desk, headcount=1)
    hall.covered([Worker("甲")], START)
    remind_on(desk, date(2027, 6, 30))
    said, _listed = papers_of(desk)
    assert "足额汇至我办" in said
    assert "账号" not in said
    assert "电话" not in said
