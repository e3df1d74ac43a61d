"""The Celery app and how it speaks with the broker; it loads no step, since beat needs none."""

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_received
from kombu.entity import Exchange, Queue

from settings import settings
from workers import poison
from workers.last_progress import note_progress
from workers.schedule import BEAT_QUEUE, queues_of_beat, schedule
from workers.tags import tag_key

poison.install()


def _leave_logging_alone(**_: object) -> None:
    """The command that starts the process sets it up; with a receiver here Celery does not."""


setup_logging.connect(_leave_logging_alone)
task_received.connect(note_progress)
before_task_publish.connect(note_progress)

app = Celery("huzhu", broker=settings().redis_url)
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    # The row and the sweep guarantee the work, so a message is acknowledged once it is taken.
    task_acks_late=False,
    # The queues that beat knows; workers name all of theirs.
    task_default_queue=BEAT_QUEUE,
    task_create_missing_queues=False,
    task_queues=[
        Queue(name, Exchange(name), name)  # type: ignore[no-untyped-call]
        for name in queues_of_beat(settings())
    ],
    worker_prefetch_multiplier=1,
    # Pool processes fork: they start at once, and nothing below opens a connection before its
    # first task, so there is none to inherit.
    worker_pool_start_method="fork",
    # By default a process that takes over four seconds to start is killed, and so for ever.
    worker_proc_alive_timeout=120,
    worker_send_task_events=False,
    # Whoever writes to the broker could stop a worker by it.
    worker_enable_remote_control=False,
    enable_utc=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 15,
        "tag_key": tag_key(settings().secret.get_secret_value()),
        # What a worker has taken it keeps to itself, and puts back when it is stopped: a copy in
        # the broker would be one more thing that others can write.
        "ack_emulation": False,
    },
    beat_schedule=schedule(settings()),
)
