"""Prints a paper from a layout file, line by line from top to bottom."""

from collections.abc import Callable
from random import Random

from samples.case import Case, SampleDiagnosis
from samples.fonts import Face
from samples.form import FormSheet
from samples.layout import PaperLayout
from samples.layout_facts import layout_facts
from samples.papers.bills import ITEMS, split
from samples.sheet import Colour, Sheet
from samples.stamp import press
from samples.wording import yuan

_PENS: tuple[Face, ...] = ("kai", "pen", "hand", "brush", "scrawl")
_TITLES = (("### ", 27), ("## ", 34), ("# ", 42))


def laid_out(layout: PaperLayout, case: Case, rng: Random) -> Sheet:
    """The paper as this layout prints it of the case."""
    paper = _LaidOut(layout, case, rng)
    for line in layout.drawn(rng):
        paper.put(line)
    return paper.form


class _LaidOut:
    """A paper that is printed downwards: `y` is where the next line begins."""

    def __init__(self, layout: PaperLayout, case: Case, rng: Random) -> None:
        self.form = FormSheet(case, rng, layout.faces, layout.size, layout.ground)
        self.form.facts = layout_facts(case, rng)
        self.form.pen = rng.choice(_PENS)
        self.case, self.rng, self.ink = case, rng, layout.ink
        self.x, self.y, self.size, self.step = 90, 60, 24, 46
        self.verbs: dict[str, Callable[[str], None]] = {
            "each": self._each,
            "others": self._others,
            "costs": self._costs,
            "stamp": self._stamp,
            "hand": self._hand,
            "right": self._right,
            "at": self._at,
            "box": self._box,
        }

    def put(self, line: str) -> None:
        for mark, size in _TITLES:
            if line.startswith(mark):
                words = self.form.filled(line[len(mark) :])
                self.form.title(self.y, words, size, "bold" if size > 40 else None, self.ink)
                self.y += int(size * 1.6)
                return
        if line.startswith("@"):
            self._do(*line[1:].partition(" ")[::2])
        elif line.startswith("|"):
            self._row(line)
        elif line.startswith("> "):
            self.y = self.form.prose(self.y, line[2:], self.size, self.x) + 6
        elif line == "---":
            self.form.rule(self.y, self.x, fill=self.ink)
            self.y += 14
        elif line:
            self.form.say(self.x, self.y, line, self.size)
            self.y += self.step
        else:
            self.y += 20

    def _do(self, verb: str, rest: str) -> None:
        """A number is set (x, y, size, step, gap), anything else is drawn."""
        if verb == "gap":
            self.y += int(rest)
        elif verb in self.verbs:
            self.verbs[verb](rest)
        else:
            setattr(self, verb, int(rest))

    def _row(self, line: str) -> None:
        bare = line.lstrip("|")
        width = 0 if line.startswith("||") else 2
        self.y = self.form.table(self.y, bare, self.size, self.x, width, self.ink)

    def _each(self, row: str) -> None:
        """One row or line for each diagnosis."""
        for number, one in enumerate(self.case.stay.diagnoses, 1):
            self._listed(row, number, one)

    def _others(self, row: str) -> None:
        """One row or line for each diagnosis but the first."""
        for number, one in enumerate(self.case.stay.diagnoses[1:], 2):
            self._listed(row, number, one)

    def _listed(self, row: str, number: int, one: SampleDiagnosis) -> None:
        words = row.replace("{n}", str(number)).replace("{icd}", one.icd)
        self.put(words.replace("{text}", one.text))

    def _costs(self, form: str) -> None:
        """The kinds of cost with their sums, which add up to the total: in boxes or as lines."""
        stay = self.case.stay
        costs = list(zip(ITEMS, split(stay.expense_fen, len(ITEMS), self.rng), strict=True))
        for (left, one), (right, two) in zip(costs[::2], costs[1::2], strict=True):
            if form == "boxes":
                cells = f"2 {left} | 2 {yuan(one)} | 2 {right} | 2 {yuan(two)}"
                self.put(f"| 42 | {cells}")
            else:
                self.put(f"{left}　{yuan(one)}")
                self.put(f"{right}　{yuan(two)}")

    def _stamp(self, rest: str) -> None:
        """x, how far below, and the words under the star, of the hospital's or the unit's stamp."""
        x, below, whose, words = (*rest.split(" ", 3), "")[:4]
        owner = self.case.unit_name if whose == "unit" else self.case.stay.hospital.name
        press(self.form, int(x), self.y + int(below), owner, self.rng, words)

    def _hand(self, rest: str) -> None:
        """x and what is written there with a pen, on the line above."""
        x, words = rest.split(" ", 1)
        written = self.form.filled(words)
        self.form.by_hand(int(x), self.y - self.step - 6, written, self.size + 8, self.rng)

    def _right(self, words: str) -> None:
        """A line that ends at the right margin."""
        self.form.say(self.form.width - self.x, self.y, words, self.size, end="r")
        self.y += self.step

    def _at(self, rest: str) -> None:
        """x and words that stand on the line just printed."""
        x, words = rest.split(" ", 1)
        self.form.say(int(x), self.y - self.step, words, self.size)

    def _box(self, rest: str) -> None:
        """A coloured field behind what follows: left, top, right, bottom and the colour."""
        x0, y0, x1, y1, *colour = map(int, rest.split())
        ground: Colour = (colour[0], colour[1], colour[2])
        self.form.draw.rectangle((x0, y0, x1, y1), fill=ground)
