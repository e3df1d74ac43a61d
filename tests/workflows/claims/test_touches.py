"""What people said of a claim is in its row of the queue, and makes it an exception."""

import pytest

from models import User
from models.people import Role
from rules.verdict import Code
from tests.desk import Desk
from tests.workflows.claims.test_answers import agree, answer, establish
from workflows.claims import approval
from workflows.claims.approval import QueuedClaim


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def referred(desk: Desk) -> int:
    claim_id = desk.claim(desk.member(), diagnosis="足月妊娠剖宫产")
    desk.work()
    return claim_id


def queued(desk: Desk) -> QueuedClaim:
    with desk.office.sessions.look() as session:
        [item] = approval.queue(session)
        return item


def test_an_answer_that_moved_money_shows_who_when_why_before_and_after(desk: Desk) -> None:
    claim_id = referred(desk)
    one, other = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    answer(desk, one, claim_id, Code.EXCLUSION_SUSPECTED, "not_excluded", "并发肺炎住院")
    desk.clock.pass_(hours=1)
    agree(desk, other, claim_id)
    item = queued(desk)
    assert not item.is_clean
    [touch] = item.touches
    assert touch.by == (one.name, other.name)
    assert (touch.words, touch.reason) == ("不属于除外情形", "并发肺炎住院")
    assert (touch.before, touch.after) == (("refer", 0), ("pay", 600_00))
    # The very touches shown are approved: the list is still what it was.
    assert desk.approve_all().count == 1


def test_an_event_told_anew_is_an_exception_though_nothing_else_is_noted(
    desk: Desk, clerk: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    assert queued(desk).is_clean
    establish(desk, clerk, claim_id, hospital={"level": 2, "city": "四平市"})
    item = queued(desk)
    assert (item.notes, item.is_clean) == ((), False)
    [touch] = item.touches
    assert touch.by == (clerk.name,)
    assert (touch.before, touch.after) == (("pay", 600_00), ("pay", 480_00))


def test_an_answer_that_no_longer_counts_is_not_shown(desk: Desk, clerk: User) -> None:
    claim_id = referred(desk)
    supervisor = desk.user(Role.SUPERVISOR)
    answer(desk, supervisor, claim_id, Code.EXCLUSION_SUSPECTED, "not_excluded")
    answer(desk, clerk, claim_id, Code.EXCLUSION_SUSPECTED, "excluded")
    [touch] = queued(desk).touches
    assert touch.words == "属于除外情形，不予给付"
    assert touch.by == (clerk.name,)


def test_a_claim_that_people_only_checked_stays_clean(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.correct(clerk, claim_id, hospital_name="吉林大学第一医院")
    assert queued(desk).is_clean
