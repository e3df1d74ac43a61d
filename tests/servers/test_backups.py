"""A backup leads back to any instant with every file, or says in a sentence why it does not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from typer.testing import CliRunner

from documents.sealing import KeyRing, SealBroken, new_keys
from models import Claim
from models.people import Role
from rules.errors import Refused
from servers import embedded
from servers.backups import coming_back, notes
from servers.backups.commands import commands
from servers.backups.files import FileCopies
from servers.backups.making import Backups, is_due
from servers.backups.restoring import brought_back, chosen
from servers.backups.vault import vault_of
from servers.embedded import Addresses
from servers.private import prepared
from servers.roles import plain
from settings import Settings
from tests.desk import Desk
from tests.kept_files import spool_folder, store_folder
from workflows.claims.packets import uploads
from workflows.engine.marks import last_backup_at, last_drill_at
from workflows.engine.office import open_office, ring_of, utc_now
from workflows.proof import prove


def in_silence(_words: str) -> None:
    """What a restore tells is not looked at."""


@pytest.fixture
def ready(desk: Desk, tmp_path: Path, addresses: Addresses) -> Settings:
    """Settings that want backups."""
    more = {
        "backups": tmp_path / "vault",
        "backup_keys": SecretStr(new_keys()),
        "owner_database_url": addresses.owner_url,
    }
    desk.office.settings.data.mkdir(parents=True, exist_ok=True)
    return desk.office.settings.model_copy(update=more)


@pytest.fixture
def backups(ready: Settings, addresses: Addresses, servers_data: Path) -> Iterator[Backups]:
    """Those of the tests' own server."""
    vault = vault_of(ready)
    folder = servers_data / "postgres"
    yield Backups(ready, vault, FileCopies(ready, vault), addresses.owner_url, folder)
    forget_log(addresses)


def forget_log(addresses: Addresses) -> None:
    with psycopg.connect(plain(addresses.owner_url), autocommit=True) as connection:
        connection.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")


def elsewhere(ready: Settings, folder: Path) -> Settings:
    """Settings of a new machine, to which the keys were brought."""
    return ready.model_copy(update={"data": folder, "database_url": "", "owner_database_url": ""})


def claims_at(settings: Settings) -> int:
    """How many claims the database of this data folder has, of which every promise holds."""
    server = embedded.own_postgres(settings.data)
    server.start()
    try:
        office = open_office(settings, server.url())
        with office.sessions.read_only() as session:
            assert [one for one in prove(session, office) if one.violations] == []
        with office.sessions.read_only() as session:
            count = session.scalar(select(func.count(Claim.id)))
        office.sessions.engine.dispose()
    finally:
        server.stop()
    return count or 0


def handed_in(desk: Desk) -> datetime:
    """One more claim, judged; an instant after it."""
    desk.claim(desk.member())
    desk.work()
    return utc_now()


def test_a_backup_leads_to_the_instant_that_is_asked_for_and_to_the_newest(
    desk: Desk, ready: Settings, backups: Backups, tmp_path: Path
) -> None:
    handed_in(desk)
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        uploads.upload(session, desk.office, clerk, [("a.jpg", b"waits for intake")])
    backups.back_up()
    second = handed_in(desk)
    handed_in(desk)
    backups.add()

    then = elsewhere(ready, tmp_path / "then")
    found = coming_back.restore(then, second, False, in_silence)

    assert found.missing == ()
    assert claims_at(then) == 2
    spool = open_office(then, "postgresql://").spool
    [entry] = spool_folder(then).iterdir()
    assert spool.get(entry.name)[0][1] == b"waits for intake"
    newest = elsewhere(ready, tmp_path / "newest")
    coming_back.restore(newest, None, False, in_silence)
    assert claims_at(newest) == 3
    marked = last_backup_at(ready)
    assert marked is not None
    assert marked > second


def test_a_drill_proves_the_newest_backup_and_finds_a_scan_that_was_lost(
    desk: Desk, ready: Settings, backups: Backups
) -> None:
    handed_in(desk)
    backups.back_up()

    assert coming_back.drill(ready, in_silence) == []
    first = last_drill_at(ready)
    assert first is not None
    [lost, *_rest] = backups.vault.names("files")
    backups.vault.remove(lost)
    broken = coming_back.drill(ready, in_silence)

    assert [one.code for one in broken] == ["whole_papers"]
    assert last_drill_at(ready) == first
    assert not (ready.data / "drill.part").exists()


