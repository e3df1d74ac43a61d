"""A roster on the screen: handed in, looked through, decided, paid for; and who may do which."""

import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from console.opening_turns import OpeningTurns
from documents.kinds import Kind
from documents.masks import mask_card, mask_id
from models import AuditEvent, Enrolment, FeeReceipt, Member
from models.people import Role
from rules.errors import Transient
from tests.desk import UNIT, Desk, a_card_number, a_page, an_id_number
from tests.renewals import set_day
from tests.sheets import a_sheet
from tests.workflows.enrolment.rosters import OWN, PLAN, Hall, Worker, sheet, workers
from workflows.engine.office import Office
from workflows.engine.sealed_details import detail_of

At = Callable[..., Any]
BAD_CARD, BAD_ID = "6217000000000001", "220104198503170011"


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall.of(desk, headcount=4)


def rows_of(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def hand_in(screen: Any, hall: Hall, people: list[Worker] | bytes, **more: str) -> Any:
    consent = {"consented_on": "2026-06-01", "consent_text": "2026-1"}
    form = {"unit": str(hall.unit_id), "plan": PLAN, "start": "2026-07-01", **consent, **more}
    content = people if isinstance(people, bytes) else sheet(people)
    return screen.post("/enrolments", form, files={"file": ("名册.xlsx", content)})


def number_in(answer: Any) -> str:
    found = re.search(r"/enrolments/(CB\d+)$", str(answer.url))
    assert found is not None, answer.text
    return found[1]


def money(sum_in_fen: int) -> str:
    return f"{sum_in_fen / 100:,.2f}"


def test_a_roster_goes_from_the_form_to_cover_by_the_hands_of_three_people(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk, cashier = at_desk(Role.CLERK), at_desk(Role.CASHIER)
    answer = hand_in(clerk, hall, workers(4), member_part="30")
    number = number_in(answer)
    assert "4 行全部没有问题" in answer.text
    assert "确认名册：4 人" in answer.text
    assert money(4 * 3000) in answer.text
    # Neither what is due nor what is missing is known before the roster is enrolled.
    assert clerk.get("/enrolments").text.count('<td class="right">—</td>') == 2
    answer = clerk.post(f"/enrolments/{number}/accept")
    assert "正在录入" in answer.text
    assert "0 / 4" in answer.text
    desk.work()
    answer = cashier.get(f"/enrolments/{number}")
    assert f"欠 {money(4 * OWN)}" in answer.text
    booked = {"receipt": "S-1", "amount": money(4 * OWN), "moved_on": "2026-06-15"}
    answer = cashier.post(f"/enrolments/{number}/receipts", booked | {"payer": "unit"})
    assert "已登记收据 S-1" in answer.text
    desk.work()
    assert "保障期 2026-07-01 至 2027-06-30" in clerk.get(f"/enrolments/{number}").text
    assert clerk.get(f"/enrolments/{number}/confirmation.docx").content[:2] == b"PK"
    people = rows_of(clerk.get(f"/enrolments/{number}/members.xlsx").content)
    assert any("职工0" in row for row in people)
    listed = clerk.get("/enrolments").text
    assert "2026-07-01 – 2027-06-30" in listed


def test_a_roster_whose_enrolling_failed_is_retried_or_withdrawn_by_a_button(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk = at_desk(Role.CLERK)
    number = number_in(hand_in(clerk, hall, workers(4)))
    clerk.post(f"/enrolments/{number}/accept")
    assert "录入完再撤回" in clerk.post(f"/enrolments/{number}/withdraw").text
    with desk.office.sessions.unit_of_work() as session:
        session.execute(update(Enrolment).where(Enrolment.number == number).values(rows=1))
    desk.work()
    shown = clerk.get(f"/enrolments/{number}").text
    assert "办理失败" in shown
    row = re.search(r'name="row" value="(\d+)"', shown)
    assert row is not None
    again = {"machine": "enrolment", "row": row[1], "back": f"/enrolments/{number}"}
    assert "已放回流程" in clerk.post("/failures/retry", again).text
    desk.work()
    assert f'action="/enrolments/{number}/withdraw"' in clerk.get(f"/enrolments/{number}").text
    assert "已撤回" in clerk.post(f"/enrolments/{number}/withdraw").text
    assert number != number_in(hand_in(clerk, hall, workers(4)))


def test_copies_of_id_cards_are_uploaded_compared_and_explained(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk, one, two = at_desk(Role.CLERK), Worker("张三"), Worker("李四")
    number = number_in(hand_in(clerk, hall, [one, two, Worker("王五"), Worker("赵六")]))
    cards = ((one.name, one.id_number), ("李思", two.id_number))
    pictures = [
        desk.scan(a_page(Kind.ID_CARD_FRONT, f"姓名 {name}", f"公民身份号码 {id_number}"))
        for name, id_number in cards
    ]
    sent = [("files", (f"{at}.jpg", picture)) for at, picture in enumerate(pictures)]
    answer = clerk.post(f"/enrolments/{number}/copies", files=sent)
    assert "已收到 2 页复印件" in answer.text
    assert "正在识读证件复印件 2 / 2" in answer.text
    desk.work()
    shown = clerk.get(f"/enrolments/{number}").text
    assert "一致 1 · 姓名不一致 1 · 证件号码不一致 0 · 没有复印件 2" in shown
    assert "没有复印件的行：4、5" in shown
    assert "李思" not in shown

    # Shown in full beside the roster, for a purpose that is written down; then a person can judge.
    reveal = f"/enrolments/{number}/copies/3/reveal"
    assert clerk.post(reveal, {"purpose": " "}).status_code == 422
    assert (
        clerk.post(f"/enrolments/{number}/copies/2/reveal", {"purpose": "核对"}).status_code == 409
    )
    assert clerk.get(f"/enrolments/{number}/copies/3.jpg").status_code == 409
    both = clerk.post(reveal, {"purpose": "核对材料"}).text
    assert all(text in both for text in ("李四", "李思", two.id_number))
    picture = clerk.get(f"/enrolments/{number}/copies/3.jpg")
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"
    with desk.office.sessions.read_only() as session:
        [told] = map(detail_of, session.scalars(select(AuditEvent).filter_by(verb="reveal")))
        assert (told["row"], told["purpose"]) == (3, "核对材料")

    answer = clerk.post(f"/enrolments/{number}/accept")
    assert "名册第 3 行与身份证复印件不一致" in answer.text
    answer = clerk.post(f"/enrolments/{number}/copies/3/answer", {"reason": "已改名"})
    assert "已说明第 3 行" in answer.text
    assert "已改名" in answer.text
    assert "正在录入" in clerk.post(f"/enrolments/{number}/accept").text


def test_copies_of_id_cards_come_together_with_the_roster(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk, people = at_desk(Role.CLERK), [Worker("张三"), *workers(3)]
    lines = (f"姓名 {people[0].name}", f"公民身份号码 {people[0].id_number}")
    roster = ("file", ("名册.xlsx", sheet(people)))
    form = {"unit": str(hall.unit_id), "plan": PLAN}
    no_copy = ("copies", ("1.jpg", b"MZ no picture"))
    assert clerk.post("/enrolments", form, files=[roster, no_copy]).status_code == 422
    assert "CB2026" not in clerk.get("/enrolments").text
    copy = ("copies", ("1.jpg", desk.scan(a_page(Kind.ID_CARD_FRONT, *lines))))
    answer = clerk.post("/enrolments", form, files=[roster, copy])
    assert "正在识读证件复印件 1 / 1" in answer.text
    desk.work()
    shown = clerk.get(f"/enrolments/{number_in(answer)}").text
    assert "一致 1 · 姓名不一致 0 · 证件号码不一致 0 · 没有复印件 3" in shown


def test_every_fault_is_listed_at_once_by_row_and_column(hall: Hall, at_desk: At) -> None:
    bad = [Worker(""), Worker("坏卡", card=BAD_CARD), Worker("坏号", id_number=BAD_ID)]
    answer = hand_in(at_desk(Role.CLERK), hall, [*workers(2), *bad])
    listed = re.findall(
        r'<td class="right">(\d+)</td><td>(\w*\*?|—)</td><td>(\w+)</td>', answer.text
    )
    assert listed == [("4", "—", "姓名"), ("5", "坏*", "银行卡号"), ("6", "坏*", "证件号码")]
    assert "3 行有问题，不会录入" in answer.text
    assert BAD_ID not in answer.text
    assert BAD_CARD not in answer.text


def test_who_stands_on_another_waiting_roster_too_is_named(hall: Hall, at_desk: At) -> None:
    clerk, twice = at_desk(Role.CLERK), Worker("欧阳二")
    first = number_in(hand_in(clerk, hall, [*workers(2), twice]))
    second = number_in(hand_in(clerk, hall, [twice, *workers(3)]))
    said = "1 人也在待确认的名册 {} 中，两份都确认时只录入一次</summary><p>第 {} 行 欧**</p>"
    assert said.format(second, 4) in clerk.get(f"/enrolments/{first}").text
    assert said.format(first, 2) in clerk.get(f"/enrolments/{second}").text
    clerk.post(f"/enrolments/{first}/withdraw")
    assert "也在待确认的名册" not in clerk.get(f"/enrolments/{second}").text


def test_the_faulty_rows_come_back_as_a_spreadsheet(desk: Desk, hall: Hall, at_desk: At) -> None:
    clerk = at_desk(Role.CLERK)
    number = number_in(hand_in(clerk, hall, [*workers(2), Worker("坏号", id_number=BAD_ID)]))
    path = f"/enrolments/{number}/faults"
    answer = clerk.post(path)
    assert "attachment" in answer.headers["content-disposition"]
    [_heading, row] = [each for each in rows_of(answer.content) if any(each)]
    assert row[0] == 4
    assert BAD_ID in [str(cell) for cell in row]
    # Who did not hand the roster in gets the rows with their numbers masked.
    [_heading, row] = [
        each for each in rows_of(at_desk(Role.CLERK).post(path).content) if any(each)
    ]
    assert mask_id(BAD_ID) in row
    assert not re.search(r"\d{11}", " ".join(map(str, row)))
    with desk.office.sessions.read_only() as session:
        told = select(AuditEvent.verb, AuditEvent.detail).filter_by(subject="enrolment")
        taken = session.execute(told.order_by(AuditEvent.seq)).all()[-2:]
    assert [tuple(each) for each in taken] == [
        ("take_faults", {"rows": 1}),
        ("take_masked_faults", {"rows": 1}),
    ]


def test_nobody_takes_an_accepted_roster_as_one_that_is_faulty_throughout(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk, people = at_desk(Role.CLERK), workers(4)
    number = number_in(hand_in(clerk, hall, people))
    clerk.post(f"/enrolments/{number}/accept")
    desk.work()
    assert hall.state(number) == "unpaid"
    answer = clerk.post(f"/enrolments/{number}/faults")
    assert answer.status_code == 409
    assert "已不在待确认" in answer.text
    assert people[0].id_number.encode() not in answer.content


def test_only_the_first_two_hundred_faults_are_on_the_page(hall: Hall, at_desk: At) -> None:
    answer = hand_in(at_desk(Role.CLERK), hall, [*workers(1), *(Worker("") for _ in range(250))])
    assert answer.text.count("没有姓名") == 200
    assert "共 250 处" in answer.text
    assert "先列 200 处" in answer.text


def test_a_long_roster_is_looked_through_after_the_page_has_come(
    hall: Hall, at_desk: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.pages.one_enrolment._AT_ONCE", 3)
    clerk = at_desk(Role.CLERK)
    answer = hand_in(clerk, hall, workers(4))
    assert "正在核对 4 行" in answer.text
    assert 'hx-trigger="load"' in answer.text
    looked = clerk.get(f"/enrolments/{number_in(answer)}/preview").text
    assert "4 行全部没有问题" in looked


def test_a_shortfall_waits_for_a_supervisor_with_a_reason(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    answer = hand_in(clerk, hall, workers(3))
    number = number_in(answer)
    assert "还差 1 人" in answer.text
    assert "等待审批准予" in clerk.post(f"/enrolments/{number}/accept").text
    assert "准予参保</button>" not in clerk.get(f"/enrolments/{number}").text
    assert "参保率或本人同意不足" in supervisor.get("/").text
    assert supervisor.post(f"/enrolments/{number}/let-pass").status_code == 409
    assert hall.state(number) == "short"
    answer = supervisor.post(f"/enrolments/{number}/let-pass", {"reason": "一人借调外省"})
    assert "已准予参保" in answer.text
    desk.work()
    assert hall.state(number) == "unpaid"
    assert "一人借调外省" in clerk.get(f"/enrolments/{number}").text


def test_more_people_than_the_unit_has_are_a_fault_until_the_headcount_is_right(
    desk: Desk, at_desk: At, visitor: At
) -> None:
    hall = Hall.of(desk, headcount=5)
    clerk, unit_clerk = at_desk(Role.CLERK), visitor()
    unit_clerk.log_in(desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id))
    answer = hand_in(clerk, hall, workers(11))
    number = number_in(answer)
    assert "220.0%" in answer.text
    assert "比登记的在职人数多 6 人" in answer.text
    assert "达到" not in answer.text
    refused = clerk.post(f"/enrolments/{number}/accept")
    assert refused.status_code == 409
    assert "参保 11 人，多于单位登记的在职 5 人" in refused.text
    assert hall.state(number) == "checked"
    # Each of them is told what to do: the office corrects the headcount, the unit its roster.
    button = f'href="/units/{hall.unit_id}#headcount">更正在职人数'
    assert button in clerk.get(f"/enrolments/{number}").text
    told = unit_clerk.get(f"/enrolments/{number}").text
    assert button not in told
    assert "在职人数有误的，由办公室更正（" in told
    assert f'action="/enrolments/{number}/withdraw"' in told
    facts = {"name": UNIT, "city": "长春市", "headcount": "12", "has_union": "yes"}
    clerk.post(f"/units/{hall.unit_id}", facts)
    assert "还差 1 人" in clerk.get(f"/enrolments/{number}").text
    clerk.post(f"/enrolments/{number}/accept")
    assert (hall.state(number), hall.find(number).eligible) == ("short", 12)


def test_a_roster_is_withdrawn_and_handed_in_again(hall: Hall, at_desk: At) -> None:
    clerk, people = at_desk(Role.CLERK), sheet(workers(4))
    number = number_in(hand_in(clerk, hall, people))
    assert hand_in(clerk, hall, people).status_code == 409
    assert "已撤回" in clerk.post(f"/enrolments/{number}/withdraw").text
    assert number_in(hand_in(clerk, hall, people)) != number


def test_a_renewal_without_a_first_day_says_which_cover_it_continues(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    people = workers(4)
    hall.covered(people, date(2026, 6, 16))
    desk.clock.pass_(days=300)
    clerk = at_desk(Role.CLERK)
    answer = hand_in(clerk, hall, people, start="")
    assert "接续至 2027-06-15 的保障，2027-06-16 起保" in answer.text
    assert "保障期 2027-06-16 至 2028-06-15" in answer.text
    assert "4 行全部没有问题" in answer.text


def test_backdated_cover_waits_on_the_screens_until_a_supervisor_decides(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    number = hall.enrolled(workers(4), None)
    path = f"/enrolments/{number}"
    paid = {"receipt": "S-9", "payer": "unit", "moved_on": "2026-06-01"}
    at_desk(Role.CASHIER).post(f"{path}/receipts", paid | {"amount": money(4 * OWN)})
    supervisor = at_desk(Role.SUPERVISOR)
    assert "起保日待审" in supervisor.get("/").text
    html = supervisor.get(path).text
    assert "起保日 2026-06-02 早于名册报送日 2026-06-15" in html
    assert "收据 S-9 的到账日期 2026-06-01 早于登记日 3 个工作日以上" in html
    assert supervisor.post(f"{path}/let-pass").status_code == 409
    assert "已准予参保" in supervisor.post(f"{path}/let-pass", {"reason": "回单在案"}).text
    desk.work()
    html = supervisor.get(path).text
    assert "保障期 2026-06-02 至 2027-06-01" in html
    assert "回单在案" in html


def test_a_year_whose_holidays_are_not_known_is_named_on_the_screen(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    set_day(desk, date(2030, 9, 30))
    number = hall.enrolled(workers(4), None)
    set_day(desk, date(2030, 10, 8))
    hall.pay(number, 4 * OWN, date(2030, 9, 30))
    html = at_desk(Role.SUPERVISOR).get(f"/enrolments/{number}").text
    assert "2030 年的节假日安排尚未录入，周一至周五均按工作日计算" in html


def test_each_members_consent_comes_with_the_roster_and_is_kept(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    clerk = at_desk(Role.CLERK)
    unsaid = {"consented_on": "", "consent_text": ""}
    came = hand_in(clerk, hall, workers(4), **unsaid)
    assert "4 人没有写明本人同意" in came.text
    accepted = clerk.post(f"/enrolments/{number_in(came)}/accept")
    assert "4 人没有写明本人同意，等待审批准予" in accepted.text
    for day, sentence in (("", "请同时填写"), ("2026-06-16", "不能晚于今天")):
        said = {"consented_on": day, "consent_text": "2026-1"}
        assert sentence in hand_in(clerk, hall, workers(4), **said).text
    of_their_own = [["姓名", "证件号码", "同意日期", "同意书版本"]]
    of_their_own += [[w.name, w.id_number, "", ""] for w in workers(3)]
    of_their_own += [["丁", an_id_number(), "2026-05-20", "2025-2"]]
    said = {"consented_on": "2026-06-01", "consent_text": "2026-1"}
    answer = hand_in(clerk, hall, a_sheet(of_their_own), **said)
    assert "没有写明本人同意" not in answer.text
    number = number_in(answer)
    clerk.post(f"/enrolments/{number}/accept")
    desk.work()
    html = clerk.get(f"/enrolments/{number}/lines").text
    assert html.count("2026-06-01 · 2026-1") == 3
    assert html.count("2026-05-20 · 2025-2") == 1


@pytest.mark.notice("2", "聘用期超过一年的临时职工")
@pytest.mark.notice("5", "已办理退休手续的职工不列入参保范围")
def test_a_retired_and_a_temporary_worker_on_an_everyday_sheet_stay_out(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    people = [
        ["姓名", "身份证号", "用工性质", "在职状态", "备注"],
        ["甲", an_id_number(), "正式", "在职", ""],
        ["乙", an_id_number(), "正式", "退休", ""],
        ["丙", an_id_number(), "临时", "在职", ""],
        ["丁", an_id_number(), "临时", "在职", "聘用12个月"],
        ["戊", an_id_number(), "正式", "离职", ""],
        ["己", an_id_number(), "正式", "停职", ""],
        ["庚", an_id_number(), "临时", "在岗", "聘用一年半"],
    ]
    answer = hand_in(at_desk(Role.CLERK), hall, a_sheet(people))
    listed = re.findall(
        r'<td class="right">(\d+)</td><td>\w\*</td><td>(\w+)</td><td>([^<]+)', answer.text
    )
    assert listed == [
        ("3", "在职状态", "已办理退休手续的不能参保"),
        ("4", "用工性质", "临时职工须写明聘用期，聘用期须超过一年"),
        ("5", "用工性质", "临时职工的聘用期须超过一年"),
        ("6", "在职状态", "不在职的不能参保"),
        ("7", "在职状态", "看不出是否在职，请写“在职”“退休”或“离职”"),
    ]
    number = number_in(answer)
    hall.accept(number)
    hall.let_pass(number)
    desk.work()
    assert hall.lines(number) == [2, 8]
    hall.pay(number, 2 * OWN)
    desk.work()
    assert len(hall.periods()) == 2


def test_a_wrong_receipt_is_reversed_and_what_is_over_is_paid_back(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    number = hall.enrolled(workers(4))
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    booked = {"payer": "unit", "moved_on": "2026-06-15"}
    path = f"/enrolments/{number}"
    cashier.post(f"{path}/receipts", booked | {"receipt": "S-1", "amount": "1.00"})
    with desk.office.sessions.read_only() as session:
        receipt = session.scalars(select(FeeReceipt.id)).one()
    answer = cashier.post(f"{path}/receipts/{receipt}/reverse", {"receipt": "S-1-冲"})
    assert "已由 S-1-冲 冲销" in answer.text
    cashier.post(f"{path}/receipts", booked | {"receipt": "S-2", "amount": money(4 * OWN + 500)})
    assert "多 5.00" in supervisor.get(path).text
    answer = supervisor.post(f"{path}/refund", booked | {"receipt": "T-1", "amount": "6"})
    assert answer.status_code == 409
    answer = supervisor.post(f"{path}/refund", booked | {"receipt": "T-1", "amount": "5"})
    assert "已登记退费 T-1" in answer.text
    assert "已清" in answer.text


class NoTurns(OpeningTurns):
    """Others open files, and go on doing so."""

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        raise Transient("others open files")
        yield


def test_who_opens_no_file_waits_for_nobody_who_does(hall: Hall, app: FastAPI, at_desk: At) -> None:
    clerk, number = at_desk(Role.CLERK), hall.enrolled(workers(4))
    path, waiting = f"/enrolments/{number}", number_in(hand_in(clerk, hall, workers(3)))
    app.state.opening_turns = NoTurns()
    booked = {"payer": "unit", "moved_on": "2026-06-15", "receipt": "S-1", "amount": "1.00"}
    assert "已登记收据 S-1" in at_desk(Role.CASHIER).post(f"{path}/receipts", booked).text
    assert clerk.get(f"{path}/lines").status_code == 200
    # The roster that still waits is opened for its preview.
    for page in ("", "/preview"):
        assert clerk.get(f"/enrolments/{waiting}{page}").status_code == 503
    assert clerk.post(f"/enrolments/{waiting}/accept").status_code == 503
    assert clerk.post(f"/enrolments/{waiting}/withdraw").status_code == 200


def test_what_is_booked_is_the_payers_the_forms_amount_and_day(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    number = hall.enrolled(workers(4))
    cashier, path = at_desk(Role.CASHIER), f"/enrolments/{number}/receipts"
    form = {"receipt": "S-1", "payer": "subsidy", "amount": "1,234.56", "moved_on": "2026-06-14"}
    assert "1,234.56" in cashier.post(path, form).text
    wrong = ({"amount": "0"}, {"amount": "-1"}, {"payer": "nobody"}, {"moved_on": "14.6.2026"})
    for each in wrong:
        assert cashier.post(path, form | {"receipt": "S-2"} | each).status_code in (409, 422)
    assert cashier.post(path, form).status_code == 409
    with desk.office.sessions.read_only() as session:
        [booked] = session.scalars(select(FeeReceipt))
        assert (booked.payer, booked.amount) == ("subsidy", 123456)
        assert (booked.moved_on, booked.kind) == (date(2026, 6, 14), "receipt")


def test_what_is_over_is_paid_back_to_the_payer_it_came_from(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    number = hall.enrolled(workers(4))
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    path, day = f"/enrolments/{number}", {"moved_on": "2026-06-15"}
    paid = {"receipt": "S-1", "payer": "unit", "amount": money(4 * OWN + 500)}
    cashier.post(f"{path}/receipts", day | paid)
    back = day | {"receipt": "T-1", "amount": "5"}
    assert supervisor.post(f"{path}/refund", back | {"payer": "subsidy"}).status_code == 409
    supervisor.post(f"{path}/refund", back | {"payer": "unit"})
    with desk.office.sessions.read_only() as session:
        refunds = session.scalars(select(FeeReceipt).filter_by(kind="refund")).all()
    assert [(each.payer, each.amount) for each in refunds] == [("unit", -500)]


def test_the_receipt_of_another_roster_is_not_reversed_from_here(
    hall: Hall, desk: Desk, at_desk: At
) -> None:
    one = hall.enrolled(workers(4))
    hall.pay(one, 100)
    with desk.office.sessions.read_only() as session:
        receipt = session.scalars(select(FeeReceipt.id)).one()
    [other] = hall.hand_in(workers(4), date(2028, 1, 1))
    answer = at_desk(Role.CASHIER).post(
        f"/enrolments/{other}/receipts/{receipt}/reverse", {"receipt": "X"}
    )
    assert answer.status_code == 404


def test_a_line_is_struck_before_cover_and_its_fee_with_it(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    number = hall.enrolled(workers(4))
    clerk = at_desk(Role.CLERK)
    html = clerk.get(f"/enrolments/{number}/lines").text
    assert html.count("2201**********") == 4
    answer = clerk.post(f"/enrolments/{number}/lines/3/strike", {"reason": "重复"})
    assert "已减去第 3 行" in answer.text
    assert hall.find(number).fee_due == 3 * OWN


def test_a_parked_roster_is_on_the_failed_list_and_leads_to_its_page(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    [number] = hall.hand_in(workers(4))
    with desk.office.sessions.unit_of_work() as session:
        session.execute(
            update(Enrolment).values(
                parked_at=desk.office.clock(), parked_step="enrol", parked_cause="OSError"
            )
        )
    html = at_desk(Role.CLERK).get("/failures").text
    assert "参保名册" in html
    assert f'href="/enrolments/{number}"' in html


def test_a_unit_clerk_hands_in_for_the_own_unit_only(desk: Desk, hall: Hall, visitor: At) -> None:
    other = desk.unit("吉林省另一厅机关工会", headcount=4)
    screen = visitor()
    screen.log_in(desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id))
    form = screen.get("/enrolments/new").text
    assert UNIT in form
    assert "另一厅" not in form
    number = number_in(hand_in(screen, hall, workers(4)))
    assert "请看预览" in screen.get("/").text
    elsewhere = replace(hall, unit_id=other)
    assert hand_in(screen, elsewhere, workers(4)).status_code == 404
    assert screen.post(f"/enrolments/{number}/accept").status_code == 200


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"start": "1 July"}, "日期应写成"),
        ({"start": "2026-06-15"}, "统一起保日应晚于今天"),
        ({"member_part": "一百"}, "不是金额"),
        ({"member_part": "81"}, "个人承担应在"),
        ({"plan": "no-such"}, "没有这个计划"),
    ],
)
def test_what_the_form_says_wrong_is_told_in_words(
    hall: Hall, at_desk: At, more: dict[str, str], sentence: str
) -> None:
    answer = hand_in(at_desk(Role.CLERK), hall, workers(4), **more)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text


def test_a_file_that_is_no_spreadsheet_is_refused_in_words(hall: Hall, at_desk: At) -> None:
    form = {"unit": str(hall.unit_id), "plan": PLAN}
    answer = at_desk(Role.CLERK).post("/enrolments", form, files={"file": ("a.xlsx", b"no")})
    assert answer.status_code == 422
    assert "Excel" in answer.text


def test_a_roster_that_the_scanner_did_not_look_at_is_refused_for_the_time_being(
    hall: Hall, app: FastAPI, at_desk: At
) -> None:
    screen = at_desk(Role.CLERK)
    office: Office = app.state.office
    silent = office.settings.model_copy(update={"clamav_socket": "/nowhere"})
    app.state.office = replace(office, settings=silent)
    answer = hand_in(screen, hall, workers(2))
    assert answer.status_code == 503
    assert "杀毒程序没有查成文件" in answer.text


def test_the_template_reads_back_as_an_empty_roster(at_desk: At) -> None:
    answer = at_desk(Role.CLERK).get("/enrolments/template.xlsx")
    headings = next(row for row in rows_of(answer.content) if "姓名" in row)
    assert {"姓名", "证件号码", "银行卡号"} <= set(headings)


def test_a_unit_is_registered_and_changed(at_desk: At) -> None:
    clerk = at_desk(Role.CLERK)
    facts = {"name": "长春某局工会", "city": "长春市", "headcount": "12", "has_union": "yes"}
    answer = clerk.post("/units", facts)
    assert "已登记" in answer.text
    assert "长春某局工会" in clerk.get("/units").text
    assert clerk.post("/units", facts).status_code == 409
    path = str(answer.url).removeprefix("http://testserver")
    assert "13" in clerk.post(path, facts | {"headcount": "13"}).text
    assert clerk.post(path, facts | {"headcount": "abc"}).status_code == 422
    assert clerk.post(path, facts | {"code": "123"}).status_code == 409
    assert clerk.get("/units/999").status_code == 404


def test_a_member_leaves_comes_back_changes_card_and_moves(
    desk: Desk, hall: Hall, at_desk: At
) -> None:
    person = desk.member(name="司马相如")
    other = desk.unit("吉林省另一厅机关工会")
    with desk.office.sessions.read_only() as session:
        ref = session.scalars(select(Member.ref)).one()
    clerk, path = at_desk(Role.CLERK), f"/members/{ref}"
    html = clerk.get(path).text
    assert "司***" in html
    assert person.id_number not in html
    answer = clerk.post(f"{path}/leave", {"left_on": "2026-06-01", "why": "retired"})
    assert "2026-06-01 离开" in answer.text
    assert "离开，保障到期为止" not in clerk.post(f"{path}/come-back").text
    card = {"card": person.card[:-1] + "0", "bank_name": "中国银行"}
    assert clerk.post(f"{path}/card", card).status_code in (200, 409)
    card = {"card": a_card_number(), "bank_name": "中国银行"}
    compare = f'action="{path}/card/compare"'
    assert compare not in clerk.post(f"{path}/card", card).text
    assert compare in at_desk(Role.CLERK).get(path).text
    assert "另一厅" in clerk.post(f"{path}/transfer", {"unit": str(other)}).text


def test_the_office_confirms_moves_and_cards_of_a_roster_on_a_page_of_its_own(
    desk: Desk, at_desk: At, visitor: At
) -> None:
    there, hall = Hall.of(desk, 1, "另一单位工会"), Hall.of(desk, headcount=3)
    mover, one, two = Worker("李四"), Worker("张三"), Worker("王五")
    there.covered([mover], date(2026, 6, 16))
    small = Hall.of(desk, headcount=3)
    first = small.hand_in([one, two], date(2026, 6, 16))[0]
    small.accept(first)
    small.let_pass(first)
    desk.work()
    small.pay(first, 2 * OWN, date(2026, 6, 15))
    desk.work()
    set_day(desk, date(2027, 6, 1))
    renewed = [mover, replace(one, card=a_card_number()), replace(two, card=a_card_number())]
    unit_clerk = visitor()
    unit_clerk.log_in(desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id))
    number = number_in(hand_in(unit_clerk, hall, renewed, start="2027-06-16"))
    path = f"/enrolments/{number}"
    told = unit_clerk.get(path).text
    assert "不能在本名册参保，请联系办公室" in told
    assert "另一单位" not in told
    assert unit_clerk.get(f"{path}/changes").status_code == 403

    clerk, other = at_desk(Role.CLERK), at_desk(Role.CLERK)
    assert "1 人是另一单位的会员" in clerk.get(path).text
    shown = clerk.get(f"{path}/changes").text
    assert "另一单位工会" in shown
    assert mover.id_number not in shown
    assert "已确认转入 1 人" in clerk.post(f"{path}/changes/moves").text
    assert "已确认转入" in clerk.get(f"{path}/changes").text
    assert "正在录入 3 人" in clerk.post(f"{path}/accept").text
    desk.work()
    hall.pay(number, 3 * OWN, date(2027, 6, 1))
    desk.work()
    assert "2 人名册上的银行卡与登记的不同" in unit_clerk.get(path).text
    assert "名册换卡待确认" in other.get("/").text
    assert number in other.get("/enrolments?cards=1").text
    shown = other.get(f"{path}/changes").text
    for each in (one, renewed[1]):
        assert mask_card(each.card) in shown
        assert each.card not in shown
    assert "须由他人确认" in clerk.get(f"{path}/changes").text
    keys = re.findall(r'name="shown" value="(\d+)\.(\w+)"', shown)
    marks = dict(keys)
    assert clerk.post(f"{path}/changes/cards/3", {"shown": marks["3"]}).status_code == 409
    no, stale = {"shown": marks["3"], "reason": "本人否认"}, {"shown": marks["4"], "reason": "x"}
    assert "显示之后已有变动" in other.post(f"{path}/changes/cards/3/refuse", stale).text
    assert "第 3 行仍用原卡" in other.post(f"{path}/changes/cards/3/refuse", no).text
    all_of_them = {"shown": [".".join(key) for key in keys]}
    assert "第 3 行没有待确认的银行卡" in other.post(f"{path}/changes/cards", all_of_them).text
    rest = {"shown": [".".join(key) for key in keys if key[0] != "3"]}
    assert "已确认 1 人换卡" in other.post(f"{path}/changes/cards", rest).text
    assert "没有待确认的变更" in other.get(f"{path}/changes").text
    told = unit_clerk.get(path).text
    assert "本人否认" in told
    assert "与登记的不同" not in told
