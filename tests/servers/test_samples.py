"""The sample unit's roster is covered without a supervisor, as of the day its fee came."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from documents.signing import Signer
from models import Coverage, Enrolment
from models.people import Role
from servers import commands, demo, samples
from servers.processes import start
from servers.restarts import Restarts
from tests.conftest import AS_OWNER
from tests.desk import PASSWORD, Desk
from workflows.audit.root_copies import copied
from workflows.audit.roots import sign_if_due
from workflows.audit.verify import RootCopies, verify
from workflows.people.accounts import AccountFacts, add_user
from workflows.sweep import sweep


def test_the_sample_roster_is_covered_from_new_year_and_is_not_backdated(desk: Desk) -> None:
    with desk.office.sessions.unit_of_work() as session:
        for login, (name, roles) in samples.PEOPLE.items():
            account = AccountFacts(login, name, login, tuple(roles))
            add_user(session, desk.office, account, PASSWORD, by=None)
    samples.hand_in_roster(desk.office)
    sweep(desk.office)
    desk.work()
    with desk.office.sessions.read_only() as session:
        assert set(session.scalars(select(Enrolment.state))) == {"covered"}
        covers = session.execute(select(Coverage.starts_on, Coverage.handed_in_on)).all()
    # One of the members has a second plan.
    assert len(covers) == samples.HEADCOUNT + 1
    assert set(covers) == {(date(2026, 1, 1), date(2025, 12, 31))}


def test_the_past_of_the_demonstration_is_entered_before_the_log_is_signed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the auditor finds it dated back on an untouched demonstration."""
    settings = desk.office.settings
    settings.data.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(commands, "_not_yet_known", lambda _ready: desk.office)
    monkeypatch.setattr("models.migrations.upgrade", lambda _url, **_more: None)
    monkeypatch.setattr("servers.roles.grant", lambda *_urls: None)
    commands._upgrade(settings, samples.begin)
    desk.clock.pass_(minutes=2)
    desk.user(Role.CLERK)
    assert sign_if_due(desk.office) == 1
    keys = Signer.from_text(settings.audit_key.get_secret_value()).public
    copies = RootCopies("roots", copied(settings.roots_file))
    with desk.office.sessions.read_only() as session:
        checks = list(verify(session, desk.office, keys, copies))
    assert {each.code: each.violations for each in checks if each.violations} == {}


def test_the_demonstration_goes_on_where_the_database_cuts_it_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.office.sessions.read_only() as own:
        pid = own.scalar(text("SELECT pg_backend_pid()"))
        with desk.office.sessions.read_only() as other:
            other.execute(text(AS_OWNER))
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(OperationalError) as cut_off:
            own.execute(text("SELECT 1"))
        own.invalidate()
    plays: list[Exception | None] = [cut_off.value, cut_off.value, None]

    def play(*_told: object) -> None:
        if error := plays.pop(0):
            raise error

    monkeypatch.setattr(demo, "play", play)
    settings = desk.office.settings
    restarts = Restarts({}, settings.data, lambda name: start(name, settings, 0))
    demo.play_on(desk.office, 0, restarts)
    assert plays == []
