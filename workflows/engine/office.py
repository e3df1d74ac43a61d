"""What every stage works with: the database, the store of papers, the keys, the clock, settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from documents.cipher_suites import SuiteName
from documents.packets.file_limits import Limits
from documents.sealing import KeyRing
from documents.spool import Spool
from documents.store import Store
from settings import Settings
from workflows.engine.kept_where import spool_of, store_of
from workflows.engine.log_key import LogKey
from workflows.engine.session import Ringer, Sessions
from workflows.file_limits import limits_of

BEIJING = ZoneInfo("Asia/Shanghai")

SEALS_BY = "huzhu seals by "
"""How the connections of a process are called, before the badge of its ring of keys."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Office:
    """One office at work; handed to every step, page and command. The key of its log
    follows from the key of fingerprints, which is never changed."""

    settings: Settings
    sessions: Sessions
    store: Store
    keys: KeyRing
    clock: Clock

    def __post_init__(self) -> None:
        keyed = self.sessions.with_keys(self.log_key, self.keys)
        object.__setattr__(self, "sessions", keyed)

    @cached_property
    def log_key(self) -> LogKey:
        """The key of the chains of events."""
        return LogKey.made_from(self.keys.index_key)

    def today(self) -> date:
        """The date in Beijing."""
        return self.clock().astimezone(BEIJING).date()

    @cached_property
    def spool(self) -> Spool:
        """Where uploads wait, and originals are kept for a while."""
        return spool_of(self.settings, self.keys)

    @property
    def limits(self) -> Limits:
        """How much of a packet is let in."""
        return limits_of(self.settings)


def ring_of(settings: Settings) -> KeyRing:
    """The keys of these settings, which seal by their suite."""
    return KeyRing.from_text(
        settings.keys.get_secret_value(),
        settings.index_key.get_secret_value(),
        SuiteName(settings.cipher_suite),
    )


def open_office(
    settings: Settings, database_url: str, ringer: Ringer | None = None, clock: Clock = utc_now
) -> Office:
    """The office of this process, on this database."""
    keys = ring_of(settings)
    return Office(
        settings=settings,
        sessions=Sessions(database_url, ringer, SEALS_BY + keys.badge),
        store=store_of(settings, keys),
        keys=keys,
        clock=clock,
    )
