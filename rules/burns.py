"""Burns of the third degree by the rows of a plan's table (R19)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from language import N_, _
from rules.facts import Burn, BurnArea
from rules.plans.shape import BurnStep, BurnTable

AREA_NAMES: dict[BurnArea, str] = {"head": N_("头颈手部"), "body": N_("躯干及四肢")}
_DEGREE = 3
"""The table pays for burns of this degree or a deeper one."""


class BurntRow(NamedTuple):
    """A row of the table that is burnt: in words, the least percentage that it pays for, and the
    percentage of the sum that it pays, 0 below that."""

    words: str
    least: Decimal | int
    pays: int

    @property
    def short_of(self) -> str:
        """That the burn is smaller than the least that is paid for."""
        words = {"found": self.words, "least": self.least}
        return _("%(found)s，未达 %(least)s%%") % words


def burnt_rows(burns: Sequence[Burn], table: BurnTable) -> Iterator[BurntRow]:
    """The rows with a burn of the third degree, each by the sum of its regions."""
    rows: tuple[tuple[BurnArea, tuple[BurnStep, ...]], ...] = (
        ("head", table.head),
        ("body", table.body),
    )
    for area, steps in rows:
        own = [burn for burn in burns if burn.area == area and burn.degree >= _DEGREE]
        if not own:
            continue
        percent = sum((burn.percent for burn in own), Decimal(0))
        reached = [step.pays for step in steps if step.from_percent <= percent]
        yield BurntRow(_in_words(area, percent, own), steps[0].from_percent, (reached or [0])[-1])


def _in_words(area: BurnArea, percent: Decimal, burns: Sequence[Burn]) -> str:
    words = {"area": _(AREA_NAMES[area]), "percent": _plain(percent)}
    text = _("%(area)s三度烧烫伤 %(percent)s%%") % words
    if len(burns) == 1:
        return text
    regions = "、".join(
        f"{burn.place or _(AREA_NAMES[burn.area])} {_plain(burn.percent)}%" for burn in burns
    )
    return _("%(text)s（%(regions)s）") % {"text": text, "regions": regions}


def _plain(percent: Decimal) -> str:
    """The number as a diagnosis has it, 15 for 15.0."""
    return f"{percent.normalize():f}"
