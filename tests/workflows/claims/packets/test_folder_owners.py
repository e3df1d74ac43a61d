"""Two machines with drop folders of their own: each moves what lies in its folder, and nothing of
the other's."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Packet
from models.states import PacketState
from tests.desk import STEP_BY_NAME, Desk, a_stay
from tests.faults.packets import a_packet
from workflows.claims.packets import inbox
from workflows.engine.office import Office
from workflows.engine.run import Ended, run
from workflows.engine.turns import OneAtATime, take_if_free
from workflows.sweep import sweep


@pytest.fixture
def machines(desk: Desk, tmp_path: Path) -> tuple[Office, Office]:
    """Two of one office: one database, one store, two folders."""

    def machine(name: str) -> Office:
        (tmp_path / name).mkdir()
        given = {"drop_folder_of": name, "inbox": tmp_path / name}
        return replace(desk.office, settings=desk.office.settings.model_copy(update=given))

    return machine("north"), machine("south")


def drop(desk: Desk, machine: Office, name: str) -> None:
    unique = f"{name} {machine.settings.drop_folder_of}"
    with desk.office.sessions.unit_of_work() as session:
        pages = a_packet(session, desk.office, unique, a_stay(desk.member()))
    (inbox.drop_folder(machine) / name).write_bytes(pages)


def look_until_settled(desk: Desk, *machines: Office) -> None:
    for _look in range(2):
        for machine in machines:
            inbox.look(machine)
        desk.clock.pass_(minutes=1)
    desk.bells.clear()


def states(desk: Desk) -> dict[str, str]:
    """The states of the packets by their owners."""
    with desk.office.sessions.read_only() as session:
        packets = session.scalars(select(Packet)).all()
        return {packet.owner: packet.state for packet in packets}


def id_of(desk: Desk, owner: str) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Packet.id).filter_by(owner=owner)).one()


def test_what_lies_in_one_folder_is_not_taken_back_by_the_look_into_the_other(
    desk: Desk, machines: tuple[Office, Office]
) -> None:
    north, south = machines
    drop(desk, north, "a.pdf")
    for machine in (north, south, south):
        inbox.look(machine)
    assert states(desk) == {"north": PacketState.NOTICED}
    desk.clock.pass_(minutes=1)
    inbox.look(south)
    assert states(desk) == {"north": PacketState.NOTICED}
    inbox.look(north)
    assert states(desk) == {"north": PacketState.SETTLED}


def test_an_entry_of_the_same_name_in_each_folder_is_a_packet_of_each(
    desk: Desk, machines: tuple[Office, Office]
) -> None:
    for machine in machines:
        drop(desk, machine, "扫描.pdf")
    look_until_settled(desk, *machines)
    assert states(desk) == dict.fromkeys(("north", "south"), PacketState.SETTLED)


def test_only_the_machine_of_the_folder_takes_in_and_puts_away(
    desk: Desk, machines: tuple[Office, Office]
) -> None:
    north, south = machines
    drop(desk, north, "a.pdf")
    look_until_settled(desk, north)
    packet_id = id_of(desk, "north")
    for name, state in (("intake", PacketState.STORED), ("put_away", PacketState.AWAY)):
        assert run(south, STEP_BY_NAME[name], packet_id) == Ended.GONE
        assert run(north, STEP_BY_NAME[name], packet_id) == Ended.DONE
        assert states(desk) == {"north": state}
    assert [*inbox.drop_folder(north).iterdir()] == []


def test_the_other_machines_sweep_neither_rings_nor_parks(
    desk: Desk, machines: tuple[Office, Office]
) -> None:
    north, south = machines
    drop(desk, north, "a.pdf")
    look_until_settled(desk, north)
    for _time in range(20):
        desk.clock.pass_(hours=1)
        assert sweep(south) == 0
    assert sweep(north) == 1
    with desk.office.sessions.read_only() as session:
        packet = session.get_one(Packet, id_of(desk, "north"))
    assert (packet.attempts, packet.parked_at) == (1, None)


def test_a_look_that_hangs_on_a_dead_share_holds_up_no_other_machine(
    desk: Desk, machines: tuple[Office, Office]
) -> None:
    north, south = machines
    drop(desk, south, "a.pdf")
    with north.sessions.unit_of_work() as session:
        assert take_if_free(session, OneAtATime.LOOK_INTO_FOLDER, "north")
        inbox.look(south)
    assert states(desk) == {"south": PacketState.NOTICED}
