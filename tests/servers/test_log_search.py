"""`huzhu log` finds every line of one id, over all logs, and no other."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huzhu import program

ID, OTHER = "k7mq2x9p4d", "zzzzzzzzzz"


def written(folder: Path, name: str, *lines: object) -> None:
    text = "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines)
    (folder / name).write_text(text, "utf-8")


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUZHU_DATA", str(tmp_path))
    folder = tmp_path / "log"
    folder.mkdir()
    return folder


def line(at: str, log: str, correlation: str, **more: object) -> dict[str, object]:
    return {"at": at, "level": "INFO", "log": log, "correlation": correlation, **more}


def test_the_lines_of_one_id_come_in_order_of_time_from_all_logs(logs: Path) -> None:
    written(logs, "worker.log", line("2026-01-01T00:00:02.000Z", "huzhu.steps", ID, step="check"))
    written(
        logs,
        "web.log",
        line("2026-01-01T00:00:01.000Z", "huzhu.console", ID, status=303),
        line("2026-01-01T00:00:01.500Z", "huzhu.console", OTHER, status=404),
        f"a traceback that names {ID}",
        [ID],
    )
    written(logs, "web.log.1", line("2026-01-01T00:00:00.000Z", "huzhu.console", ID, status=200))
    said = CliRunner().invoke(program, ["log", ID.upper()])
    assert said.exit_code == 0
    assert [text.split()[1:] for text in said.output.splitlines()] == [
        ["huzhu.console", f"correlation={ID}", "status=200"],
        ["huzhu.console", f"correlation={ID}", "status=303"],
        ["huzhu.steps", f"correlation={ID}", "step=check"],
    ]


def test_an_id_without_lines_says_where_it_looked(logs: Path) -> None:
    said = CliRunner().invoke(program, ["log", ID])
    assert said.exit_code == 1
    assert str(logs) in said.output
