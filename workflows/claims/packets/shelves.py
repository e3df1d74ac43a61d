"""Shelves where dropped entries come to lie, and the notes a person finds there."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

_LONGEST_NAME = 255


def free_name(shelf: Path, name: str) -> Path:
    """A place on the shelf, made if it is not there, that bears this name and is not taken."""
    shelf.mkdir(exist_ok=True)
    target, number = shelf / _short(name), 1
    while os.path.lexists(target):
        number += 1
        stem, suffix = _parted(name)
        target = shelf / _short(stem, f" ({number}){suffix}")
    return target


def leave_note(shelf: Path, name: str, notes: Sequence[str], bad: Sequence[Path]) -> None:
    """Say on the shelf what is wrong with the entry of this name, beside copies of its bad files.

    It is said before the entry moves, since after a crash no step comes back to say it.
    """
    write(free_name(shelf, f"{name}.txt"), ("\n".join(notes) + "\n").encode())
    for file in bad:
        shutil.copy2(file, free_name(shelf, f"{name}-{file.name}"))


def write(path: Path, data: bytes) -> None:
    """Write a file that is on disk when this returns."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _short(name: str, ending: str = "") -> str:
    """A name that a file system takes: at most 255 bytes, cut before its ending."""
    stem, suffix = (name, ending) if ending else _parted(name)
    raw, room = os.fsencode(stem), _LONGEST_NAME - len(os.fsencode(suffix))
    return (stem if len(raw) <= room else raw[:room].decode(errors="ignore")) + suffix


def _parted(name: str) -> tuple[str, str]:
    """The name without its suffix, and the suffix with its dot."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix) <= 8 else (name, "")
