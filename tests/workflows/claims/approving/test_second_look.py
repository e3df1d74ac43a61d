"""What asks for a second look stands in the queue, and is approved only by name."""

from datetime import date

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import ApprovalItem, Member, User
from models.people import Role
from rules.second_look import Look
from servers.commands import _upgrade
from tests.desk import (
    Desk,
    Person,
    a_card_number,
    a_page,
    an_id_number,
    handed_in,
    promises_hold,
)
from workers.app import night_task
from workflows.claims.approving import approval, approval_queue
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.enrolment.phone_prints import fill_phone_prints
from workflows.sealed_values.members import set_phone


def queued(desk: Desk) -> list[QueuedClaim]:
    with desk.office.sessions.read_only() as session:
        return approval_queue.queue(session, desk.office)


def looks(desk: Desk) -> dict[int, set[Look]]:
    return {item.claim_id: {look.code for look in item.looks} for item in queued(desk)}


def approved(desk: Desk, supervisor: User, items: list[QueuedClaim], *named: QueuedClaim) -> int:
    with desk.office.sessions.unit_of_work() as session:
        result = approval.approve(session, desk.office, supervisor, items, named)
        assert all("点名" in dropped.reason for dropped in result.dropped)
        return result.count


def test_what_asks_for_a_second_look_is_not_approved_among_others_but_by_name(desk: Desk) -> None:
    supervisor = desk.user(Role.SUPERVISOR)
    people = [desk.member(name) for name in ("张三", "李四", "王五")]
    with desk.office.sessions.unit_of_work() as session:
        for member in session.scalars(select(Member).where(Member.name != "张三")):
            set_phone(desk.office.keys, member, "13800001111")
    clean, first = handed_in(desk, people[0]), handed_in(desk, people[1])
    assert looks(desk) == {first: {Look.PHONE_OF_ANOTHER}, clean: set()}
    items = queued(desk)
    assert [item.claim_id for item in items] == [first, clean]
    assert approved(desk, supervisor, items) == 1
    [item] = queued(desk)
    assert approved(desk, supervisor, [item], item) == 1
    with desk.office.sessions.read_only() as session:
        query = select(ApprovalItem.looks).order_by(ApprovalItem.claim_id)
        assert list(session.scalars(query)) == [[], ["PHONE_OF_ANOTHER"]]
    desk.work()
    promises_hold(desk)


def test_a_telephone_kept_before_numbers_had_fingerprints_is_found_after_the_upgrade(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    people = [desk.member(name) for name in ("张三", "李四", "王五")]
    with desk.office.sessions.unit_of_work() as session:
        # The first does not open: the upgrade goes on to the others.
        broken, *others = session.scalars(select(Member).order_by(Member.id))
        broken.phone = b"what was sealed for another row"
        for member in others:
            set_phone(desk.office.keys, member, "13800001111")
            member.phone_print = None
    claim_id = handed_in(desk, people[1])
    monkeypatch.setattr("workflows.enrolment.phone_prints._AT_ONCE", 1)
    monkeypatch.setattr("workers.app.office", lambda: desk.office)
    night_task()
    assert looks(desk) == {claim_id: set()}
    _upgrade(desk.office.settings)
    assert looks(desk) == {claim_id: {Look.PHONE_OF_ANOTHER}}
    assert f"telephone number does not open member={broken.id}" in caplog.text
    assert fill_phone_prints(desk.office) == 0


def test_a_sum_read_unsurely_asks_for_a_look_only_where_a_plan_pays_by_it(desk: Desk) -> None:
    sums = ("医疗费总额：15000.00", "医保基金支付：10000.00", "个人支付：5000.00")
    sheet = a_page(Kind.SETTLEMENT_SHEET, "医疗费用结算单", *sums, confidence=0.85)
    claim_id = desk.claim(desk.member(), more=(sheet,))
    desk.work()
    assert looks(desk) == {claim_id: set()}
    person = desk.member("李四")
    desk.member(on_roster=person, plan="medical-2022")
    by_sums = desk.claim(person, more=(sheet,))
    desk.work()
    assert looks(desk)[by_sums] == {Look.READ_UNSURELY}


def test_each_reason_is_found_in_what_the_office_knows(desk: Desk) -> None:
    card = a_card_number()
    for sequence in (1, 2):
        desk.member(on_roster=Person("赵六", an_id_number(sequence=sequence), card))
    twin = handed_in(desk, Person("赵六", an_id_number(sequence=1), card))
    shared = a_card_number()
    one, _other = (
        desk.member(on_roster=Person(name, an_id_number(), shared)) for name in ("张三", "李四")
    )
    of_another = handed_in(desk, one)
    new = desk.member("王五", covered=(date(2026, 2, 10), date(2026, 12, 31)))
    first_weeks = handed_in(desk, new)
    person = desk.member("孙七")
    handed_in(desk, person, admitted="2026-03-02", discharged="2026-03-07")
    near = handed_in(desk, person, admitted="2026-03-09", discharged="2026-03-16")
    found = looks(desk)
    assert found[twin] == {Look.TWO_ID_NUMBERS}
    assert found[of_another] == {Look.CARD_OF_ANOTHER}
    assert found[first_weeks] == {Look.FIRST_WEEKS}
    # The second of two stays uses the limit up.
    assert found[near] == {Look.STAY_NEAR, Look.NEAR_LIMIT}
