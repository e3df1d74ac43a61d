"""An office for benchmarks: private servers as they come, a unit, and claims read already."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from documents.sealing import new_index_key, new_keys
from models import migrations
from servers import embedded
from settings import Settings
from settings import settings as read_settings
from tests.desk import Desk, HandClock
from workflows.engine.office import open_office

COVERED = (date(2026, 1, 1), date(2026, 12, 31))


class WallClock(HandClock):
    """The time it is, since workers in other processes go by it too."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def opened() -> Iterator[Desk]:
    """A new office on new servers with their defaults (fsync on), gone with the block."""
    with TemporaryDirectory(prefix="huzhu-bench-") as folder:
        data = Path(folder)
        with embedded.running(data) as addresses:
            migrations.upgrade(addresses.owner_url)
            settings = Settings(
                database_url=addresses.owner_url,
                redis_url=addresses.redis_url,
                data=data,
                keys=SecretStr(new_keys()),
                index_key=SecretStr(new_index_key()),
                secret=SecretStr("a secret of the benchmark"),
                payer_account="22001450100050000002",
            )
            clock = WallClock()
            desk = Desk(open_office(settings, settings.database_url, None, clock), clock)
            yield desk.settle_in()
            desk.office.sessions.engine.dispose()


def tell_programs(settings: Settings) -> None:
    """Let the programs that are started from here, and this process, find the office in the
    environment."""
    os.environ |= {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "HUZHU_DATA": str(settings.data),
        "HUZHU_KEYS": settings.keys.get_secret_value(),
        "HUZHU_INDEX_KEY": settings.index_key.get_secret_value(),
        "HUZHU_SECRET": settings.secret.get_secret_value(),
    }
    # The migrations have read the settings from the environment as it was before.
    read_settings.cache_clear()
