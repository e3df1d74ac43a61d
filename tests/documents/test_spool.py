"""Originals are kept sealed, whole or not at all, and go when they are wanted no more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

import documents.spool
from documents.blobs.folder import FolderBlobs
from documents.cipher_suites import SuiteName
from documents.sealing import KeyRing, SealBroken, new_index_key, new_keys
from documents.spool import NotInSpool, Spool
from rules.errors import BadInput

FILES = [("张三 220104.pdf", b"made-up scan" * 100), ("\udcff.jpg", b""), ("b/c.jpg", b"x")]


@pytest.fixture(params=SuiteName)
def spool(tmp_path: Path, request: pytest.FixtureRequest) -> Spool:
    return Spool(
        FolderBlobs(tmp_path / "spool"),
        KeyRing.from_text(new_keys(), new_index_key(), request.param),
    )


def as_files(files: list[tuple[str, bytes]]) -> Iterator[tuple[str, BinaryIO]]:
    return ((name, BytesIO(data)) for name, data in files)


@pytest.mark.parametrize("frame", [5, 4 * 1024 * 1024])
def test_what_was_put_comes_back_and_cannot_be_read_without_the_key(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frame: int
) -> None:
    monkeypatch.setattr(documents.spool, "FRAME_BYTES", frame)
    spool.put("one", as_files(FILES))
    assert spool.get("one") == FILES
    pieces = [piece for _name, each in spool.streams("one") for piece in each]
    assert max(map(len, pieces)) <= frame, "never a whole file where it is larger"
    on_disk = [path for path in (tmp_path / "spool").rglob("*") if path.is_file()]
    assert [path.name for path in on_disk] != []
    for path in on_disk:
        assert b"made" not in path.read_bytes()
        assert path.name.lstrip("f").isdigit()


def test_a_file_that_was_cut_or_moved_does_not_open(spool: Spool, tmp_path: Path) -> None:
    spool.put("one", as_files(FILES))
    spool.put("other", as_files(FILES[:1]))
    first = tmp_path / "spool" / "one" / "f000001"
    whole = first.read_bytes()
    (tmp_path / "spool" / "other" / "f000001").write_bytes(whole)
    end = len(whole) - int.from_bytes(whole[:4]) - 4
    for kept in (0, 3, 40, end):
        first.write_bytes(whole[:kept])
        with pytest.raises(SealBroken):
            spool.get("one")
    with pytest.raises(SealBroken):
        spool.get("other")


def test_an_entry_that_was_half_written_is_not_there_and_is_swept(spool: Spool) -> None:
    def half() -> Iterator[tuple[str, BinaryIO]]:
        yield "a", BytesIO(b"x")
        raise BadInput("no more")

    with pytest.raises(BadInput):
        spool.put("one", half())
    with pytest.raises(NotInSpool):
        spool.get("one")
    spool.put("two", as_files(FILES))
    spool.put("three", as_files(FILES))
    spool.remove("nothing")
    later = datetime.now(UTC) + timedelta(hours=1)
    assert spool.sweep({"two"}, later - timedelta(hours=2)) == 0
    assert spool.sweep({"two"}, later) == 2
    assert spool.get("two") == FILES
    assert not spool.has("three")


def test_an_entry_that_is_put_again_replaces_the_first(spool: Spool) -> None:
    spool.put("one", as_files(FILES))
    spool.put("one", as_files(FILES[:1]))
    assert spool.get("one") == FILES[:1]
    spool.remove("one")
    assert not spool.has("one")


def test_an_entry_of_a_release_that_counted_no_files_is_there(spool: Spool, tmp_path: Path) -> None:
    spool.put("one", as_files(FILES))
    folder = tmp_path / "spool" / "one"
    (folder / "f000000").unlink()
    assert not spool.has("one"), "half of an entry of today"
    for path in folder.iterdir():
        path.rename(folder / path.name.removeprefix("f"))
    assert spool.get("one") == FILES
    assert len(list(spool.marks())) == len(FILES)
    spool.reseal([name for name, _mark in spool.marks()])
    assert spool.get("one") == FILES
    spool.remove("one")
    assert not spool.has("one")
    assert not folder.exists()
