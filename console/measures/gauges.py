"""Figures of this moment that the database tells, each by a question that an index answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Claim
from models.states import ClaimState
from workflows.audit.nightly_check import last_check
from workflows.claims.packets.refusals import UNSEEN_REFUSAL
from workflows.claims.paying.unanswered import unanswered
from workflows.engine.moves import MACHINE_OF
from workflows.failures import failures

LabelledFigure = tuple[tuple[str, ...], float]
"""The values of the labels, and the figure."""


@dataclass(frozen=True)
class Gauge:
    """A figure for each combination of labels, as `look` finds them at an instant."""

    name: str
    help: str
    labels: tuple[str, ...]
    look: Callable[[Session, datetime], Iterator[LabelledFigure]]


def _claims(session: Session, _now: datetime) -> Iterator[LabelledFigure]:
    rows = session.execute(select(Claim.state, func.count()).group_by(Claim.state))
    yield from (((state,), count) for state, count in rows)


def _oldest(session: Session, now: datetime) -> Iterator[LabelledFigure]:
    oldest = select(Claim.state, func.min(Claim.received_at)).where(Claim.state.not_in(_AT_REST))
    rows = session.execute(oldest.group_by(Claim.state))
    yield from (((state,), _seconds(now, at)) for state, at in rows)


_AT_REST = (
    ClaimState.PAID,
    ClaimState.DENIED,
    ClaimState.WITHDRAWN,
    ClaimState.JOINED,
    ClaimState.WRITTEN_TO_FUND,
)
"""States in which nobody waits for anything, so that an age would only grow."""


def _failed(session: Session, _now: datetime) -> Iterator[LabelledFigure]:
    found: dict[tuple[str, ...], float] = {}
    for failure in failures(session):
        labels = (failure.machine, failure.step, kind_of(failure.cause))
        found[labels] = found.get(labels, 0) + failure.count
    yield from found.items()


def _overdue(session: Session, now: datetime) -> Iterator[LabelledFigure]:
    for row, machine in MACHINE_OF.items():
        late = select(func.count()).where(row.due_at < now)
        yield (machine.name,), session.scalar(late) or 0


def _without_reply(session: Session, now: datetime) -> Iterator[LabelledFigure]:
    """Payments that the bank may have and has not answered for, by how long they wait."""
    found = dict.fromkeys((word for _days, word in AGES), 0)
    for at, count in unanswered(session).items():
        days = _seconds(now, at) / 86_400
        found[next(word for least, word in AGES if days >= least)] += count
    yield from (((word,), count) for word, count in found.items())


def _oldest_without_reply(session: Session, now: datetime) -> Iterator[LabelledFigure]:
    released = unanswered(session)
    yield (), _seconds(now, min(released)) if released else 0


AGES = ((7, "over 7 days"), (3, "3 to 7 days"), (1, "1 to 3 days"), (0, "under 1 day"))


def _exceptions(session: Session, _now: datetime) -> Iterator[LabelledFigure]:
    for kind, query in _OUTSTANDING.items():
        yield (kind,), session.scalar(select(func.count()).where(query)) or 0


_OUTSTANDING = {
    "in_question": Claim.state == ClaimState.IN_QUESTION,
    "referred": Claim.state == ClaimState.REFERRED,
    "returned": Claim.state == ClaimState.RETURNED,
    "late_papers": Claim.late_papers_at.is_not(None),
    "rejected_packets": UNSEEN_REFUSAL,
}


def _log_age(session: Session, now: datetime) -> Iterator[LabelledFigure]:
    if last := last_check(session):
        yield (), _seconds(now, last.at)


def _log_broken(session: Session, _now: datetime) -> Iterator[LabelledFigure]:
    if last := last_check(session):
        yield (), len(last.broken)


def kind_of(cause: str) -> str:
    """The kind of a cause without its place; one that is a sentence is called just that."""
    kind = cause.partition(" @ ")[0]
    return kind if kind.isascii() and kind.isidentifier() else "sentence"


def _seconds(now: datetime, at: datetime) -> float:
    return max((now - at).total_seconds(), 0.0)


GAUGES = (
    Gauge("huzhu_claims", "Claims in each state.", ("state",), _claims),
    Gauge(
        "huzhu_claims_oldest_seconds",
        "Age of the claim in this state that was received first.",
        ("state",),
        _oldest,
    ),
    Gauge("huzhu_failed", "Rows on the failed list.", ("machine", "step", "cause"), _failed),
    Gauge("huzhu_overdue", "Rows whose step is late: their bell was lost.", ("machine",), _overdue),
    Gauge(
        "huzhu_payments_without_reply",
        "Payments that the bank may have and has not answered for.",
        ("age",),
        _without_reply,
    ),
    Gauge(
        "huzhu_payments_without_reply_oldest_seconds",
        "How long the oldest of them has waited.",
        (),
        _oldest_without_reply,
    ),
    Gauge("huzhu_exceptions", "What waits for a person.", ("kind",), _exceptions),
    Gauge("huzhu_log_check_age_seconds", "Since the log was last verified.", (), _log_age),
    Gauge("huzhu_log_checks_broken", "Checks of the log that did not hold.", (), _log_broken),
)
