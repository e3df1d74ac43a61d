"""Whoever looks at all rows leaves those free that a worker has been rung for: a worker skips what
is locked, and its bell is spent."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Packet
from models.states import ClaimState, PacketState
from tests.desk import STEP_BY_NAME, Desk, a_stay
from tests.faults.packets import a_packet, drop
from workflows.claims.packets import inbox
from workflows.engine.run import Ended, run
from workflows.engine.session import UnitOfWork
from workflows.engine.steps import Step
from workflows.sweep import sweep


@contextmanager
def worked_meanwhile(desk: Desk, step: Step, row_id: int) -> Iterator[list[Ended]]:
    """A worker that is rung for this row takes it up just before the first commit in the block that
    rings for something; how that ended."""
    ended: list[Ended] = []
    begun: list[bool] = []

    def take_it_up(session: Session) -> None:
        if session.info.get("bells") and not begun:
            begun.append(True)
            ended.append(run(desk.office, step, row_id))

    event.listen(UnitOfWork, "before_commit", take_it_up)
    try:
        yield ended
    finally:
        event.remove(UnitOfWork, "before_commit", take_it_up)


def a_packet_dropped(desk: Desk, name: str) -> None:
    with desk.office.sessions.unit_of_work() as session:
        data = a_packet(session, desk.office, name, a_stay(desk.member()))
    drop(desk.office, name, data)
    inbox.look(desk.office)


def test_while_a_look_goes_on_a_settled_packet_is_taken_in(desk: Desk) -> None:
    for name in ("first.pdf", "second.pdf"):
        a_packet_dropped(desk, name)
        desk.clock.pass_(hours=1)
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Packet.id).filter_by(state=PacketState.SETTLED)).one()
    with worked_meanwhile(desk, STEP_BY_NAME["intake"], first) as ended:
        inbox.look(desk.office)
    assert ended == [Ended.DONE]


def test_while_a_sweep_goes_on_a_row_whose_bell_lies_in_the_queue_is_taken_up(desk: Desk) -> None:
    waits, lost = desk.claim(desk.member()), desk.claim(desk.member())
    desk.clock.pass_(hours=1)
    desk.bells.clear()
    with worked_meanwhile(desk, STEP_BY_NAME["read"], waits) as ended:
        sweep(desk.office, lambda _queue: {"read": {waits}})
    assert ended == [Ended.DONE]
    assert [bell.id for bell in desk.bells if bell.state == ClaimState.RECEIVED] == [lost]
