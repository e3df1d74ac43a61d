"""Tells what kind of paper some lines are, by the phrases listed in phrases.toml."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from documents.kinds import BILLS, Kind
from documents.reading.deskew import Place, places
from documents.reading.page import TextLine
from documents.reading.paper_labels import is_label
from documents.reading.simplified import simplified

_ENOUGH = 4.0
"""A kind with a lower score is a guess; the page is then called `other`."""
_SURE = 9.0
_CROWDED = 0.4
"""The factor for the score of a page with more lines than its kind can have."""
_IN_PASSING = 0.2
SMALL = (Kind.ID_CARD_FRONT, Kind.ID_CARD_BACK, Kind.BANK_CARD)
"""Small papers that people copy onto one sheet."""
_PRESENT = 6.5
_LARGE, _FILLED = 1.15, 0.4
"""A heading is so much higher than the lines of its paper, and its title makes up so much of it."""
_TELLING = 5.0
"""The least weight of a title that tells a paper by itself."""
_IN_BRACKETS = re.compile(r"\([^()]*\)$")
_ON_CARDS = re.compile(
    "公民身份号码|居民身份证|签发机关|银联|union\\s?pay|[借储][记蓄]卡|持卡人", re.IGNORECASE
)


@dataclass(frozen=True)
class Signs:
    """The phrases by which one kind is recognised."""

    titles: Mapping[str, float]
    words: Mapping[str, float]
    shapes: Mapping[str, float] = field(default_factory=dict)
    most_lines: int = 10_000
    own: Sequence[str] = ()
    """Words of which a paper of this kind holds at least one; empty: it may do without."""


@dataclass(frozen=True)
class Classified:
    """The kind of a page, how sure that is, and what else is copied on it."""

    kind: Kind
    confidence: float
    also: tuple[Kind, ...] = ()


@dataclass(frozen=True)
class _TextRow:
    text: str
    prominence: float
    """From 0 to 1: how much the line looks like the heading of the page."""


def _load() -> dict[Kind, Signs]:
    path = Path(__file__).with_name("phrases.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    of_bills = tables.pop("bills")
    return {
        Kind(kind): Signs(**table, **(of_bills if kind in BILLS else {}))
        for kind, table in tables.items()
    }


_SIGNS = _load()
_TITLES = frozenset(title for signs in _SIGNS.values() for title in signs.titles)


def classify(lines: Sequence[TextLine], width: int, height: int) -> Classified:
    """The kind whose phrases weigh most; `other` where none weighs enough."""
    rows = _rows(lines, height)
    scores = _crowded_out({kind: _score(signs, rows) for kind, signs in _SIGNS.items()}, len(rows))
    ranked = sorted(scores, key=lambda kind: scores[kind], reverse=True)
    if scores[ranked[0]] < _ENOUGH:
        return Classified(Kind.OTHER, round(1 - scores[ranked[0]] / (2 * _ENOUGH), 4))
    best, *also = _copied_together(ranked[0], scores)
    rival = max(score for kind, score in scores.items() if kind not in {best, *also})
    lead = max(scores[best] - rival, 0.0) / scores[best]
    strength = min(scores[best] / _SURE, 1.0)
    return Classified(best, round(strength * min(0.5 + lead, 1.0), 4), tuple(also))


def headings(
    lines: Sequence[TextLine], spots: Sequence[Place], kind: Kind | None = None
) -> set[int]:
    """Which of the lines look like the heading of a paper, of this kind or of any: large, and
    little more than a title."""
    usual = median([spot.height for spot in spots]) if spots else 1.0
    signs = _SIGNS.values() if kind is None else [_SIGNS[kind]]
    titles = {title for one in signs for title, weight in one.titles.items() if weight >= _TELLING}
    return {
        index
        for index, (line, spot) in enumerate(zip(lines, spots, strict=True))
        if spot.height >= _LARGE * usual
        and _is_title("".join(simplified(line.text).split()), titles)
    }


def _is_title(text: str, titles: Collection[str]) -> bool:
    """Whether the text is little more than a title or ends with one (医疗保险住院费用结算单).

    A label on a paper is none (出院诊断).
    """
    bare = _IN_BRACKETS.sub("", text)
    return not is_label(bare) and any(
        title in bare and (bare.endswith(title) or len(title) >= _FILLED * len(bare))
        for title in titles
    )


def is_of_a_card(line: TextLine) -> bool:
    """Whether the line stands on ID or bank cards and hardly elsewhere without a colon."""
    return ":" not in line.text and "：" not in line.text and bool(_ON_CARDS.search(line.text))


def _crowded_out(scores: Mapping[Kind, float], lines: int) -> dict[Kind, float]:
    """The scores, less for a kind that cannot have so many lines; small papers may share them."""
    together = [kind for kind in SMALL if scores[kind] >= _PRESENT]
    room = {kind: sum(_SIGNS[each].most_lines for each in together) for kind in together}
    return {
        kind: score * (_CROWDED if lines > room.get(kind, _SIGNS[kind].most_lines) else 1.0)
        for kind, score in scores.items()
    }


def _copied_together(best: Kind, scores: Mapping[Kind, float]) -> list[Kind]:
    """The best kind, or all the small papers that share the sheet with it, in a fixed order."""
    if best not in SMALL:
        return [best]
    return [kind for kind in SMALL if kind is best or scores[kind] >= _PRESENT]


def _rows(lines: Sequence[TextLine], height: int) -> list[_TextRow]:
    spots = places(lines)
    usual = median([spot.height for spot in spots]) if spots else 1.0
    rows = []
    for line, spot in zip(lines, spots, strict=True):
        big = min(max(spot.height / max(usual, 1.0) - 1.0, 0.0) / 0.4, 1.0)
        high = min(max(1.0 - spot.middle / max(height, 1) / 0.45, 0.0), 0.6)
        rows.append(_TextRow("".join(simplified(line.text).split()), min(big + high, 1.0)))
    return rows


def _score(signs: Signs, rows: Sequence[_TextRow]) -> float:
    whole = "\n".join(row.text for row in rows)
    if signs.own and not any(word in whole for word in signs.own):
        return 0.0
    score = max(
        (_title(phrase, weight, rows) for phrase, weight in signs.titles.items()), default=0.0
    )
    score += sum(weight for word, weight in signs.words.items() if word in whole)
    return score + sum(
        weight
        for shape, weight in signs.shapes.items()
        if any(re.search(shape, row.text) for row in rows)
    )


def _title(phrase: str, weight: float, rows: Sequence[_TextRow]) -> float:
    return max((weight * _standing(phrase, row) for row in rows), default=0.0)


def _standing(phrase: str, row: _TextRow) -> float:
    """How much the row looks like a heading that consists of this phrase."""
    likeness = _likeness(phrase, row.text)
    if likeness == 0:
        return 0.0
    filled = min(len(phrase) / len(row.text) * 2.5, 1.0)
    return likeness * max(row.prominence * filled, _IN_PASSING)


def _likeness(phrase: str, text: str) -> float:
    """1 where the phrase is there, less where one character of a long one was misread.

    Another title is no misreading: 入院记录 is not 出院记录.
    """
    if phrase in text:
        return 1.0
    if len(phrase) < 4 or len(text) > 3 * len(phrase):
        return 0.0
    for start in range(len(text) - len(phrase) + 1):
        there = text[start : start + len(phrase)]
        if there not in _TITLES and sum(a != b for a, b in zip(phrase, there, strict=True)) == 1:
            return 0.8
    return 0.0
