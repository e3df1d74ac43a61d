"""How many rows are in a state, as the tabs above a list show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StateCount:
    """A state, its word and its rows; `is_more` when there are more than were counted."""

    state: str
    word: str
    count: int
    is_more: bool = False
