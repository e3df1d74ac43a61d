"""After a retry the office knows whether the cause is gone."""

import pytest

from models.people import Role
from tests.desk import Desk
from workflows import failures
from workflows.engine.run import park
from workflows.failures import Aftermath, Cause
from workflows.pipeline import STEP_BY_NAME

DISK = "OSError @ store.py:99"


@pytest.fixture
def sent_on(desk: Desk) -> list[int]:
    """Three claims that failed for one cause and were all sent on, not yet taken up."""
    claims = [desk.claim(desk.member(name)) for name in ("张三", "李四", "王五")]
    desk.bells.clear()
    for claim_id in claims:
        fail(desk, claim_id, DISK)
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        assert failures.retry_all(session, desk.office, clerk, "claim", "read", DISK) == 3
    return claims


def fail(desk: Desk, claim_id: int, cause: str) -> None:
    with desk.at(claim_id) as (session, claim):
        park(session, claim, STEP_BY_NAME["read"], cause, desk.office)


def what_came_of_it(desk: Desk) -> list[Aftermath]:
    with desk.office.sessions.look() as session:
        return failures.aftermath(session, desk.clock())


def test_until_somebody_takes_the_rows_up_the_question_is_open(
    desk: Desk, sent_on: list[int]
) -> None:
    assert what_came_of_it(desk) == [Aftermath("claim", DISK, 0, 3, 0, 0)]
    assert what_came_of_it(desk)[0].verdict is Cause.OPEN


def test_the_cause_is_gone_when_all_have_moved_on(desk: Desk, sent_on: list[int]) -> None:
    desk.work()
    assert what_came_of_it(desk) == [Aftermath("claim", DISK, 3, 0, 0, 0)]
    assert what_came_of_it(desk)[0].verdict is Cause.GONE


def test_the_cause_is_back_when_one_failed_for_it_again(desk: Desk, sent_on: list[int]) -> None:
    fail(desk, sent_on[0], DISK)
    fail(desk, sent_on[1], "KeyError @ check.py:7")
    desk.work()
    assert what_came_of_it(desk) == [Aftermath("claim", DISK, 1, 0, 1, 1)]
    assert what_came_of_it(desk)[0].verdict is Cause.BACK


def test_a_row_counts_by_its_last_retry(desk: Desk, sent_on: list[int]) -> None:
    fail(desk, sent_on[0], "KeyError @ check.py:7")
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        failures.retry(session, desk.office, clerk, "claim", sent_on[0])
    found = {one.cause: one.waiting for one in what_came_of_it(desk)}
    assert found == {DISK: 2, "KeyError @ check.py:7": 1}


def test_what_was_retried_long_ago_is_no_longer_told(desk: Desk, sent_on: list[int]) -> None:
    desk.clock.pass_(days=8)
    assert what_came_of_it(desk) == []
