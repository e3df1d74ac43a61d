"""How often the reader is wrong at each confidence, by what people said of what it had read.

People look at doubtful values above all. A value that was read with confidence is seen again when
its claim is approved; if nobody changed it, it counts as right, or the errors that were found among
such values would be all that is known of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import func

from models import ApprovalItem, Field, Finding, ReadingReview
from workflows.claims.papers.reviewed import FIELD_UNSURE

BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
"""Where each band of confidence begins; it ends where the next one begins, the last one at 1."""
ALLOWED = 0.001
"""How many of the values that nobody has to look at may be wrong."""
ENOUGH = 3_000
"""So many values without an error are needed to say with 95 % that fewer than one in a thousand is
wrong (the rule of three)."""


@dataclass(frozen=True)
class Reviewed:
    """Values of one field that the reader had read with one confidence; None: it read nothing."""

    field: str
    confidence: float | None
    right: int
    wrong: int
    let_stand: int = 0
    """How many of the right ones nobody touched in a claim that was approved."""


@dataclass(frozen=True)
class Proposed:
    """The threshold that the values speak for; None where there are too few, or none will do."""

    threshold: float | None
    values: int
    """How many values stand at or above it; without one, how many are known."""
    wrong: int

    @property
    def are_enough(self) -> bool:
        return self.values >= ENOUGH


def reviewed_readings(session: Session) -> list[Reviewed]:
    """What people said of each field and confidence, in hundredths."""
    hundredths = func.floor(ReadingReview.confidence * 100) / 100
    said = select(
        ReadingReview.field,
        hundredths,
        func.count().filter(~ReadingReview.changed),
        func.count().filter(ReadingReview.changed),
    ).group_by(ReadingReview.field, hundredths)
    rows = session.execute(said)
    found = [Reviewed(name, _float(sure), right, wrong) for name, sure, right, wrong in rows]
    return found + _let_stand(session)


def _let_stand(session: Session) -> list[Reviewed]:
    hundredths = func.floor(Field.confidence * 100) / 100
    query = (
        select(Field.name, hundredths, func.count())
        .where(Field.corrected_by.is_(None), ~_is_confirmed())
        .where(select(ApprovalItem).where(ApprovalItem.claim_id == Field.claim_id).exists())
        .group_by(Field.name, hundredths)
    )
    return [Reviewed(name, _float(sure), n, 0, n) for name, sure, n in session.execute(query)]


def _is_confirmed() -> ColumnElement[bool]:
    """Whether a person said that the value is right as it was read: that counts by itself."""
    answered = Finding.answered_by.is_not(None)
    about = (Finding.claim_id == Field.claim_id) & (Finding.subject == Field.name)
    return select(Finding).where(about, answered, Finding.code == FIELD_UNSURE).exists()


def _float(sure: float | Decimal | None) -> float | None:
    return None if sure is None else float(sure)


def in_band(readings: Iterable[Reviewed], field: str, begins: float | None) -> Reviewed:
    """All readings of the field in the band that begins there, added up; None: nothing was read."""
    own = [each for each in readings if each.field == field and band_of(each.confidence) == begins]
    return Reviewed(
        field,
        begins,
        sum(each.right for each in own),
        sum(each.wrong for each in own),
        sum(each.let_stand for each in own),
    )


def band_of(confidence: float | None) -> float | None:
    """Where the band begins in which this confidence lies."""
    if confidence is None:
        return None
    return max(begins for begins in BANDS if begins <= confidence)


def proposed_threshold(readings: Iterable[Reviewed]) -> Proposed:
    """The lowest confidence from which on fewer than `ALLOWED` of the values are wrong."""
    by_confidence: dict[float, tuple[int, int]] = {}
    for each in readings:
        if each.confidence is not None:
            right, wrong = by_confidence.get(each.confidence, (0, 0))
            by_confidence[each.confidence] = right + each.right, wrong + each.wrong
    found = None
    values = wrong = 0
    for sure in sorted(by_confidence, reverse=True):
        values += sum(by_confidence[sure])
        wrong += by_confidence[sure][1]
        if values >= ENOUGH and wrong < ALLOWED * values:
            found = Proposed(sure, values, wrong)
    return found or Proposed(None, values, wrong)
