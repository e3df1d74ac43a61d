"""The Celery tasks: one for each step, the sweep and the looks; messages carry ids only."""

import logging
from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from contextvars import ContextVar
from functools import cache, partial
from typing import Any, NamedTuple

from celery import Task
from celery.signals import worker_process_init
from kombu.entity import Exchange, Queue

from crash_points import crash_point
from settings import settings
from workers import broker
from workers.pace import Pace
from workers.poison import SturdyChannel
from workers.queues import served
from workers.schedule import folder_queue
from workers.waiting_bells import waiting_bells
from workflows import nightly
from workflows.audit import roots
from workflows.claims.packets import inbox, mailbox
from workflows.engine import broker_notes
from workflows.engine.garbage import collect_less_often
from workflows.engine.office import Office, open_office
from workflows.engine.origin import Channel, Origin, coming_from, correlation, well_formed
from workflows.engine.run import run
from workflows.engine.session import Bell
from workflows.engine.steps import Step
from workflows.pipeline import STEP_AT, STEPS
from workflows.renewal import reminders
from workflows.sweep import sweep

log = logging.getLogger("huzhu.workers")

CORRELATION = "correlation"
"""The header of a message that says to which request its task belongs."""

ROWS_AT_ONCE = 100

_pace = Pace()

app = broker.app
_OF_THE_FOLDER = folder_queue(settings())
app.conf.task_queues = [
    Queue(name, Exchange(name), name)
    for name in (*served(), *([_OF_THE_FOLDER] if _OF_THE_FOLDER else []))
]


@worker_process_init.connect
def prepare_pool_process(**_: object) -> None:
    """Let the garbage collector run less often while rows are loaded."""
    collect_less_often()


class TracedTask(Task):  # type: ignore[misc]
    """A task whose traces carry the correlation id that its message brought, or a new one."""

    def __call__(self, *args: Any) -> None:
        """Do it."""
        sent = self.request.get(CORRELATION)
        with coming_from(Origin(Channel.TASK, correlation=well_formed(sent))):
            self.run(*args)


app.Task = TracedTask


class Rung(NamedTuple):
    """Rows that a step is rung for, and the correlation id of what caused it."""

    step: Step
    ids: list[int]
    correlation: str


class AtHand(NamedTuple):
    """What the running task still has to do: its queue, and the steps rung for on it."""

    queue: str
    rung: deque[Rung]


_at_hand: ContextVar[AtHand | None] = ContextVar("at_hand", default=None)


@cache
def office() -> Office:
    """The office of this worker process, opened at its first task."""
    return open_office(settings(), settings().database_url, ring)


def ring(bells: Sequence[Bell]) -> None:
    """Run every row's next step: in this task if it is on the same queue, else by a message."""
    for rung, alone in _by_step(bells):
        name = rung.step.name
        try:
            crash_point(f"{name} rung, before publish")
            _pass_on(rung, alone)
            crash_point(f"{name} rung, after publish")
        except Exception as error:  # noqa: BLE001 - a lost bell must never harm what was committed
            log.warning("bell lost: step=%s ids=%s cause=%s", name, rung.ids, type(error).__name__)


def _by_step(bells: Sequence[Bell]) -> Iterator[tuple[Rung, bool]]:
    """Each step with some of its rows; True marks a row that needs a message of its own."""
    rows: dict[tuple[Step, str], list[int]] = {}
    for bell in bells:
        step = STEP_AT.get((bell.machine, bell.state))
        if step is not None and bell.alone:
            yield Rung(step, [bell.id], bell.correlation), True
        elif step is not None:
            rows.setdefault((step, bell.correlation), []).append(bell.id)
    for (step, joined), ids in rows.items():
        for first in range(0, len(ids), ROWS_AT_ONCE):
            yield Rung(step, ids[first : first + ROWS_AT_ONCE], joined), False


def queue_of(step: Step) -> str:
    """The queue in which this machine rings for the step. What may lie in its own drop folder, no
    other machine could work on."""
    return _OF_THE_FOLDER if _OF_THE_FOLDER and step.reach else step.queue


def _pass_on(rung: Rung, alone: bool) -> None:
    at_hand = _at_hand.get()
    step = rung.step
    queue = queue_of(step)
    if at_hand and at_hand.queue == queue and not alone:
        at_hand.rung.append(rung)
    else:
        headers = {CORRELATION: rung.correlation}
        app.send_task(step.name, args=rung.ids, queue=queue, headers=headers, retry=False)


@app.task(name="look")
def look_task() -> None:
    """Look into the drop folder."""
    if _pace.lets_through("look", settings().look_seconds):
        inbox.look(office())


@app.task(name="mailbox")
def mailbox_task() -> None:
    """Look into the mailbox."""
    mailbox.look(office())


@app.task(name="root")
def root_task() -> None:
    """Sign what the log holds, once that is due."""
    roots.sign_if_due(office())


@app.task(name="remind")
def remind_task() -> None:
    """Look at the calendar for reminders that have come due."""
    reminders.look(office())


@app.task(name="night")
def night_task() -> None:
    """Do what is done once in a night."""
    nightly.run_all(office())


@app.task(name="sweep")
def sweep_task() -> None:
    """Ring again for overdue rows whose bell lies in no queue."""
    if not _pace.lets_through("sweep", settings().sweep_seconds):
        return
    broker_notes.note_instant(settings().redis_url, broker_notes.SWEPT, office().clock())
    with app.connection_for_read() as connection:
        sweep(office(), partial(_lying, connection.default_channel))


def _lying(channel: SturdyChannel, queue: str) -> Mapping[str, Set[int]] | None:
    """The bells that lie in the queue, or for the same steps in that of this machine's folder."""
    lying = waiting_bells(channel, queue)
    if not _OF_THE_FOLDER or queue not in {step.queue for step in STEPS if step.reach}:
        return lying
    own = waiting_bells(channel, _OF_THE_FOLDER)
    if lying is None or own is None:
        return None
    return {name: lying.get(name, set()) | own.get(name, set()) for name in {*lying, *own}}


def _work_off(step: Step, ids: tuple[int, ...]) -> None:
    """Run a step, and then what it rings for on the same queue, with no message in between.

    If this process dies before it gets there, the sweep rings again, as for any lost bell.
    """
    at_hand = AtHand(queue_of(step), deque([Rung(step, list(ids), correlation())]))
    token = _at_hand.set(at_hand)
    try:
        while at_hand.rung:
            rung = at_hand.rung.popleft()
            with coming_from(Origin(Channel.TASK, correlation=rung.correlation)):
                run(office(), rung.step, *rung.ids)
    finally:
        _at_hand.reset(token)


def _make_task(step: Step) -> None:
    @app.task(name=step.name, time_limit=step.limit)
    def task(*ids: int) -> None:
        _work_off(step, tuple(map(int, ids)))


for _step in STEPS:
    _make_task(_step)
