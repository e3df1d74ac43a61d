"""What other programs leave in the drop folder is told once."""

import logging
import os
from dataclasses import replace

import pytest
from sqlalchemy import select

from models import Packet
from tests.desk import Desk
from workflows.claims.packets import inbox

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
