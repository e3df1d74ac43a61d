"""Lets the garbage collector run less often in processes that load many rows at once."""

import gc

_COLLECT_AFTER = 50_000
"""Objects: a list of some hundred claims makes about as many, and drops them at its end."""


def collect_less_often() -> None:
    """Call it once all modules are loaded: they are never looked through again.

    Looking through the whole program's objects takes as long as approving two hundred claims.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
