"""What only waits for a slow worker is no failure: its bell lies in the queue."""

from functools import partial

from sqlalchemy import select

from models import Claim
from tests.desk import Desk
from tests.faults.own_broker import client_of, key_of, own_broker
from workers import waiting_bells as looked
from workers.tags import tagged
from workers.waiting_bells import waiting_bells
from workflows.pipeline import STEP_AT
from workflows.sweep import sweep


def lying(desk: Desk, queue: str) -> object:
    with own_broker(desk.office.settings).connection_for_read() as connection:
        return waiting_bells(connection.default_channel, queue)


def test_each_row_whose_bell_lies_in_a_queue_is_found_and_the_queue_stays_as_it_is(
    desk: Desk,
) -> None:
    app, settings = own_broker(desk.office.settings), desk.office.settings
    with client_of(settings) as client:
        client.flushall()
        app.send_task("check", args=[7, 8], queue="claims")
        app.send_task("check", args=[9], queue="claims")
        app.send_task("letter", args=[7], queue="claims")
        client.lpush("claims", "forged", tagged(key_of(settings), "reading", b"of another queue"))
        before = client.lrange("claims", 0, -1)
        assert lying(desk, "claims") == {"check": {7, 8, 9}, "letter": {7}}
        assert client.lrange("claims", 0, -1) == before
        assert lying(desk, "reading") == {}


def test_a_queue_that_is_too_long_is_not_looked_through(desk: Desk) -> None:
    with client_of(desk.office.settings) as client:
        client.flushall()
        client.lpush("claims", *["x"] * looked.LONG_QUEUE)
        assert lying(desk, "claims") is None
        client.rpop("claims")
        assert lying(desk, "claims") == {}
        client.flushall()


def test_rows_that_wait_for_a_slow_worker_are_neither_rung_for_nor_parked(desk: Desk) -> None:
    claim_ids = [desk.claim(desk.member()) for _each in range(3)]
    desk.bells.clear()
    step = STEP_AT["claim", "received"]
    settings = desk.office.settings
    with client_of(settings) as client:
        client.flushall()
        own_broker(settings).send_task(step.name, args=claim_ids[:2], queue=step.queue)
        with own_broker(settings).connection_for_read() as connection:
            waiting = partial(waiting_bells, connection.default_channel)
            for _time in range(20):
                desk.clock.pass_(hours=1)
                sweep(desk.office, waiting)
        client.flushall()
    assert {bell.id for bell in desk.bells} == {claim_ids[2]}, "only its bell was lost"
    with desk.office.sessions.read_only() as session:
        claims = session.scalars(select(Claim).order_by(Claim.id)).all()
    assert [claim.attempts for claim in claims[:2]] == [0, 0]
    assert [claim.parked_at is None for claim in claims] == [True, True, False]
