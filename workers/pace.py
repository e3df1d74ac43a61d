"""Ticks of beat that piled up while the workers were busy or away are one tick."""

from collections.abc import Callable
from time import monotonic


class Pace:
    """Lets a tick through unless this process let one through less than half an interval ago.

    It is the process's own clock that counts, so neither another machine's nor what stands in the
    broker can keep every tick back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def lets_through(self, what: str, seconds: float) -> bool:
        """Whether this tick, which beat says every so many seconds, is to be followed."""
        now = self._clock()
        before = self._last.get(what)
        if before is not None and now - before < seconds / 2:
            return False
        self._last[what] = now
        return True
