"""PostgreSQL and Valkey of a test's own, to be broken while the office works on them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from pydantic import SecretStr

from documents.sealing import new_index_key, new_keys
from models import migrations
from servers import embedded, roles
from servers.passwords import APP, passwords
from servers.postgres import Postgres
from servers.valkey import Valkey
from settings import Settings


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


def new_office(servers: BreakableServers, folder: Path) -> Settings:
    """Tables and rights for a new office on the servers, and its settings; what this process asks
    the environment for, as the program does, is set too."""
    migrations.upgrade(servers.owner_url)
    roles.grant(servers.owner_url, servers.database_url)
    settings = Settings(
        database_url=servers.database_url,
        redis_url=servers.redis_url,
        data=folder / "data",
        keys=SecretStr(new_keys()),
        index_key=SecretStr(new_index_key()),
        secret=SecretStr("a secret of the tests"),
        payer_account="22001450100050000002",
    )
    os.environ["REDIS_URL"] = servers.redis_url
    os.environ["HUZHU_SECRET"] = settings.secret.get_secret_value()
    return settings
