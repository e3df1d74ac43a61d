"""What a machine is: the states of one kind of row, and the moves between them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Who(StrEnum):
    """Who makes a move; of people, the first of clerk, supervisor and cashier who may.

    Which roles may is said in `workflows/people/rights.py`, and a test compares the two. A
    supervisor records what the relief committee decides, and then cannot approve it.
    """

    STEP = "step"
    BEAT = "beat"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    CASHIER = "cashier"
    COMMITTEE = "committee"
    BANK = "bank"


@dataclass(frozen=True)
class Move:
    """One permitted move: its verb is the history row, the button and the log field."""

    verb: str
    word: str
    source: str
    target: str
    who: Who


@dataclass(frozen=True)
class Machine:
    """One kind of row: its table and what people call it, its states (code to Chinese word), the
    first state, and the moves.
    """

    name: str
    word: str
    states: dict[str, str]
    start: str
    moves: tuple[Move, ...]

    def move(self, verb: str, source: str) -> Move | None:
        """The move with this verb out of this state, or None where it is not permitted."""
        return next((m for m in self.moves if m.verb == verb and m.source == source), None)

    @cached_property
    def automatic(self) -> frozenset[str]:
        """The states that a step leaves; in every other state a row is at rest."""
        return frozenset(m.source for m in self.moves if m.who is Who.STEP)

    def out_of(self, source: str) -> tuple[Move, ...]:
        """All moves that leave this state."""
        return tuple(m for m in self.moves if m.source == source)
