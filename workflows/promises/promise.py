"""A promise that two queries can check: how many rows there are, and which of them break it."""

from dataclasses import dataclass

from models.states import (
    ARRIVED_STATES,
    AT_THE_BANK_STATES,
    LIVE_PAYMENT_STATES,
    TRANSFER_STATES,
)

LIVE, TRANSFERS, AT_THE_BANK, ARRIVED = (
    ", ".join(f"'{state}'" for state in states)
    for states in (LIVE_PAYMENT_STATES, TRANSFER_STATES, AT_THE_BANK_STATES, ARRIVED_STATES)
)
"""The states of payments that are on their way or have arrived; without those that were set off;
those that the bank has and has not answered; and those that have arrived, or were set off."""

WAS_REVISED = "EXISTS (SELECT FROM revision v WHERE v.claim_id = c.id)"
UNDER_REVISION = "EXISTS (SELECT FROM revision v WHERE v.claim_id = c.id AND v.closed_at IS NULL)"
"""A decided claim on its way to another decision; what was paid stays booked meanwhile."""


@dataclass(frozen=True)
class Promise:
    """`violating` finds the rows that break it; `sentence` says so of one, by the row's columns."""

    code: str
    name: str
    counted: str
    violating: str
    sentence: str


def yuan(column: str) -> str:
    """SQL that shows fen as people read them."""
    return f"to_char(({column}) / 100.0, 'FM999999999990.00')"
