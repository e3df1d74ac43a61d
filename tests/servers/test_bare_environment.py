"""The private servers know nothing of our secrets, whoever may run programs in them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from servers import embedded

pytestmark = pytest.mark.slow

PLANTED = "a made-up secret of the private mode"
SECRETS = ("HUZHU_KEYS", "HUZHU_INDEX_KEY", "HUZHU_SECRET", "HUZHU_SMTP_PASSWORD", "OTHER_TOKEN")


def test_no_server_is_given_a_secret_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, PLANTED)
    with (
        TemporaryDirectory(prefix="huzhu-tests-") as folder,
        embedded.running(Path(folder)) as addresses,
    ):
        url = addresses.owner_url.replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TEMP TABLE told (line text)")
            connection.execute("COPY told FROM PROGRAM 'env'")
            told = [line for (line,) in connection.execute("SELECT line FROM told")]
        assert any(line.startswith("PATH=") for line in told)
        assert not [line for line in told if PLANTED in line]
        assert _valkeys(addresses.redis_url)
        assert PLANTED.encode() not in b"".join(_valkeys(addresses.redis_url))


def _valkeys(url: str) -> list[bytes]:
    """The environments of the processes that serve this address."""
    folder = Path(url.rpartition("@")[2]).parent
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"valkey" in (process / "cmdline").read_bytes() and folder.samefile(process / "cwd"):
                found.append((process / "environ").read_bytes())
        except OSError:
            continue
    return found
