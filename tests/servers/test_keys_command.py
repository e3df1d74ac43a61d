"""The operator makes a key, seals everything anew, and sees which keys may be dropped."""

import json
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from typer.main import get_command

from documents.sealing import KeyRing
from documents.signing import Signer, as_text
from rules.errors import Refused
from servers import commands, embedded, keys_cli, secrets
from tests.desk import Desk
from workflows.engine import same_keys
from workflows.engine.kept_where import store_of
from workflows.engine.office import Office


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with secrets of its own, as the program finds it when none are given."""
    for name in secrets.NAMES:
        monkeypatch.delenv(name, raising=False)
    data = tmp_path / "var"
    monkeypatch.setenv("HUZHU_DATA", str(data))
    secrets.ensure(data)
    return data


def said(capsys: pytest.CaptureFixture[str], office: Office | None, *words: str) -> str:
    opening = partial(nullcontext, office)
    get_command(keys_cli.commands).main(["keys", *words], obj=opening, standalone_mode=False)
    return capsys.readouterr().out


def keys_of(data: Path) -> list[str]:
    kept: dict[str, Any] = json.loads((data / "secrets.json").read_text())
    return [entry.partition(":")[0] for entry in str(kept["HUZHU_KEYS"]).split(",")]


def test_a_new_key_is_put_first_and_only_while_nothing_runs(
    private: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    [old] = keys_of(private)
    text = said(capsys, None, "new")
    new, kept = keys_of(private)
    assert kept == old
    assert new in text
    assert (private / "secrets.json").stat().st_mode & 0o777 == 0o600
    running = embedded.Addresses("postgresql://", "redis://")
    monkeypatch.setattr(embedded, "_others_or_turn", lambda _note: running)
    with pytest.raises(Refused, match="正在运行"):
        said(capsys, None, "new")
    monkeypatch.setenv("HUZHU_KEYS", "2026a:given")
    assert ":" in said(capsys, None, "new")
    assert keys_of(private) == [new, old]


def test_it_says_how_far_it_is_and_which_key_may_go(
    desk: Desk, private: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.claim(desk.member())
    desk.work()
    old = desk.office.settings.keys.get_secret_value()
    secrets.put_first(private, "HUZHU_KEYS", old)
    made = secrets.ensure(private)
    ring = KeyRing.from_text(made["HUZHU_KEYS"], made["HUZHU_INDEX_KEY"])
    last = list(ring.keys)[1]
    anew = replace(ring, keys={last: ring.keys[last], ring.current: ring.keys[ring.current]})
    office = replace(desk.office, keys=anew, store=store_of(desk.office.settings, anew))
    first = said(capsys, office, "status")
    assert "member.id_number\t0/1" in first
    assert f"密钥 {ring.current}：还有" in first
    assert f"全部内容已用密钥 {last} 加密" in said(capsys, office, "rotate")
    after = said(capsys, office, "status")
    assert "member.id_number\t1/1" in after
    assert f"密钥 {ring.current}：已不再使用" in after


def test_a_new_signing_key_is_put_first_and_its_public_half_is_told(
    private: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = json.loads((private / "secrets.json").read_text())["HUZHU_AUDIT_KEY"]
    get_command(keys_cli.commands).main(["keys", "new-signing"], obj=None, standalone_mode=False)
    told = capsys.readouterr()
    new, kept = json.loads((private / "secrets.json").read_text())["HUZHU_AUDIT_KEY"].split(",")
    assert kept == before
    assert new not in told.out + told.err
    [public] = map(as_text, Signer.from_text(new).public.values())
    assert public in told.err
    monkeypatch.setenv("HUZHU_AUDIT_KEY", before)
    given = said(capsys, None, "new-signing").strip()
    assert Signer.from_text(f"{given},{before}").name != Signer.from_text(before).name


def test_a_process_waits_for_a_database_that_is_just_started_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Office] = []

    def answers_at_third(office: Office) -> None:
        tries.append(office)
        if len(tries) < 3:
            raise OperationalError("", None, Exception("starting up"))

    monkeypatch.setattr(same_keys, "require_same_keys", answers_at_third)
    monkeypatch.setattr(commands, "_not_yet_known", lambda _ready: desk.office)
    monkeypatch.setattr(commands, "_DATABASE_WAITS", (0.0,) * 3)
    assert commands._open_office(desk.office.settings) is desk.office
    assert len(tries) == 3
