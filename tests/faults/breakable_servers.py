"""PostgreSQL and Valkey of a test's own, to be broken while the office works on them."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from servers import embedded, roles
from servers.passwords import APP, passwords
from servers.postgres import Postgres
from servers.valkey import Valkey


@dataclass
class BreakableServers:
    """Two servers that can be stopped and started again at the same addresses."""

    postgres: Postgres
    valkey: Valkey
    database_url: str

    @property
    def owner_url(self) -> str:
        return self.postgres.url()

    @property
    def redis_url(self) -> str:
        return self.valkey.url()

    def restart_postgres(self) -> None:
        """Immediate mode: every connection is cut, and the server recovers from its log."""
        self.postgres.stop(signal.SIGQUIT)
        self.postgres.start()

    def stop_valkey(self) -> None:
        """What waited in its queues is gone."""
        self.valkey.stop(signal.SIGKILL)

    def start_valkey(self) -> None:
        if not self.valkey.is_running():
            self.valkey.start()

    def flush_valkey(self) -> None:
        self.client().flushall()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url.replace("redis+socket:", "unix:"))

    def stop(self) -> None:
        self.stop_valkey()
        self.postgres.stop(signal.SIGQUIT)


@contextmanager
def breakable_servers(folder: Path) -> Iterator[BreakableServers]:
    """Both servers up, with nothing in them; gone at the end of the block."""
    server = embedded.own_postgres(folder)
    app = server.url(APP, passwords(folder)[APP])
    found = BreakableServers(server, embedded.own_valkey(folder), app)
    try:
        server.start()
        roles.make(server.url(), app)
        found.valkey.start()
        yield found
    finally:
        found.stop()
