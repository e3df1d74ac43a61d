"""Boxes on a page, in pixels of its upright picture."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def around(one: Box, other: Box) -> Box:
    """The smallest box that holds both."""
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
