"""A real beat and worker of a machine that has a drop folder of its own take in what lies there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Packet
from models.states import PacketState
from tests.desk import Desk, a_stay
from tests.faults.crew import crew, until
from tests.faults.packets import a_packet, drop

pytestmark = [pytest.mark.line, pytest.mark.timeout(300)]


def packets(desk: Desk) -> list[tuple[str, str]]:
    with desk.office.sessions.read_only() as session:
        found = session.scalars(select(Packet)).all()
        return [(packet.owner, packet.state) for packet in found]


def test_a_packet_goes_its_way_on_the_machine_of_its_folder(desk: Desk, tmp_path: Path) -> None:
    desk.clock.now = datetime.now(UTC)
    with desk.office.sessions.unit_of_work() as session:
        data = a_packet(session, desk.office, "a", a_stay(desk.member()))
    drop(desk.office, "a.pdf", data)
    with crew(desk.office.settings, tmp_path, HUZHU_DROP_FOLDER_OF="north"):
        until(lambda: packets(desk) == [("north", PacketState.AWAY)], "the packet is put away")
    assert [*desk.office.settings.inbox_folder.iterdir()] == []
