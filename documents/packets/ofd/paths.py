"""The lines of an OFD path: `M 0 0 L 73 0 B …`, curves as short straight pieces."""

import math
from collections.abc import Iterator
from itertools import pairwise

from documents.packets.ofd.numbers import number

Point = tuple[float, float]

_PIECES = 12
_MOST_WORDS = 200_000
_COUNTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""How many numbers follow each command."""


def lines_of(data: str) -> list[list[Point]]:
    """The lines, each a row of points; a closed one ends where it begins."""
    lines: list[list[Point]] = []
    for command, values in _commands(data):
        if command in ("S", "M"):
            lines.append([(values[0], values[1])])
        elif lines and command == "C":
            lines[-1].append(lines[-1][0])
        elif lines:
            lines[-1] += _piece(lines[-1][-1], command, values)
    return [line for line in lines if len(line) > 1]


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """The commands with their numbers; what is none, or lacks some, is passed over."""
    words = data.split(maxsplit=_MOST_WORDS)[:_MOST_WORDS]
    at = 0
    while at < len(words):
        count = _COUNTS.get(words[at], 0)
        if words[at] in _COUNTS and at + count < len(words):
            yield words[at], [number(word, 0.0) for word in words[at + 1 : at + 1 + count]]
            at += count
        at += 1


def _piece(start: Point, command: str, values: list[float]) -> list[Point]:
    """The points that the command adds."""
    if command == "L":
        return [(values[0], values[1])]
    if command == "A":
        return _arc(start, values)
    ends = [start, *zip(values[::2], values[1::2], strict=True)]
    return [_on_curve(ends, step / _PIECES) for step in range(1, _PIECES + 1)]


def _on_curve(points: list[Point], share: float) -> Point:
    """A point of the Bézier curve, between each two of its points by turns (de Casteljau)."""
    while len(points) > 1:
        points = [
            (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
            for (x0, y0), (x1, y1) in pairwise(points)
        ]
    return points[0]


def _arc(start: Point, values: list[float]) -> list[Point]:
    """An arc as SVG writes it: radii, turn, the long way or not, clockwise or not, end."""
    rx, ry, turn = abs(values[0]), abs(values[1]), math.radians(values[2])
    end = values[5], values[6]
    if not rx or not ry or start == end:
        return [end]
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    if (much := math.hypot(x / rx, y / ry)) > 1:
        rx, ry = rx * much, ry * much
    off = (rx * y) ** 2 + (ry * x) ** 2
    share = math.sqrt(max((rx * ry) ** 2 - off, 0.0) / off) if off else 0.0
    share = -share if bool(values[3]) == bool(values[4]) else share
    cx, cy = share * rx * y / ry, -share * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    whole = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    whole = whole % math.tau if values[4] else whole % math.tau - math.tau
    middle = (
        (start[0] + end[0]) / 2 + cos * cx - sin * cy,
        (start[1] + end[1]) / 2 + sin * cx + cos * cy,
    )
    return [
        (
            middle[0] + cos * rx * math.cos(angle) - sin * ry * math.sin(angle),
            middle[1] + sin * rx * math.cos(angle) + cos * ry * math.sin(angle),
        )
        for angle in (first + whole * step / _PIECES for step in range(1, _PIECES + 1))
    ]
