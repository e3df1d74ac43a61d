"""Puts what the stores tell into the form of Prometheus, and serves it at an address of its own."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from console.measures.gauges import GAUGES
from console.measures.step_times import StepTimes
from workflows.engine import broker_notes
from workflows.engine.marks import last_backup_at, last_drill_at
from workflows.engine.office import Office

FRESH_SECONDS = 5.0
"""Whoever asks again so soon gets the same answer, so that many monitors cost as much as one."""

_COUNTED = (
    ("huzhu_dropped_messages", "Messages that this program did not write.", "kind", "dropped"),
    ("huzhu_process_deaths", "Processes of `huzhu up` that died.", "process", "ended"),
    ("huzhu_failed_log_ins", "Log-ins that failed.", "kind", "not_let_in"),
    ("huzhu_refused_reveals", "Numbers not shown: too many before.", "within", "not_revealed"),
)


@dataclass(eq=False)
class Measures(Collector):
    """Everything a monitor is told of one office; `queues` are those that workers serve."""

    office: Office
    queues: Sequence[str]
    ticks: Callable[[], float] = time.monotonic
    _times: StepTimes = field(default_factory=StepTimes)
    _kept: list[Metric] = field(default_factory=list)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: what there is depends on what the stores hold."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """What the stores tell now, or told a moment ago."""
        with self._lock:
            if self.ticks() >= self._until:
                began = time.monotonic()
                self._kept = [*self._of_database(), *self._of_broker(), *self._of_marks()]
                took = GaugeMetricFamily("huzhu_scrape_seconds", "How long asking took.")
                took.add_metric([], time.monotonic() - began)
                self._kept.append(took)
                self._until = self.ticks() + FRESH_SECONDS
            return self._kept

    def _of_database(self) -> Iterator[Metric]:
        try:
            yield from list(self._asked_of_database())
            yield _answers("database", 1)
        except SQLAlchemyError:
            yield _answers("database", 0)

    def _asked_of_database(self) -> Iterator[Metric]:
        now = self.office.clock()
        with self.office.sessions.read_only() as session:
            for gauge in GAUGES:
                family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
                for labels, figure in gauge.look(session, now):
                    family.add_metric(labels, figure)
                yield family
            self._times.look(session)
        yield from _of_steps(self._times)

    def _of_broker(self) -> Iterator[Metric]:
        try:
            yield from list(self._asked_of_broker())
            yield _answers("broker", 1)
        except RedisError:
            yield _answers("broker", 0)

    def _asked_of_broker(self) -> Iterator[Metric]:
        url = self.office.settings.redis_url
        waiting = GaugeMetricFamily("huzhu_queue", "Messages that wait.", labels=["queue"])
        for queue, length in broker_notes.lengths(url, self.queues).items():
            waiting.add_metric([queue], length)
        yield waiting
        serving = GaugeMetricFamily("huzhu_queue_servers", "Who serves it.", labels=["queue"])
        for queue, count in broker_notes.servers(url, self.queues).items():
            serving.add_metric([queue], count)
        yield serving
        for name, help_, label, what in _COUNTED:
            family = CounterMetricFamily(name, help_, labels=[label])
            for kind, count in broker_notes.counted(url, what).items():
                family.add_metric([kind], count)
            yield family
        swept = broker_notes.last(url, broker_notes.SWEPT)
        yield self._age("huzhu_sweep_age_seconds", "Since beat was last heard.", swept)

    def _of_marks(self) -> Iterator[Metric]:
        for name, help_, look in _MARKS:
            yield self._age(name, help_, look(self.office.settings))

    def _age(self, name: str, help_: str, at: datetime | None) -> Metric:
        """Without a figure where nobody knows."""
        family = GaugeMetricFamily(name, help_)
        if at is not None:
            family.add_metric([], (self.office.clock() - at).total_seconds())
        return family


_MARKS = (
    ("huzhu_backup_age_seconds", "Since the last backup.", last_backup_at),
    ("huzhu_drill_age_seconds", "Since a backup was brought back and proved.", last_drill_at),
)


def _answers(store: str, figure: int) -> Metric:
    family = GaugeMetricFamily("huzhu_store_answers", "1 if it does.", labels=["store"])
    family.add_metric([store], figure)
    return family


def _of_steps(times: StepTimes) -> Iterator[Metric]:
    took = HistogramMetricFamily("huzhu_step_seconds", "Steps by time.", labels=["machine", "step"])
    for (machine, step), seconds in times.seconds.items():
        took.add_metric([machine, step], times.histogram(machine, step), seconds)
    yield took
    labels = ["machine", "step", "outcome"]
    ended = CounterMetricFamily("huzhu_steps", "Steps by their end.", labels=labels)
    for key, count in times.ended.items():
        ended.add_metric(key, count)
    yield ended
    labels = ["machine", "step", "cause"]
    causes = CounterMetricFamily("huzhu_step_failures", "Failures by cause.", labels=labels)
    for key, count in times.causes.items():
        causes.add_metric(key, count)
    yield causes


def serve(office: Office, queues: Sequence[str]) -> Callable[[], None]:
    """Answer at /metrics on the address and port of the settings; what ends it. Port 0: nowhere."""
    settings = office.settings
    if not settings.metrics_port:
        return lambda: None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Measures(office, queues))
    server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end
