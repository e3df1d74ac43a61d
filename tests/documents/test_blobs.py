"""A folder, a bucket, and a bucket at a service that fails keep bytes by the same rules."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from documents.blobs import Blobs, NoSuchBlob
from documents.blobs.bucket import BucketBlobs
from documents.blobs.folder import FolderBlobs
from documents.sealing import KeyRing, new_index_key, new_keys
from documents.spool import NotInSpool, Spool
from documents.store import ScanMissing, Store
from rules.errors import Transient
from tests.s3 import failing, new_bucket, s3_service

LARGE = 11 * 1024 * 1024
"""More than a bucket takes in one request."""


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, str]]:
    with ExitStack() as open_ones:
        sound = open_ones.enter_context(s3_service())
        yield {"bucket": sound, "failing": open_ones.enter_context(failing(sound, seed=20261130))}


@pytest.fixture(params=["folder", "bucket", "failing"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, services: dict[str, str]) -> Blobs:
    if request.param == "folder":
        return FolderBlobs(tmp_path / "blobs")
    bucket = new_bucket(services["bucket"], uuid4().hex)
    return BucketBlobs(replace(bucket, prefix="here", endpoint=services[request.param]))


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.from_text(new_keys(), new_index_key())


def names(blobs: Blobs, below: str = "") -> list[str]:
    return sorted(blob.name for blob in blobs.list(below))


def test_what_was_put_is_read_whole_in_part_and_as_a_stream(blobs: Blobs) -> None:
    blobs.put("ab/one", [b"first ", b"", b"second"])
    assert blobs.get("ab/one") == b"first second"
    assert blobs.head("ab/one", 5) == b"first"
    assert blobs.head("ab/one", 500) == b"first second"
    with blobs.open("ab/one") as stream:
        assert [stream.read(7), stream.read(7), stream.read(7)] == [b"first s", b"econd", b""]


def test_what_is_known_of_it_is_its_size_and_when_it_was_put(blobs: Blobs) -> None:
    blobs.put("ab/one", [b"12345"])
    found = blobs.stat("ab/one") or next(blobs.list())
    assert (found.name, found.size) == ("ab/one", 5)
    assert abs(found.touched - datetime.now(UTC)) < timedelta(minutes=1)


def test_another_put_takes_the_place_of_the_first(blobs: Blobs) -> None:
    blobs.put("one", [b"a" * 100])
    blobs.put_all([("one", b"b"), ("two", b"c")])
    assert (blobs.get("one"), blobs.get("two")) == (b"b", b"c")


def test_a_large_one_comes_back_as_it_was(blobs: Blobs) -> None:
    piece = bytes(range(256)) * 4096
    blobs.put("large", (piece for _each in range(LARGE // len(piece))))
    with blobs.open("large") as stream:
        count = 0
        while part := stream.read(len(piece)):
            assert part == piece
            count += len(part)
    assert count == LARGE


def test_all_below_a_name_are_listed(blobs: Blobs) -> None:
    blobs.put_all([("ab/one", b"1"), ("ab/two", b"2"), ("abc/three", b"3")])
    assert names(blobs, "ab/") == ["ab/one", "ab/two"]
    assert names(blobs) == ["ab/one", "ab/two", "abc/three"]
    assert names(blobs, "no/") == []


def test_what_is_deleted_is_gone_and_so_it_is_at_the_second_time(blobs: Blobs) -> None:
    blobs.put_all([("ab/one", b"1"), ("ab/two", b"2")])
    blobs.delete(["ab/one", "never"])
    blobs.delete(["ab/one"])
    assert names(blobs) == ["ab/two"]
    assert blobs.stat("ab/one") is None
    for read in (blobs.get, blobs.open):
        with pytest.raises(NoSuchBlob):
            read("ab/one")


def test_nothing_is_there_before_the_last_piece(blobs: Blobs) -> None:
    def cut() -> Iterator[bytes]:
        yield b"first"
        raise KeyError("no more")

    # Transient where to give the upload up fails as well.
    with pytest.raises((KeyError, Transient)):
        blobs.put("one", cut())
    assert names(blobs) == []


def test_scans_are_kept_once_and_are_new_again_when_they_come_again(
    blobs: Blobs, ring: KeyRing
) -> None:
    store = Store(blobs, ring)
    [one, same, other] = store.put_all([b"scan", b"scan", b"other"])
    assert one == same
    assert (store.get(one), store.get(other)) == (b"scan", b"other")
    before = datetime.now(UTC)
    assert store.touched_since(before + timedelta(hours=1), [one]) == set()
    assert store.put(b"scan") == one
    assert len(names(blobs)) == 2
    assert dict(store.marks()) == {one: ring.mark, other: ring.mark}
    store.forget([one])
    with pytest.raises(ScanMissing):
        store.get(one)


def test_entries_of_the_spool_are_there_whole_or_not_at_all(blobs: Blobs, ring: KeyRing) -> None:
    spool = Spool(blobs, ring)
    files = [("张三.pdf", b"made up" * 1000), ("b/c.jpg", b"")]
    spool.put("one", ((name, BytesIO(data)) for name, data in files))
    assert spool.get("one") == files
    spool.remove("one")
    with pytest.raises(NotInSpool):
        spool.get("one")


def test_a_scan_sealed_with_another_key_is_sealed_anew(blobs: Blobs, ring: KeyRing) -> None:
    sha256 = Store(blobs, ring).put(b"scan")
    both = KeyRing(
        {**KeyRing.from_text(new_keys(), new_index_key()).keys, **ring.keys}, ring.index_key
    )
    store = Store(blobs, both)
    assert dict(store.marks()) != {sha256: both.mark}
    store.reseal([sha256])
    assert store.get(sha256) == b"scan"


def test_a_service_that_does_not_answer_is_a_cause_that_passes(
    services: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.blobs.bucket._ALL_TRIES", timedelta(seconds=1))
    bucket = new_bucket(services["bucket"], uuid4().hex)
    gone = BucketBlobs(replace(bucket, endpoint="http://127.0.0.1:9", secret="told-nobody"))
    for act in (
        lambda: gone.put("one", [b"1"]),
        lambda: gone.get("one"),
        lambda: [*gone.list()],
        lambda: gone.delete(["one"]),
    ):
        with pytest.raises(Transient) as caught:
            act()
        assert "told-nobody" not in str(caught.value)
        assert "127.0.0.1" not in str(caught.value)
