"""How a part of a decision was worked out, line by line, as a screen shows it."""

from datetime import date
from typing import NamedTuple

from models import DecisionPart
from rules.money import Fen
from workflows.sealed_values.decisions import line_text, reason_text


class DecidedLine(NamedTuple):
    """One step of the sum in a sentence, with the article behind it."""

    text: str
    article: str
    amount: Fen


class DecidedReason(NamedTuple):
    """Why something was cut, raised, denied or referred; `kind` is deny, refer or note."""

    kind: str
    text: str
    article: str


class DecidedSum(NamedTuple):
    """The lines and reasons of one part, what it comes to, and the period of its cover, if any."""

    lines: tuple[DecidedLine, ...]
    reasons: tuple[DecidedReason, ...]
    amount: Fen
    period_start: date | None
    period_end: date | None


def decided_sum(part: DecisionPart) -> DecidedSum:
    """The sum of this part, its sentences opened."""
    return DecidedSum(
        tuple(DecidedLine(line_text(each), each.article, each.amount) for each in part.lines),
        tuple(DecidedReason(each.kind, reason_text(each), each.article) for each in part.reasons),
        part.amount,
        part.period_start,
        part.period_end,
    )
