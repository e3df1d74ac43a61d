"""The further stays of a packet as one line of text, which people can read and key.

A stay is its hospital, the days of admission and discharge, and where known the hospital's level,
rank and city and the sums of its settlement sheet; stays are parted by semicolons:
吉林市中心医院 2026-03-14 2026-03-25 三级 市属 吉林市 基金支付8000.00 个人支付2000.00 起付线800.00
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from documents.typed_values import typed_day
from language import _
from rules.errors import BadInput
from rules.hospitals import LEVEL_OF, LEVELS, RANK_OF, RANKS

_SUMS = {"基金支付": "fund_paid", "个人支付": "own_share", "起付线": "deductible", "总额": "total"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SUM = re.compile(rf"({'|'.join(_SUMS)})(\d{{1,9}}\.\d\d)")


@dataclass(frozen=True)
class FurtherStay:
    """One stay after the first; sums in yuan with two places, None where nothing says them."""

    hospital: str
    admitted_on: str
    discharged_on: str
    level: int | None = None
    city: str | None = None
    fund_paid: str | None = None
    own_share: str | None = None
    deductible: str | None = None
    rank: str | None = None
    total: str | None = None


def written(stays: Iterable[FurtherStay]) -> str:
    """The stays as text."""
    return "；".join(" ".join(_words(stay)) for stay in stays)


def _words(stay: FurtherStay) -> Iterable[str]:
    yield from (stay.hospital, stay.admitted_on, stay.discharged_on)
    yield from filter(
        None, [stay.level and LEVELS[stay.level], stay.rank and RANKS[stay.rank], stay.city]
    )
    yield from (f"{word}{told}" for word, name in _SUMS.items() if (told := getattr(stay, name)))


def read(text: str) -> list[FurtherStay]:
    """The stays of the text, as written; what is wrong with one of them is not looked at."""
    return [_stay(part.split()) for part in re.split("[；;]", text) if part.strip()]


def keyed(text: str) -> list[FurtherStay]:
    """The stays a person keyed; BadInput names the stay and the value that cannot be."""
    stays = read(with_plain_days(text))
    for stay in stays:
        for day in (stay.admitted_on, stay.discharged_on):
            _require_day(stay, day)
        if stay.discharged_on < stay.admitted_on:
            words = {"hospital": stay.hospital, "in": stay.admitted_on, "out": stay.discharged_on}
            text = _("后续住院：%(hospital)s的出院日期 %(out)s 早于入院日期 %(in)s")
            raise BadInput(text % words, "further")
    return stays


def with_plain_days(text: str) -> str:
    """The text as it is kept: days as 2026-03-02, however they were typed."""
    return re.sub("[^\\s；;]+", lambda word: _plain_day(word[0]), text)


def _plain_day(word: str) -> str:
    day = typed_day(word)
    return day.isoformat() if day else word


def _require_day(stay: FurtherStay, day: str) -> None:
    try:
        date.fromisoformat(day)
    except ValueError:
        words = {"hospital": stay.hospital, "day": day}
        text = _("后续住院：%(hospital)s的日期应写作 2026-03-02：%(day)s")
        raise BadInput(text % words, "further") from None


def _stay(words: list[str]) -> FurtherStay:
    days = [word for word in words if _DAY.fullmatch(word)]
    if len(words) < 3 or len(days) != 2 or words[1:3] != days:
        text = _("后续住院应写作：医院 2026-03-14 2026-03-25：%(text)s")
        raise BadInput(text % {"text": " ".join(words)[:80]}, "further")
    known: dict[str, str | int] = {}
    for word in words[3:]:
        if word in LEVEL_OF:
            known["level"] = LEVEL_OF[word]
        elif word in RANK_OF:
            known["rank"] = RANK_OF[word]
        elif amount := _SUM.fullmatch(word):
            known[_SUMS[amount[1]]] = amount[2]
        elif "city" in known:
            words_of = {"hospital": words[0], "one": known["city"], "other": word}
            text = _("后续住院：%(hospital)s所在市只能填一个：%(one)s、%(other)s")
            raise BadInput(text % words_of, "further")
        else:
            known["city"] = word
    return FurtherStay(words[0], *days, **known)  # type: ignore[arg-type]
