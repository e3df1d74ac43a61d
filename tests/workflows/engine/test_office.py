"""An office is opened from its settings, and says the date in Beijing."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from servers.embedded import Addresses
from settings import Settings
from tests.desk import NOW, Desk, HandClock
from workflows.engine.office import open_office
from workflows.engine.session import Bell


def test_two_offices_of_the_same_settings_open_each_others_papers(
    settings_for_tests: Settings, addresses: Addresses
) -> None:
    bells: list[Bell] = []
    office = open_office(settings_for_tests, addresses.database_url, bells.extend, HandClock())
    other = open_office(settings_for_tests, addresses.database_url)
    assert other.store.get(office.store.put(b"a paper")) == b"a paper"
    assert other.keys.fingerprint("220104") == office.keys.fingerprint("220104")
    assert office.settings is settings_for_tests
    assert (office.clock(), office.sessions.ringer) == (NOW, bells.extend)
    assert other.sessions.ringer is None
    for each in (office, other):
        with each.sessions.read_only() as session:
            assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        each.sessions.engine.dispose()


def test_the_day_begins_at_midnight_in_beijing(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 6, 15, 15, 59, 59, tzinfo=UTC)
    assert desk.office.today() == date(2026, 6, 15)
    desk.clock.pass_(seconds=1)
    assert desk.office.today() == date(2026, 6, 16)
