"""Real servers for all tests, and an office with an empty database for each."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from psycopg import Connection
from pydantic import SecretStr
from sqlalchemy import create_engine, event, text

from documents.sealing import new_index_key, new_keys
from documents.signing import new_signing_key
from documents.store import Store
from models import Base, User, migrations
from samples.fonts import NoChineseFontError, font
from servers import embedded, roles
from servers.passwords import APP
from settings import Settings
from tests.desk import Desk, HandClock
from tests.sample_readings import SampleReadings
from workflows.engine.kept_where import STORE, blobs_of
from workflows.engine.office import Office, ring_of
from workflows.engine.session import Bell, Sessions

# How long an example takes says something of the machine, nothing of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Files are dealt in this order, the long ones first, so that the processes of a run end together.
# The demonstration begins: what its reader saw on the samples is there for those who walk them.
TURNS = (
    "tests/servers/test_demo.py",
    "tests/faults/",
    "tests/machine/",
    "tests/cli/",
    "tests/workflows/enrolment/test_fees.py",
    "tests/workflows/test_oracle.py",
    "tests/servers/",
    "tests/workflows/test_proof.py",
    "tests/documents/reading/",
    "",
    "tests/workflows/claims/test_death_on_the_line.py",
    "tests/workflows/claims/test_samples_",
    "tests/browser/",
    "tests/rules/",
)

AS_PROGRAM = f"SET ROLE {APP}"
AS_OWNER = "SET LOCAL ROLE NONE"

# A test is slow if it asks for one of these, itself or through another fixture.
STARTED = {"addresses", "chinese_font", "chromium", "huzhu", "reader"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what starts servers, Chromium, the reader or the program, or draws scans; and
    put the files in their turn."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & STARTED or item.get_closest_marker("line"):
            item.add_marker("slow")
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """The place of the longest beginning of its name; the sort keeps the order of the rest."""
    fitting = [beginning for beginning in TURNS if item.nodeid.startswith(beginning)]
    return TURNS.index(max(fitting, key=len))


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """Skips on a machine that cannot draw Chinese; CI can."""
    try:
        font("song", 20)
    except NoChineseFontError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def servers_data() -> Iterator[Path]:
    """The data folder of the servers of the run."""
    with TemporaryDirectory(prefix="huzhu-tests-") as data:
        yield Path(data)


@pytest.fixture(scope="session")
def addresses(servers_data: Path) -> Iterator[embedded.Addresses]:
    """One PostgreSQL and one Valkey for the whole run, migrated; fast rather than durable."""
    with embedded.running(servers_data) as found:
        engine = create_engine(found.owner_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        migrations.upgrade(found.owner_url)
        roles.grant(found.owner_url, found.database_url, found.report_url)
        yield found


@pytest.fixture(scope="session")
def sessions(addresses: embedded.Addresses) -> Iterator[Sessions]:
    """The one pool of connections of the run.

    The owner's, who has taken the program's part: what the program may not do fails here too, and
    a test of what a stronger hand did takes the owner's part again (AS_OWNER).
    """
    found = Sessions(addresses.owner_url)
    event.listen(found.engine, "connect", _keep_plans)
    event.listen(found.engine, "connect", _act_as_the_program)
    yield found
    found.engine.dispose()


def _keep_plans(connection: Connection[Any], _record: object) -> None:
    """Each promise is a statement of its own, and the driver keeps the plans of a hundred: where
    all are checked after each act, every plan would be dropped before its turn came again."""
    connection.prepared_max = 1000


def _act_as_the_program(connection: Connection[Any], _record: object) -> None:
    connection.execute(AS_PROGRAM.encode())
    connection.commit()


@pytest.fixture
def database(sessions: Sessions) -> Sessions:
    """An empty, migrated database."""
    empty(sessions)
    return sessions


def empty(sessions: Sessions) -> None:
    """Delete every row; the guards against just that are put aside for the moment.

    To truncate all tables takes ten times as long, since each of their files is made anew. Vacuum
    then gives the room back, so that new rows lie in the order in which they are written.
    """
    with sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        filled = connection.scalars(text(_FILLED)).all()
        if not filled:
            return
        connection.execute(text("SET ROLE NONE"))
        connection.execute(text("SET session_replication_role = replica"))
        for name in filled:
            connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608
        connection.execute(text("SET session_replication_role = origin"))
        connection.execute(text("VACUUM " + ", ".join(f'"{name}"' for name in filled)))
        connection.execute(text(_RESTART))
        connection.execute(text(AS_PROGRAM))


_FILLED = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")"  # noqa: S608
    for table in Base.metadata.sorted_tables
)
# A sequence of which the last test took no number is not named.
_RESTART = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = 'public'
"""


@pytest.fixture
def settings_for_tests(tmp_path: Path, addresses: embedded.Addresses) -> Settings:
    """Settings with a data folder of the test's own and fresh keys."""
    return Settings(
        sample_share=0,
        database_url=addresses.database_url,
        redis_url=addresses.redis_url,
        data=tmp_path / "data",
        keys=SecretStr(new_keys()),
        index_key=SecretStr(new_index_key()),
        audit_key=SecretStr(new_signing_key()),
        secret=SecretStr("a secret of the tests"),
        quiet_seconds=0,
        folder_quiet_seconds=0,
        unfinished_seconds=0,
        same_name_minutes=0,
        # Clocks of tests jump by days; what ends a session has tests of its own.
        session_idle_minutes=10**7,
        session_hours=10**6,
        payer_account="22001450100050000002",
    )


@pytest.fixture
def desk(database: Sessions, settings_for_tests: Settings) -> Desk:
    """An office with an empty database, its own store, and a clock that stands still."""
    settings = settings_for_tests
    keys = ring_of(settings)
    clock = HandClock()
    bells: list[Bell] = []
    sessions = Sessions.__new__(Sessions)
    sessions.engine, sessions.ringer = database.engine, bells.extend
    office = Office(settings, sessions, Store(blobs_of(settings, STORE), keys), keys, clock)
    return Desk(office, clock, bells).settle_in()


@pytest.fixture(scope="session")
def sample_readings(tmp_path_factory: pytest.TempPathFactory) -> SampleReadings:
    """One for the whole run, however many processes it has."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample-readings"
    folder.mkdir(exist_ok=True)
    return SampleReadings(folder)


@pytest.fixture
def office(desk: Desk) -> Office:
    return desk.office


@pytest.fixture
def a_user(desk: Desk) -> Callable[..., User]:
    return desk.user
