"""What each station of the money says of a day is the same, or the difference is named."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from models import DayProof
from models.people import Role
from rules.errors import Refused
from tests.conftest import AS_OWNER
from tests.console.conftest import Visitor
from tests.desk import Desk, handed_in
from tests.workflows.claims.paying.test_bank_reply import bank_says
from tests.workflows.claims.paying.test_bank_reply import load as load_reply
from tests.workflows.test_proof import answered
from workflows import nightly
from workflows.day_proof import day_proof
from workflows.day_proof.day_proof import ProvedDay

TODAY = date(2026, 6, 15)


def proved(desk: Desk, day: date = TODAY) -> ProvedDay:
    with desk.office.sessions.read_only() as session:
        return day_proof.prove_day(session, desk.office, day)


def test_a_claim_is_the_same_from_its_approval_to_the_banks_answer(desk: Desk) -> None:
    first, second = desk.member("张三"), desk.member("李四")
    for person in (first, second):
        handed_in(desk, person)
    desk.approve_all()
    batch_id = desk.released()
    answered(desk, batch_id, {second.card: "3031"})
    found = proved(desk)
    assert found.differences == []
    assert [(each.code, each.count, each.amount) for each in found.totals] == [
        ("claims", 2, None),
        ("decisions", 2, 120_000),
        ("rights", None, 120_000),
        ("granted", None, 120_000),
        ("sent", 2, 120_000),
        ("file_lines", 2, 120_000),
        ("released", 2, 120_000),
        ("reply_lines", 2, None),
        ("answered", 2, 120_000),
        ("answers_booked", 2, 120_000),
        ("statement", 0, 0),
        ("bank", 0, 0),
    ]
    assert proved(desk, TODAY + timedelta(days=1)).differences == []


def test_a_batch_without_a_file_and_a_row_changed_past_the_program_are_named(desk: Desk) -> None:
    handed_in(desk)
    desk.approve_all()
    batch_id = desk.released()
    [no_file, _after] = proved(desk).differences
    assert (no_file.station, no_file.count, no_file.next_count) == ("sent", 1, 0)
    answered(desk, batch_id, {})
    assert proved(desk).differences == []
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("UPDATE reply_file SET credited = 2"))
    [wrong] = proved(desk).differences
    assert (wrong.station, wrong.count, wrong.next_count) == ("reply_lines", 2, 1)


def test_the_night_keeps_the_day_before_and_a_person_signs_it_with_a_word_on_differences(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    person = desk.member("张三")
    handed_in(desk, person)
    desk.approve_all()
    batch_id = desk.released()
    desk.clock.pass_(days=1)
    assert day_proof.prove_yesterday in nightly.PARTS
    assert day_proof.prove_yesterday(desk.office) == 2
    auditor, cashier = at_desk(Role.AUDITOR), at_desk(Role.CASHIER)
    assert 'href="/books/days/2026-06-15"' in auditor.get("/").text
    shown = cashier.get("/books/days/2026-06-15").text
    assert "放行的付款 1 笔 600.00 元，银行文件各行 0 笔 0.00 元" in shown
    path = "/books/days/2026-06-15"
    assert cashier.post(f"{path}/sign").status_code == 403
    assert "有差异，请写明原因和处理" in auditor.post(f"{path}/sign").text
    load_reply(desk, desk.user(Role.CASHIER), batch_id, bank_says(desk, batch_id))
    assert "没有差异" in auditor.post(f"{path}/keep").text
    assert "签核于" in auditor.post(f"{path}/sign", {"note": ""}).text
    assert "已经签核" in auditor.post(f"{path}/sign").text
    assert "还没有过完" in auditor.post("/books/days/2026-06-16/keep").text
    assert auditor.get("/books/days/never").status_code == 404
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(DayProof)).one()
        assert (kept.day, kept.differences) == (TODAY, [])


def test_a_day_that_was_not_kept_is_not_signed(desk: Desk) -> None:
    with pytest.raises(Refused, match="还没有核对"), desk.office.sessions.unit_of_work() as session:
        day_proof.sign_day(session, desk.office, desk.user(Role.AUDITOR), TODAY, "")