def test_a_restore_that_was_killed_lets_nothing_start_until_it_is_done_again(
    desk: Desk, ready: Settings, backups: Backups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in(desk)
    backups.back_up()
    new = elsewhere(ready, tmp_path / "new")

    def dies(words: str) -> None:
        if "材料" in words:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        coming_back.restore(new, None, False, dies)

    monkeypatch.setenv("HUZHU_DATA", str(new.data))
    with pytest.raises(Refused, match="恢复没有做完"), prepared():
        pass
    assert not (new.data / "postgres").exists()
    coming_back.restore(new, None, False, in_silence)
    assert claims_at(new) == 1
    with pytest.raises(Refused, match="--replace"):
        coming_back.restore(new, None, False, in_silence)
    with pytest.raises(KeyboardInterrupt):
        coming_back.restore(new, None, True, dies)
    aside = max(new.data.glob("replaced-*"))
    assert {path.name for path in aside.iterdir()} >= {"postgres", "store"}


def test_a_dump_of_a_server_of_others_is_made_by_the_program_and_comes_back(
    desk: Desk, ready: Settings, addresses: Addresses, tmp_path: Path
) -> None:
    handed_in(desk)
    backups = Backups.of(ready)
    backups.back_up()
    handed_in(desk)
    backups.add()

    with psycopg.connect(plain(addresses.owner_url), autocommit=True) as connection:
        connection.execute("CREATE DATABASE brought_back")
    try:
        owner = addresses.owner_url.replace("/postgres?", "/brought_back?")
        new = ready.model_copy(update={"data": tmp_path / "new", "database_url": owner})
        new = new.model_copy(update={"owner_database_url": ""})
        assert coming_back.restore(new, None, False, in_silence).missing == ()
        office = open_office(new, owner)
        with office.sessions.read_only() as session:
            assert [one for one in prove(session, office) if one.violations] == []
        with office.sessions.read_only() as session:
            assert session.scalar(select(func.count(Claim.id))) == 1
        office.sessions.engine.dispose()
        again = new.model_copy(update={"data": tmp_path / "again"})
        with pytest.raises(Refused, match="不是空的"):
            coming_back.restore(again, None, False, in_silence)
    finally:
        with psycopg.connect(plain(addresses.owner_url), autocommit=True) as connection:
            connection.execute("DROP DATABASE brought_back WITH (FORCE)")


def test_what_no_backup_leads_to_is_refused_with_the_instants_that_there_are(
    ready: Settings, backups: Backups
) -> None:
    keys = ring_of(ready)
    with pytest.raises(Refused, match="没有完整的备份"):
        chosen(backups.vault, keys, None)
    note = backups.back_up()
    with pytest.raises(Refused, match="最早可恢复到"):
        chosen(backups.vault, keys, note.at - timedelta(days=1))
    with pytest.raises(Refused, match="备份只到"):
        chosen(backups.vault, keys, utc_now() + timedelta(days=1))
    with pytest.raises(Refused, match=note.keys[0]):
        chosen(backups.vault, KeyRing({"other": bytes(32)}, bytes(32)), None)
    [*_, segment, _reached] = backups.vault.names("log")
    backups.vault.put_packed(f"{segment[:-8]}FFFFFFFF", [b""])
    with (
        pytest.raises(Refused, match="缺少日志"),
        brought_back(backups.vault, note, None, ready.data / "drill.part", in_silence),
    ):
        pass


def test_a_backup_that_did_not_become_whole_does_not_count_and_is_removed(
    backups: Backups, addresses: Addresses
) -> None:
    assert is_due(backups)
    old = backups.back_up()
    assert not is_due(backups)
    half = f"{notes.folder_of(utc_now() + timedelta(hours=1))}/files"
    backups.vault.put(half, [b"as far as it came"])

    assert notes.notes(backups.vault) == [old]
    backups.tidy(utc_now())
    assert not backups.vault.has(half)
    forget_log(addresses)
    assert is_due(backups)


def test_what_leads_to_no_instant_that_is_kept_is_removed_and_nothing_else(
    desk: Desk, ready: Settings, backups: Backups
) -> None:
    handed_in(desk)
    first = backups.back_up()
    gone, *stay = [path for path in store_folder(ready).rglob("*") if path.is_file()]
    gone.unlink()
    backups.tidy(utc_now())
    second = backups.back_up()
    backups.tidy(utc_now() + timedelta(days=ready.backup_days + 1))
    assert notes.notes(backups.vault) == [first, second]
    assert kept_files(backups) == {gone.name, *(path.name for path in stay)}

    third = backups.back_up()
    backups.tidy(utc_now() + timedelta(days=ready.backup_days + 1))

    assert notes.notes(backups.vault) == [second, third]
    assert kept_files(backups) == {path.name for path in stay}
    assert min(backups.vault.names("log")).rpartition("/")[2] == second.first_segment


def kept_files(backups: Backups) -> set[str]:
    return {name.rpartition("/")[2] for name in backups.vault.names("files")}


def test_an_object_that_was_changed_cut_or_moved_does_not_open(ready: Settings) -> None:
    vault = vault_of(ready)
    vault.put("log/a", [b"one", b"two"])
    vault.put("log/b", [b"one", b"two"])
    assert b"".join(vault.get("log/a")) == b"onetwo"
    folder = ready.backups or Path()
    whole = (folder / "log/a").read_bytes()
    for broken in (whole[:-40], whole[:-1] + bytes([whole[-1] ^ 1])):
        (folder / "log/a").write_bytes(broken)
        with pytest.raises(SealBroken):
            list(vault.get("log/a"))
    (folder / "log/b").rename(folder / "log/a")
    with pytest.raises(SealBroken):
        list(vault.get("log/a"))


def test_a_file_that_was_sealed_anew_is_kept_again(desk: Desk, ready: Settings) -> None:
    vault = vault_of(ready)
    hash_ = desk.office.store.put(b"a scan")
    copies = FileCopies(ready, vault)
    assert (copies.keep_new(), copies.keep_new()) == (1, 0)
    rotated = f"{new_keys()},{ready.keys.get_secret_value()}"
    later = ready.model_copy(update={"keys": SecretStr(rotated)})
    open_office(later, "postgresql://").store.reseal([hash_])
    assert copies.keep_new() == 1
    assert FileCopies(ready, vault).keep_new() == 0


def test_nothing_is_restored_by_keys_made_up_on_the_spot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUZHU_DATA", str(tmp_path))
    for name in ("HUZHU_KEYS", "HUZHU_INDEX_KEY", "HUZHU_SECRET"):
        monkeypatch.delenv(name, raising=False)
    said = CliRunner().invoke(commands, ["restore"])
    assert isinstance(said.exception, Refused)
    assert "没有密钥" in str(said.exception)
    assert list(tmp_path.iterdir()) == []
