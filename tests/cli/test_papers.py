"""The operator brings papers from this machine into the bucket, as often as he likes."""

from uuid import uuid4

import pytest
from typer.testing import CliRunner

from huzhu import program
from tests.desk import Desk
from tests.s3 import new_bucket, s3_service
from workflows.engine.kept_where import store_of


def test_what_lay_in_folders_is_read_from_the_bucket(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.claim(desk.member())
    desk.work()
    kept = [sha256 for sha256, _mark in desk.office.store.marks()]
    monkeypatch.setenv("HUZHU_DATA", str(desk.office.settings.data))
    with s3_service() as address:
        given = {"bucket": new_bucket(address, uuid4().hex).name, "bucket_endpoint": address}
        for name, value in given.items():
            monkeypatch.setenv(f"HUZHU_{name}".upper(), value)
        first, again = (CliRunner().invoke(program, ["papers", "to-bucket"]) for _ in range(2))
        assert f"store：复制 {len(kept)} 份，原已在桶里 0 份" in first.output
        assert f"store：复制 0 份，原已在桶里 {len(kept)} 份" in again.output
        settings = desk.office.settings.model_copy(update=given)
        store = store_of(settings, desk.office.keys)
        assert kept
        assert all(store.verify(sha256) for sha256 in kept)


def test_without_a_bucket_it_says_what_is_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUZHU_DATA", str(desk.office.settings.data))
    done = CliRunner().invoke(program, ["papers", "to-bucket"])
    assert done.exit_code != 0
