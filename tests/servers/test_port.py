"""The console's port from start to start."""

import socket
from pathlib import Path

import pytest

from rules.errors import Refused
from servers.port import console_port, free_port
from settings import Settings

pytestmark = pytest.mark.slow  # starts the program


def test_a_private_port_stays_the_same(tmp_path: Path) -> None:
    ready = Settings(data=tmp_path)
    assert console_port(ready) == console_port(ready)


def test_a_port_that_another_program_took_is_named_and_another_one_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready = Settings(data=tmp_path)
    before = console_port(ready)
    with socket.socket() as other:
        other.bind((ready.host, before))
        other.listen()
        after = console_port(ready)
    said = capsys.readouterr().out
    assert after != before
    assert str(before) in said
    assert str(after) in said
    assert console_port(ready) == after


def test_a_port_of_the_settings_that_is_taken_is_refused_in_a_sentence(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    ready = Settings(data=tmp_path, port=port)
    assert console_port(ready) == port
    with socket.socket() as other:
        other.bind((ready.host, port))
        other.listen()
        with pytest.raises(Refused, match=str(port)):
            console_port(ready)
    assert not (tmp_path / "console-port").exists()
