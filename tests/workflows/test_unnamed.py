"""What was stored and is named by nothing goes after a day; all else stays."""

import logging
import os
from datetime import timedelta

import pytest

from models.people import Role
from tests.desk import Desk
from tests.kept_files import scan_at, store_folder
from workflows.held_on_person import export_person
from workflows.nightly import forget_unnamed
from workflows.retention.unnamed import CYCLE_DAYS


def stored(desk: Desk, content: bytes, days_ago: float) -> str:
    sha256 = desk.office.store.put(content)
    at = (desk.clock() - timedelta(days=days_ago)).timestamp()
    os.utime(scan_at(desk.office.settings, sha256), (at, at))
    return sha256


def make_old(desk: Desk) -> int:
    """Let all that is stored be a year old; how many files."""
    scans = [p for p in store_folder(desk.office.settings).rglob("*") if p.is_file()]
    long_ago = (desk.clock() - timedelta(days=365)).timestamp()
    for path in scans:
        os.utime(path, (long_ago, long_ago))
    return len(scans)


def a_cycle(desk: Desk) -> int:
    removed = 0
    for _night in range(CYCLE_DAYS):
        removed += forget_unnamed(desk.office)
        desk.clock.pass_(days=1)
    return removed


def test_in_a_month_each_file_that_nothing_names_is_gone_and_no_other(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    desk.released()
    with desk.office.sessions.unit_of_work() as session:
        export_person(session, desk.office, desk.user(Role.SECURITY_ADMIN), 1, "复核")
    named = make_old(desk)
    rests = [stored(desk, b"rest %d" % number, days_ago=2) for number in range(10)]
    assert a_cycle(desk) == len(rests)
    assert not any(desk.office.store.verify(each) for each in rests)
    assert make_old(desk) == named
    assert desk.state_of(claim_id)


def test_what_was_stored_within_the_day_is_left(desk: Desk) -> None:
    young = stored(desk, b"young", days_ago=-40)
    assert a_cycle(desk) == 0
    assert desk.office.store.verify(young)


def test_with_another_database_nothing_is_removed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(CYCLE_DAYS * 40):
        stored(desk, b"of another office %d" % number, days_ago=2)
    before = make_old(desk)
    assert a_cycle(desk) == 0
    assert make_old(desk) == before
    errors = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert len(errors) == CYCLE_DAYS
