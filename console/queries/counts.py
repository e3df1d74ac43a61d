"""The number of rows in a state, for the tabs above a list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StateCount:
    """A state, its word and its number of rows; `is_more`: there are more than were counted."""

    state: str
    word: str
    count: int
    is_more: bool = False
