"""Names the points at which a crash is tried; in production passing one costs a comparison.

A test sets HUZHU_DIE_IN to a folder: each point whose name lies there as a file ends the process
the moment it is passed, once, because the file is taken away first. With HUZHU_CRASH_POINTS set to
a file, every name that is passed is written to it, so that a new point cannot be missed.
"""

import os
from pathlib import Path

_DIE_IN = os.environ.get("HUZHU_DIE_IN")
_WRITE_TO = os.environ.get("HUZHU_CRASH_POINTS")
_WATCHED = _DIE_IN is not None or _WRITE_TO is not None


def crash_point(name: str) -> None:
    """Pass the point of this name, such as "read recorded, before commit"."""
    if _WATCHED:
        _pass(name)


def _pass(name: str) -> None:
    if _WRITE_TO is not None:
        with Path(_WRITE_TO).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
    if _DIE_IN is not None:
        try:
            (Path(_DIE_IN) / name).unlink()
        except FileNotFoundError:
            return
        os._exit(137)
