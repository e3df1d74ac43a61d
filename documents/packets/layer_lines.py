"""Makes lines of the letters that a born-digital page carries, if they can be trusted."""

from collections.abc import Iterable

from PIL import Image

from documents.boxes import Box, around

LayerLine = tuple[str, Box]

MOST_LETTERS = 20_000
"""On one page; text that is longer is no paper's."""
_FEWEST_LETTERS = 12
_SHORTEST_LINES = 2
_MOST_STRANGE = 0.05
_LEAST_CONTRAST = 40
_LEAST_WIDTH = 3
_WIDE_OR_NARROW = "“”‘’·…—"
"""Signs that fill a square in one typeface and half of it in another: their ink may lie beside the
box, and no figure has any of them."""


def trusted_lines(letters: Iterable[LayerLine], image: Image.Image) -> tuple[LayerLine, ...] | None:
    """The lines that these letters make; None if some are invisible in the picture of the page or
    have no meaning: such a paper could show one thing to people and another to the program."""
    known = list(letters)
    if not _FEWEST_LETTERS <= len(known) <= MOST_LETTERS:
        return None
    lines = _lines(known)
    grey = image.convert("L")
    # Letter by letter: an invisible 1 before a visible 800.00 makes a line that has ink.
    must_show = (box for letter, box in known if letter.strip() not in _WIDE_OR_NARROW)
    plausible = _reads_well(lines) and all(_has_ink(grey, box) for box in must_show)
    return tuple(lines) if plausible else None


def _lines(letters: Iterable[LayerLine]) -> list[LayerLine]:
    """Letters that follow one another on one line, as an eye would join them."""
    lines: list[LayerLine] = []
    for letter, box in letters:
        if lines and (joint := _joint(lines[-1][1], box)) is not None:
            before, start = lines.pop()
            lines.append((f"{before}{joint}{letter}", around(start, box)))
        else:
            lines.append((letter, box))
    return [(_whole(text), box) for text, box in lines]


def _joint(line: Box, letter: Box) -> str | None:
    """What stands between the line and its next letter; None if the letter begins another line."""
    height = min(line[3] - line[1], letter[3] - letter[1])
    shared = min(line[3], letter[3]) - max(line[1], letter[1])
    gap = letter[0] - line[2]
    if shared <= 0.5 * height or not -0.5 * height < gap < 0.35 * height:
        return None
    return " " if gap > 0.12 * height else ""


def _whole(text: str) -> str:
    """Join the halves of letters beyond the first 65,536, such as 𠮷 in a name."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _reads_well(lines: list[LayerLine]) -> bool:
    letters = "".join(text for text, _box in lines)
    strange = sum(letter == "�" or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    # Lines of single letters mean that the text runs in another direction than the page.
    return strange <= _MOST_STRANGE * len(letters) and len(letters) >= _SHORTEST_LINES * len(lines)


def _has_ink(grey: Image.Image, box: Box) -> bool:
    # Not its edges, over which the ink of its neighbours runs.
    edge = min(max(box[2] - box[0] - _LEAST_WIDTH, 0) // 2, 1)
    box = box[0] + edge, box[1], box[2] - edge, box[3]
    inside = (max(box[0], 0), max(box[1], 0), min(box[2], grey.width), min(box[3], grey.height))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return False
    darkest, lightest = grey.crop(inside).getextrema()
    return float(lightest) - float(darkest) >= _LEAST_CONTRAST  # type: ignore[arg-type]
