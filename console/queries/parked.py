"""Why a row stands on the failed list, for the screen of that row."""

from dataclasses import dataclass

from console import labels
from documents.masks import mask_numbers
from models import Worked


@dataclass(frozen=True)
class Parked:
    """The step that failed, its cause, and what a person can do."""

    id: int
    step: str
    cause: str
    way_on: str


def parked_view(subject: Worked) -> Parked | None:
    """Why the row is parked; None if it is not."""
    if subject.parked_at is None:
        return None
    step, cause = subject.parked_step or "", subject.parked_cause or ""
    return Parked(subject.id, labels.step(step), mask_numbers(cause), labels.way_on(step))
