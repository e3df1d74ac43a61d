"""What a worker has taken and not begun when it is stopped is back in its queue."""

from typing import Any

from kombu.entity import Queue
from kombu.messaging import Consumer

from tests.desk import Desk
from tests.faults.own_broker import client_of, key_of, own_broker
from workers.tags import genuine


def test_a_message_that_was_taken_and_not_begun_is_put_back_under_a_tag(desk: Desk) -> None:
    settings = desk.office.settings
    taken: list[Any] = []
    app = own_broker(settings)
    app.conf.broker_transport_options |= {"ack_emulation": False}
    with client_of(settings) as client:
        client.flushall()
        app.send_task("check", args=[7], queue="claims")
        with app.connection_for_read() as connection, connection.channel() as channel:
            queue: Any = Queue("claims", no_declare=True)  # type: ignore[no-untyped-call]
            consumer: Any = Consumer(channel, [queue], accept=["json"])  # type: ignore[no-untyped-call]
            consumer.register_callback(lambda body, _message: taken.append(body))
            with consumer:
                connection.drain_events()
            assert client.llen("claims") == 0
            assert client.keys() == []
        kept = client.lrange("claims", 0, -1)
    assert taken == [[[7], {}, taken[0][2]]]
    assert [genuine(key_of(settings), "claims", each) is None for each in kept] == [False]
