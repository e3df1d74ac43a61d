"""Scans are kept once, whole, unreadable to others, and survive crashes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import documents.flushing
from documents.blobs.folder import FolderBlobs
from documents.cipher_suites import SuiteName
from documents.sealing import KeyRing, SealBroken, new_index_key, new_keys
from documents.store import ScanMissing, Store, name_of
from rules.errors import BadInput

INDEX = new_index_key()
OLD = new_keys()
SCAN = b"\xff\xd8\xff a made-up scan" * 1000


@pytest.fixture(params=SuiteName)
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Store:
    return Store(FolderBlobs(tmp_path / "scans"), KeyRing.from_text(OLD, INDEX, request.param))


def file_of(tmp_path: Path, sha256: str) -> Path:
    return tmp_path / "scans" / name_of(sha256)


def test_what_was_put_comes_back_under_its_sha256(store: Store) -> None:
    sha256 = store.put(SCAN)
    assert sha256 == hashlib.sha256(SCAN).hexdigest()
    assert store.get(sha256) == SCAN


def test_nothing_on_disk_can_be_read_without_the_key(store: Store, tmp_path: Path) -> None:
    path = file_of(tmp_path, store.put(SCAN))
    assert b"made-up" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_scan_is_written_once(store: Store, tmp_path: Path) -> None:
    path = file_of(tmp_path, store.put(SCAN))
    before, sealed = path.stat(), path.read_bytes()
    store.put(SCAN)
    assert (path.stat().st_ino, path.read_bytes()) == (before.st_ino, sealed)


def test_a_scan_that_is_put_again_is_new_again(store: Store, tmp_path: Path) -> None:
    sha256 = store.put(SCAN)
    os.utime(file_of(tmp_path, sha256), (0, 0))
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert store.touched_since(hour_ago, [sha256, "ab" * 32]) == set()
    store.put(SCAN)
    assert store.touched_since(hour_ago, [sha256]) == {sha256}


@pytest.mark.parametrize("count", [0, 1, 5, 6, 40])
def test_many_are_kept_as_each_alone(store: Store, count: int) -> None:
    scans = [SCAN + bytes([number]) for number in range(count)]
    kept = store.put_all(iter(scans))
    assert kept == [hashlib.sha256(scan).hexdigest() for scan in scans]
    assert [store.get(sha256) for sha256 in kept] == scans
    assert store.put_all(scans) == kept


def test_the_same_scan_twice_among_many_is_written_once(store: Store, tmp_path: Path) -> None:
    one, other = store.put_all([SCAN, SCAN])
    assert one == other
    assert [path.name for path in file_of(tmp_path, one).parent.iterdir()] == [one]


def test_of_many_none_is_half_kept_when_one_cannot_be_made(store: Store, tmp_path: Path) -> None:
    def letters() -> Iterator[bytes]:
        yield SCAN
        raise BadInput("no letter")

    with pytest.raises(BadInput):
        store.put_all(letters())
    sha256 = hashlib.sha256(SCAN).hexdigest()
    assert list(file_of(tmp_path, sha256).parent.iterdir()) == []


@pytest.mark.parametrize("count", [1, 40])
def test_all_is_on_disk_before_it_has_its_name(
    store: Store, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed, sync = [], os.fsync

    def note(handle: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(documents.flushing, "_flush_file_system", lambda _path: False)
    kept = store.put_all(SCAN + bytes([number]) for number in range(count))
    files = [name for name in flushed if name.startswith(".new-")]
    assert flushed[: len(files)] == files
    assert len(files) == count
    assert {sha256[:2] for sha256 in kept} <= set(flushed[count:])


@pytest.mark.parametrize("kept", [0, 1, 40, 500])
def test_a_torn_file_is_healed_when_the_scan_comes_again(
    store: Store, tmp_path: Path, kept: int
) -> None:
    path = file_of(tmp_path, store.put(SCAN))
    path.write_bytes(path.read_bytes()[:kept])
    assert not store.verify(path.name)
    store.put(SCAN)
    assert store.get(path.name) == SCAN


def test_a_changed_bit_is_noticed(store: Store, tmp_path: Path) -> None:
    sha256 = store.put(SCAN)
    sealed = bytearray(file_of(tmp_path, sha256).read_bytes())
    sealed[-1] ^= 1
    file_of(tmp_path, sha256).write_bytes(sealed)
    assert not store.verify(sha256)
    with pytest.raises(SealBroken):
        store.get(sha256)


def test_a_scan_moved_under_another_hash_is_noticed(store: Store, tmp_path: Path) -> None:
    one, other = store.put(SCAN), store.put(b"another")
    file_of(tmp_path, other).write_bytes(file_of(tmp_path, one).read_bytes())
    assert not store.verify(other)


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "F" * 64])
def test_what_is_not_kept_is_said_to_be_missing(store: Store, sha256: str) -> None:
    assert not store.verify(sha256)
    with pytest.raises(ScanMissing):
        store.get(sha256)


def test_leftovers_of_a_crash_are_swept_when_old(store: Store, tmp_path: Path) -> None:
    sha256 = store.put(SCAN)
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    rests = {}
    for name, age in (("old", timedelta(hours=2)), ("young", timedelta(minutes=5))):
        rests[name] = file_of(tmp_path, sha256).with_name(f".new-{name}")
        rests[name].write_bytes(b"half")
        stamp = (now - age).timestamp()
        os.utime(rests[name], (stamp, stamp))
    assert store.sweep(now) == 1
    assert not rests["old"].exists()
    assert rests["young"].exists()
    assert store.verify(sha256)


def test_a_failed_write_leaves_the_folder_as_it_was(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(SCAN)
    monkeypatch.undo()
    sha256 = hashlib.sha256(SCAN).hexdigest()
    assert list(file_of(tmp_path, sha256).parent.iterdir()) == []


def test_in_an_empty_store_nothing_is_swept(store: Store) -> None:
    assert store.sweep(datetime(2026, 11, 23, tzinfo=UTC)) == 0


_WRITER = """
import itertools, os, sys
from pathlib import Path
from documents.blobs.folder import FolderBlobs
from documents.cipher_suites import SuiteName
from documents.sealing import KeyRing
from documents.store import Store
store = Store(FolderBlobs(Path(sys.argv[1])), KeyRing.from_text(sys.argv[2], sys.argv[3]))
for number in itertools.count():
    print(store.put(os.urandom(200_000)), flush=True)
"""


@pytest.mark.slow
def test_a_writer_killed_at_any_instant_leaves_only_whole_scans(
    store: Store, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path / "scans"), OLD, INDEX]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(25)]
        writer.kill()
        said += writer.stdout.read().split()
    kept = {path.name for path in (tmp_path / "scans").glob("??/[0-9a-f]*")}
    assert all(store.verify(sha256) for sha256 in kept)
    # A line cut short by the kill is no promise.
    assert {sha256 for sha256 in said if len(sha256) == 64} <= kept
