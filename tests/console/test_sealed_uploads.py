"""No uploaded byte lies in clear on a disk while a form is read."""

import os
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette import formparsers

from console.app import build
from console.sealed_uploads import SealedUpload

MARK = b"220104198503171234"


def on_disk(file: SealedUpload) -> bytes:
    file._file.flush()
    return Path(f"/proc/self/fd/{file._file.fileno()}").read_bytes()


def test_the_form_parser_of_the_console_writes_no_file_in_clear(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", SpooledTemporaryFile)
    build(desk.office)
    assert vars(formparsers)["SpooledTemporaryFile"] is SealedUpload
    assert (
        "SpooledTemporaryFile" in formparsers.MultiPartParser.on_headers_finished.__code__.co_names
    )


def test_a_large_file_is_on_disk_only_encrypted() -> None:
    file = SealedUpload(max_size=100)
    file.write(MARK)
    assert not file._rolled
    file.write(MARK * 50)
    assert file._rolled
    assert MARK not in on_disk(file)
    assert len(on_disk(file)) == len(MARK) * 51
    file.seek(0)
    assert file.read() == MARK * 51
    file.close()


@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(0, 200), st.integers(-1, 60))
def test_it_reads_as_any_file_from_any_place(parts: list[bytes], place: int, size: int) -> None:
    file, whole = SealedUpload(max_size=60), b"".join(parts)
    for part in parts:
        file.write(part)
    assert file.tell() == len(whole)
    file.seek(place)
    assert file.read(size) == (whole[place:] if size < 0 else whole[place : place + size])
    assert file.seek(0, os.SEEK_END) == len(whole)
    file.close()
