"""The Celery app: a task for each step, the sweep and the look; messages carry ids only."""

import logging
from functools import cache
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from kombu.entity import Exchange, Queue

from instants import instant
from settings import settings
from workflows import inbox
from workflows.engine import run
from workflows.office import Office, open_office
from workflows.pipeline import QUEUES, STEP_AT, STEPS
from workflows.session import Bell
from workflows.sweep import sweep

log = logging.getLogger("huzhu.workers")

BEAT_QUEUE = "beat"
LONG_QUEUE = 500

app = Celery("huzhu", broker=settings().redis_url)
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    # The row and the sweep are the guarantee, so a message is done with once it is taken.
    task_acks_late=False,
    task_queues=[Queue(name, Exchange(name), name) for name in (*QUEUES, BEAT_QUEUE)],
    task_default_queue=BEAT_QUEUE,
    task_create_missing_queues=False,
    worker_prefetch_multiplier=1,
    # Pool processes fork: they start at once, and nothing below opens a connection before its
    # first task, so there is none to inherit.
    worker_pool_start_method="fork",
    # By default a process that takes over four seconds to start is killed, and so for ever.
    worker_proc_alive_timeout=120,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    enable_utc=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 15,
    },
    beat_schedule={
        "look": {"task": "look", "schedule": settings().look_seconds},
        "sweep": {"task": "sweep", "schedule": settings().sweep_seconds},
    },
)


@worker_process_init.connect
def log_steps(**_: object) -> None:
    """Let a pool process log its steps."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("rapidocr").setLevel(logging.WARNING)


@cache
def office() -> Office:
    """The office of this worker process, opened at its first task."""
    return open_office(settings(), settings().database_url, ring)


def ring(bell: Bell) -> None:
    """Send the bell of a row; if the broker is away the sweep rings later."""
    step = STEP_AT.get((bell.machine, bell.state))
    if step is None:
        return
    try:
        instant(f"{step.name} rung, before publish")
        app.send_task(step.name, args=[bell.id], queue=step.queue, retry=False)
        instant(f"{step.name} rung, after publish")
    except Exception as error:  # noqa: BLE001 - a lost bell must never harm what was committed
        log.warning("bell lost: step=%s id=%s %s", step.name, bell.id, type(error).__name__)


def _backlog() -> int:
    with app.connection_for_read() as connection:
        client: Any = connection.default_channel.client
        return int(sum(client.llen(queue) for queue in QUEUES))


@app.task(name="look")
def look_task() -> None:
    """Look into the drop folder."""
    inbox.look(office())


@app.task(name="sweep")
def sweep_task() -> None:
    """Ring again for what is overdue, unless the workers are only slow."""
    if _backlog() < LONG_QUEUE:
        sweep(office())


def _make_task(step: Any) -> None:
    @app.task(name=step.name, time_limit=step.limit)
    def task(subject_id: int) -> None:
        run(office(), step, int(subject_id))


for _step in STEPS:
    _make_task(_step)
