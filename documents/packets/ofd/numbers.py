"""Numbers as OFD writes them: points, boxes, matrices and steps, in millimetres."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_MOST = 1_000_000.0
"""Nothing on a page is so far away; larger numbers would only break arithmetic."""


@dataclass(frozen=True)
class Matrix:
    """x' = a x + c y + e and y' = b x + d y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where the point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, next_: "Matrix") -> "Matrix":
        """First this one, then the next."""
        e, f = next_.at(self.e, self.f)
        return Matrix(
            self.a * next_.a + self.b * next_.c,
            self.a * next_.b + self.b * next_.d,
            self.c * next_.a + self.d * next_.c,
            self.c * next_.b + self.d * next_.d,
            e,
            f,
        )

    @property
    def heightening(self) -> float:
        """By how much a length along y grows."""
        return math.hypot(self.c, self.d)

    @property
    def is_upright(self) -> bool:
        """Whether letters stay upright and keep their proportions."""
        turned = abs(self.b) + abs(self.c) > 0.001 * (abs(self.a) + abs(self.d))
        return not turned and self.a > 0 and 0.99 < self.a / (self.d or 1) < 1.01


def number(text: str | None, otherwise: float) -> float:
    """The number; `otherwise` where there is none or it is none."""
    return next(iter(numbers(text or "", 1)), otherwise)


def numbers(text: str, most: int) -> list[float]:
    """The numbers in a row, up to so many; empty where one of them is none."""
    try:
        found = [float(part) for part in text.split(maxsplit=most)[:most]]
    except ValueError:
        return []
    return found if all(abs(each) <= _MOST for each in found) else []


def box(text: str | None) -> tuple[float, float, float, float] | None:
    """Left, top, width and height."""
    found = numbers(text or "", 4)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else None


def matrix(text: str | None) -> Matrix:
    """The six numbers of a matrix; the one that changes nothing where there are none."""
    found = numbers(text or "", 6)
    return Matrix(*found) if len(found) == 6 else Matrix()


def steps(text: str, most: int) -> list[float]:
    """The steps from letter to letter: numbers, of which `g 3 1.5` stands for three of 1.5."""
    return list(islice(_steps(text.split()), most))


def _steps(words: list[str]) -> Iterator[float]:
    at = 0
    while at < len(words):
        if words[at] == "g" and at + 2 < len(words):
            times, step = number(words[at + 1], 0), number(words[at + 2], 0)
            yield from (step for _time in range(int(times)))
            at += 3
        else:
            yield number(words[at], 0)
            at += 1
