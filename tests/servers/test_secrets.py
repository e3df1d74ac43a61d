"""The secrets that nobody gave: made once, never again beside data that they alone open."""

from pathlib import Path

import pytest

from documents.sealing import KeyRing
from rules.errors import BadInput, Refused
from servers import secrets


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in secrets.NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("folder", ["postgres", "store"])
def test_lost_secrets_are_not_made_anew_beside_what_they_alone_open(
    tmp_path: Path, folder: str
) -> None:
    made = secrets.ensure(tmp_path)
    assert secrets.ensure(tmp_path) == made
    (tmp_path / folder).mkdir()
    (tmp_path / "secrets.json").rename(tmp_path / "kept")
    with pytest.raises(Refused, match="不见了"):
        secrets.ensure(tmp_path)
    (tmp_path / "kept").rename(tmp_path / "secrets.json")
    assert secrets.ensure(tmp_path) == made


@pytest.mark.parametrize("rest", ["", "{", "[]"])
def test_a_broken_file_of_secrets_is_named(tmp_path: Path, rest: str) -> None:
    secrets.ensure(tmp_path)
    (tmp_path / "secrets.json").write_text(rest)
    with pytest.raises(Refused, match=r"secrets\.json 已损坏"):
        secrets.ensure(tmp_path)


def test_a_key_without_a_name_is_not_shown_in_the_sentence(tmp_path: Path) -> None:
    made = secrets.ensure(tmp_path)
    key = made["HUZHU_KEYS"].partition(":")[2]
    with pytest.raises(BadInput) as error:
        KeyRing.from_text(f"0f6f={key}", made["HUZHU_INDEX_KEY"])
    assert key[:6] not in str(error.value)
