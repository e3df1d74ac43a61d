"""What sealed rows say, opened with the keys of the test's office."""

from typing import Any

from models import DecisionLine, DecisionPart, DecisionReason
from tests.desk import Desk
from workflows.sealed_values.decisions import facts_in, line_text, reason_text


def sentence(desk: Desk, row: DecisionReason | DecisionLine) -> str:
    """The sentence of a line or reason of a decision."""
    if isinstance(row, DecisionLine):
        return line_text(row, desk.office.keys)
    return reason_text(row, desk.office.keys)


def facts(desk: Desk, part: DecisionPart) -> dict[str, Any]:
    """What a part of a decision was judged by."""
    return facts_in(part, desk.office.keys)
