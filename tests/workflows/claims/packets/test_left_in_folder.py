"""What other programs leave in the drop folder, and what cannot be looked at, is told once."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Packet
from tests.desk import Desk
from workflows.claims.packets import inbox

TOO_LONG = ("x" * 250, 20)
TOO_DEEP = ("x", 1_100)
RESTS = ("Thumbs.db", ".DS_Store", "~$张三.docx", "扫描.tmp")


def left(desk: Desk, name: str, minutes: int) -> None:
    """A file of this name that nobody has touched for so many minutes."""
    path = desk.drop(name, b"x")
    then = desk.clock().timestamp() - minutes * 60
    os.utime(path, (then, then))


def packets(desk: Desk) -> list[tuple[str, int]]:
    """State and number of notes of each packet."""
    with desk.office.sessions.read_only() as session:
        rows = session.execute(select(Packet.state, Packet.notes).order_by(Packet.id))
        return [(state, len(notes)) for state, notes in rows]


@contextmanager
def folders(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, depth: int) -> Iterator[None]:
    """A folder in the drop folder with so many of this name in each other. Each is made, and at the
    end removed, from the one around it: nothing else reaches them."""
    desk.drop("很深", {})
    with monkeypatch.context() as there:
        there.chdir(inbox.drop_folder(desk.office) / "很深")
        for _each in range(depth):
            Path(name).mkdir()
            os.chdir(name)
        yield
        for _each in range(depth):
            os.chdir("..")
            Path(name).rmdir()


def test_each_is_told_once_on_the_page_and_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for name in RESTS:
        left(desk, name, minutes=10)
    with caplog.at_level(logging.WARNING, "huzhu.inbox"):
        for _look in range(3):
            inbox.look(desk.office)
            desk.clock.pass_(minutes=1)
    assert packets(desk) == [("left", 1)] * len(RESTS)
    told = [line.getMessage() for line in caplog.records if line.name == "huzhu.inbox"]
    assert len(told) == len(RESTS)
    assert not any(name in line for line in told for name in RESTS)


def test_what_is_still_written_is_not_told(desk: Desk) -> None:
    patient = desk.office.settings.model_copy(update={"unfinished_seconds": 300})
    left(desk, "扫描.tmp", minutes=4)
    inbox.look(replace(desk.office, settings=patient))
    assert packets(desk) == []


def test_a_rest_that_is_taken_away_is_known_no_longer(desk: Desk) -> None:
    left(desk, "扫描.tmp", minutes=10)
    inbox.look(desk.office)
    (inbox.drop_folder(desk.office) / "扫描.tmp").unlink()
    inbox.look(desk.office)
    left(desk, "扫描.tmp", minutes=10)
    inbox.look(desk.office)
    assert [state for state, _notes in packets(desk)] == ["gone", "left"]


@pytest.mark.parametrize("entry", [TOO_LONG, TOO_DEEP], ids=["too-long", "too-deep"])
def test_an_entry_that_cannot_be_looked_at_stops_none_beside_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, entry: tuple[str, int]
) -> None:
    with folders(desk, monkeypatch, *entry):
        desk.drop("好.jpg", b"x")
        for _look in range(2):
            inbox.look(desk.office)
            desk.clock.pass_(minutes=1)
        assert ("settled", 0) in packets(desk)


def test_it_is_told_once_and_taken_in_when_it_can_be_looked_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with folders(desk, monkeypatch, *TOO_LONG):
        with caplog.at_level(logging.WARNING, "huzhu.inbox"):
            for _look in range(3):
                inbox.look(desk.office)
        assert packets(desk) == [("left", 1)]
        [told] = [line.getMessage() for line in caplog.records if line.name == "huzhu.inbox"]
        assert "很深" not in told
    desk.drop("很深", {"1.jpg": b"x"})
    for _look in range(2):
        inbox.look(desk.office)
    assert packets(desk) == [("settled", 0)]
