"""Each night the log is verified by itself, and who has to know sees what was found."""

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from console.measures.collector import Measures
from console.queries.home import tiles
from models import User
from models.people import Role
from tests.desk import Desk, promises_hold
from tests.workflows.audit.test_new_signing_key import with_keys
from tests.workflows.audit.test_verify import do_as_owner, sql
from workflows import nightly
from workflows.audit.nightly_check import check_log, last_check
from workflows.audit.roots import sign_if_due


@pytest.fixture
def signed(desk: Desk) -> Desk:
    desk.claim(desk.member())
    sign_if_due(desk.office)
    return desk


def broken(desk: Desk) -> tuple[str, ...] | None:
    with desk.office.sessions.read_only() as session:
        last = last_check(session)
        return last.broken if last else None


def told(desk: Desk, person: User) -> dict[str, tuple[int, str]]:
    """The tiles that are trouble, on the first page of this person."""
    with desk.office.sessions.read_only() as session:
        found = tiles(session, desk.office, person)
        return {each.word: (each.count, each.path) for each in found if each.is_trouble}


def figures(desk: Desk) -> str:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Measures(desk.office, ()))
    return generate_latest(registry).decode()


def test_a_log_that_nobody_touched_holds_and_that_is_kept(signed: Desk) -> None:
    assert check_log in nightly.PARTS
    assert broken(signed) is None
    assert check_log(signed.office) == 0
    assert broken(signed) == ()
    signed.clock.pass_(minutes=5)
    said = figures(signed)
    assert "huzhu_log_checks_broken 0.0" in said
    assert "huzhu_log_check_age_seconds 300.0" in said
    promises_hold(signed)


def test_what_was_changed_is_told_to_administrators_auditor_and_monitors(signed: Desk) -> None:
    auditor, admin, clerk = map(signed.user, (Role.AUDITOR, Role.SYSTEM_ADMIN, Role.CLERK))
    do_as_owner(signed, sql("UPDATE audit_event SET verb = 'x' WHERE seq = 2"))
    assert check_log(signed.office) > 0
    found = broken(signed)
    assert found
    assert "whole_chains" in found
    word = "操作记录校验不符"
    assert told(signed, auditor)[word] == (len(found), "/log?verb=verify_log")
    assert told(signed, admin)[word] == (len(found), "/people")
    assert word not in told(signed, clerk)
    assert f"huzhu_log_checks_broken {len(found)}.0" in figures(signed)


def test_without_a_key_nothing_is_verified(signed: Desk) -> None:
    assert check_log(with_keys(signed, "").office) == 0
    assert broken(signed) is None
