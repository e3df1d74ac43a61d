"""How long steps took and how they ended, added up from the step runs as they come.

Counters begin at nought with the process, as a monitor expects. Each look adds the runs since the
one before, so that it costs the same whatever the table holds. It adds only up to the newest id of
the look before: a transaction that took an id by then has committed meanwhile, or taken it back.
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import ARRAY, Float, Integer, cast, extract, func, literal, select
from sqlalchemy.orm import Session

from console.measures.gauges import kind_of
from models import StepRun

BOUNDS = (0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds, each the upper bound of a bucket."""


@dataclass
class StepTimes:
    """What has been added up; `buckets` has the place in BOUNDS as the last part of its key."""

    buckets: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    ended: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    causes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _added: int | None = None
    _seen: int = 0

    def look(self, session: Session) -> None:
        """Add what is certain to be complete."""
        newest = session.scalar(select(func.max(StepRun.id))) or 0
        if self._added is None:
            self._added = newest
        elif self._seen > self._added:
            self._add(session, self._added, self._seen)
            self._added = self._seen
        self._seen = newest

    def _add(self, session: Session, after: int, up_to: int) -> None:
        took = cast(extract("epoch", StepRun.ended_at - StepRun.started_at), Float)
        bucket = cast(func.width_bucket(took, literal(list(BOUNDS), ARRAY(Float))), Integer)
        those = select(
            StepRun.machine,
            StepRun.step,
            StepRun.outcome,
            StepRun.cause,
            bucket,
            func.count(),
            func.sum(took),
        ).where(StepRun.id > after, StepRun.id <= up_to, StepRun.ended_at.is_not(None))
        rows = session.execute(
            those.group_by(StepRun.machine, StepRun.step, StepRun.outcome, StepRun.cause, bucket)
        )
        for machine, step, outcome, cause, place, count, seconds in rows:
            self.buckets[machine, step, place] += count
            self.seconds[machine, step] += seconds
            self.ended[machine, step, outcome] += count
            if cause:
                self.causes[machine, step, kind_of(cause)] += count

    def histogram(self, machine: str, step: str) -> list[tuple[str, float]]:
        """The bounds with how many runs took no longer, as Prometheus adds them up."""
        counts = [self.buckets[machine, step, place] for place in range(len(BOUNDS) + 1)]
        bounds = [*(str(each) for each in BOUNDS), "+Inf"]
        return [(bound, sum(counts[: n + 1])) for n, bound in enumerate(bounds)]
