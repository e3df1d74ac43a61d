"""Layouts of papers as text files: what each prints, and how its lines are set.

A file begins with its keys (`kind`, `reads_as`, `faces`, `size`, `ink`) and a line `===`; then
comes the paper from top to bottom:

    # words       a title; ## and ### are smaller
    | 56 | 1 a    a row of a table 56 high, its cells as in samples/form.py; || draws no rules
    > words       a paragraph
    ---           a rule
    @verb rest    something else, listed in samples/laid_out.py
    words         a line

`<<a|b>>` stands for one of the two, drawn for each paper; `{name}` for a fact of
samples/layout_facts.py.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from string import Formatter
from typing import Literal, cast, get_args

from samples.fonts import Face
from samples.papers import PaperKind
from samples.sheet import A4, BLACK, Colour

LayoutSide = Literal["open", "test"]
"""Layouts that reading rules may be written after, and those kept to test them."""
_ROOT = Path(__file__).with_name("layouts")
_CHOICE = re.compile("<<(.*?)>>", re.DOTALL)
_INKS: dict[str, Colour] = {"black": BLACK, "red": (150, 40, 40), "blue": (30, 50, 110)}


@dataclass(frozen=True)
class PaperLayout:
    """One way to print one kind of paper."""

    name: str
    kind: PaperKind
    reads_as: str
    """What the reader calls it, where it tells finer kinds apart than packets are made of."""
    faces: tuple[Face, ...]
    size: tuple[int, int]
    ink: Colour
    ground: Colour
    lines: tuple[str, ...]

    def drawn(self, rng: Random) -> list[str]:
        """The lines with one of each choice."""
        return [_CHOICE.sub(lambda m: rng.choice(m[1].split("|")), line) for line in self.lines]

    @property
    def facts(self) -> set[str]:
        """The names of the facts that it prints."""
        words = "\n".join(self.lines).replace("{{", "").replace("}}", "")
        return {name for _before, name, _form, _kind in Formatter().parse(words) if name}


@cache
def layouts(side: LayoutSide) -> dict[PaperKind, tuple[PaperLayout, ...]]:
    """All layouts of this side by kind, in the order of their names."""
    found: dict[PaperKind, list[PaperLayout]] = {}
    for path in sorted((_ROOT / side).glob("*.txt")):
        layout = _read(path)
        found.setdefault(layout.kind, []).append(layout)
    return {kind: tuple(own) for kind, own in found.items()}


def layout_named(name: str) -> PaperLayout:
    """The layout in the file of this name, on either side."""
    sides = (*layouts("open").values(), *layouts("test").values())
    return next(one for own in sides for one in own if one.name == name)


def _read(path: Path) -> PaperLayout:
    head, body = path.read_text(encoding="utf-8").split("===\n", 1)
    keys = dict(line.split(": ", 1) for line in head.strip().splitlines())
    kind = keys["kind"]
    if kind not in get_args(PaperKind):
        raise ValueError(f"{path.name}: no kind {kind}")
    wide, high = map(int, keys["size"].split("x")) if "size" in keys else A4
    ground = tuple(map(int, keys.get("ground", "255 255 255").split()))
    return PaperLayout(
        path.stem,
        cast(PaperKind, kind),
        keys.get("reads_as", kind),
        cast(tuple[Face, ...], tuple(keys.get("faces", "song serif").split())),
        (wide, high),
        _INKS[keys.get("ink", "black")],
        cast(Colour, ground),
        tuple(body.rstrip("\n").split("\n")),
    )
