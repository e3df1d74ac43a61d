"""The failed list: what is parked, grouped by cause, and the way back."""

from shutil import rmtree

import pytest
from sqlalchemy import select, text

from documents.letters.contents import LetterKind
from models import AuditEvent, Claim, Letter
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from tests.conftest import AS_OWNER
from tests.desk import Desk
from tests.kept_files import store_folder
from workflows import failures
from workflows.claims.letters.letters import want_letters
from workflows.failures import Failure


def parked(desk: Desk, *names: str) -> list[int]:
    """Claims on the failed list: the scans of their papers are gone from the store."""
    claims = [desk.claim(desk.member(name)) for name in names]
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("DELETE FROM page_reading"))
    rmtree(store_folder(desk.office.settings))
    desk.work()
    return claims


def listed(desk: Desk) -> list[Failure]:
    with desk.office.sessions.read_only() as session:
        return failures.failures(session)


def test_what_fails_for_one_reason_is_one_line(desk: Desk) -> None:
    claims = parked(desk, "张三", "李四")
    found = listed(desk)
    assert sum(failure.count for failure in found) == 2
    assert {failure.machine for failure in found} == {"claim"}
    assert {failure.step for failure in found} == {"read"}
    assert sorted(n for failure in found for n in failure.ids) == claims
    assert {desk.state_of(claim_id) for claim_id in claims} == {ClaimState.RECEIVED}


def test_a_retry_says_afterwards_that_the_cause_is_still_there(desk: Desk) -> None:
    [claim_id] = parked(desk, "张三")
    clerk = desk.user(Role.CLERK)
    before = listed(desk)
    with desk.office.sessions.unit_of_work() as session:
        failures.retry(session, desk.office, clerk, "claim", claim_id)
    assert listed(desk) == []
    desk.work()
    assert [f.cause for f in listed(desk)] == [f.cause for f in before]
    with desk.office.sessions.read_only() as session:
        said = session.scalars(select(AuditEvent).filter_by(verb="retry")).one()
        assert (said.actor_id, said.detail["cause"]) == (clerk.id, before[0].cause)


def test_a_retry_goes_on_once_the_cause_is_gone(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("ALTER TABLE field RENAME TO field_away"))
    try:
        desk.work()
    finally:
        with desk.office.sessions.unit_of_work() as session:
            session.execute(text(AS_OWNER))
            session.execute(text("ALTER TABLE field_away RENAME TO field"))
    [failure] = listed(desk)
    assert (failure.step, failure.ids) == ("check", (claim_id,))
    with desk.office.sessions.unit_of_work() as session:
        clerk = desk.user(Role.CLERK)
        assert failures.retry_all(
            session, desk.office, clerk, failure.machine, failure.step, failure.cause
        )
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


def test_all_of_one_cause_go_back_together(desk: Desk) -> None:
    claims = parked(desk, "张三", "李四", "王五")
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text("UPDATE claim SET parked_cause = 'same'"))
        session.execute(
            text("UPDATE claim SET parked_cause = 'other' WHERE id = :c"), {"c": claims[0]}
        )
    supervisor = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        done = failures.retry_all(session, desk.office, supervisor, "claim", "read", "same")
    assert done == 2
    assert [failure.ids for failure in listed(desk)] == [(claims[0],)]


def test_what_is_not_on_the_list_is_not_retried(desk: Desk) -> None:
    claim_id, clerk = desk.claim(desk.member()), desk.user(Role.CLERK)
    for machine, subject in (("claim", claim_id), ("claim", 10**9), ("napkin", claim_id)):
        with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
            failures.retry(session, desk.office, clerk, machine, subject)
    with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
        failures.retry_all(session, desk.office, clerk, "napkin", "read", "x")


def test_who_has_no_part_in_the_line_retries_nothing(desk: Desk) -> None:
    [claim_id] = parked(desk, "张三")
    for role in (Role.CASHIER, Role.AUDITOR, Role.SECURITY_ADMIN, Role.UNIT_CLERK):
        person = desk.user(role)
        with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
            failures.retry(session, desk.office, person, "claim", claim_id)
        with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
            failures.retry_all(session, desk.office, person, "claim", "read", "x")
    assert len(listed(desk)) == 1


def test_a_letter_that_cannot_be_written_is_on_the_same_list(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        want_letters(session, desk.office, LetterKind.PAYMENT_NOTICE, {claim: "decision-999"})
    desk.work()
    [failure] = listed(desk)
    assert (failure.machine, failure.step) == ("letter", "write_letter")
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Letter.state)).all() == ["wanted"]
