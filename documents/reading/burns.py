"""Reads burns in diagnoses: each region with its degree and its share of the body surface."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from language import _
from rules.facts.one_body import beyond_the_whole

_BURN = re.compile("烧伤|烫伤|烧烫伤|灼伤")
DEGREE = re.compile(r"([ⅠⅡⅢⅣ]|IV|I{1,3}|[一二三四1-4])\s*[度°º]")
_DEGREES = {"Ⅰ": 1, "I": 1, "Ⅱ": 2, "II": 2, "Ⅲ": 3, "III": 3, "Ⅳ": 4, "IV": 4} | {
    sign: number for number, sign in enumerate("一二三四", 1)
}
# A burn of two degrees at once has no share of either.
_RANGE = re.compile(r"[ⅠⅡⅢI一二三1-3]\s*[度°º]?\s*[~\-—至、]\s*[浅深]?[ⅡⅢⅣI二三四2-4]+\s*[度°º]")
_SHARE = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*[%％]")
_NO_PLACE = re.compile("面积|手术|(?:体|皮)表|部位")
_HEAD = re.compile("[头面颈手]")
_BODY = re.compile("躯干|[胸腹背腰臀腿足臂肩]|四肢|上肢|下肢|全身|会阴")
_WHOLE = re.compile("总|共|合计")
_PARTED = re.compile(r"[，,、；;。:：]|和|及")
_PLACE = re.compile(
    "(?:[左右双上下前后]*(?:头|面|颈|手|躯干|四肢|全身|会阴|[胸腹背腰臀腿足臂肩肢部侧指掌趾]))+"
)


class ReadBurn(NamedTuple):
    """A burnt region: head stands for head, neck and hands; percent of the surface; its name."""

    area: Literal["head", "body"]
    percent: float
    degree: int = 3
    place: str = ""


class _Told(NamedTuple):
    """What a part of a diagnosis says of one share of the surface; None where it does not say."""

    percent: float
    degree: int | None
    area: Literal["head", "body"] | None
    place: str
    is_whole: bool


def speaks_of_burn(diagnoses: Sequence[str]) -> bool:
    """Whether a diagnosis is a burn or scald, of any degree."""
    return any(_BURN.search(text) for text in diagnoses)


def area_of(place: str) -> Literal["head", "body"] | None:
    """The row of the table a region belongs to; None where it may be both or neither."""
    in_head, in_body = bool(_HEAD.search(place)), bool(_BODY.search(place))
    if in_head == in_body:
        return None
    return "head" if in_head else "body"


def degree_of(text: str) -> int | None:
    """The degree that the text names, as Ⅲ度, III° or 三度."""
    match = DEGREE.search(text)
    return _number(match[1]) if match else None


def find_burns(diagnoses: Sequence[str], further: Sequence[str] = ()) -> list[ReadBurn]:
    """The burns, if one at least is of the third degree and place, degree and share of all are
    clear; else none, and a person says it. `further` are diagnoses of other papers, which have to
    come to the same."""
    if not speaks_of_burn(diagnoses) and not speaks_of_burn(further):
        return []
    if contradiction(diagnoses, further):
        return []
    papers = [_all(told) for told in (diagnoses, further) if _third(told)]
    return papers[0] if papers and all(papers) else []


def contradiction(diagnoses: Sequence[str], further: Sequence[str] = ()) -> str | None:
    """The sentence that names two shares that cannot both be right; None where they fit."""
    for told in (diagnoses, further):
        for text in _third(told):
            whole = next((each.percent for each in _told(text) if each.is_whole), None)
            parts = sum(burn.percent for burn in _regions(text) or ())
            if whole is not None and parts > whole:
                words = {"parts": parts, "whole": whole}
                return _("各部位烧烫伤面积相加 %(parts)g%%，大于总面积 %(whole)g%%") % words
        if over := beyond_the_whole(_all(told)):
            return _("各部位烧烫伤面积相加 %(parts)g%%，大于 100%%") % {"parts": over}
    one, other = _all(diagnoses), _all(further)
    if one and other and _by_area(one) != _by_area(other):
        said = {"one": _in_words(one), "other": _in_words(other)}
        return _("烧烫伤一份材料写有%(one)s，另一份写有%(other)s") % said
    return None


def _all(diagnoses: Sequence[str]) -> list[ReadBurn]:
    """The burns of the diagnoses of one paper; none where one of them is unclear, or where one
    region has two shares."""
    regions = [_regions(text) for text in _third(diagnoses)]
    found = list(dict.fromkeys(burn for each in regions for burn in each or ()))
    named = {(burn.place, burn.degree) for burn in found}
    return found if all(regions) and len(named) == len(found) else []


def _by_area(burns: Sequence[ReadBurn]) -> dict[str, float]:
    """The share of the third degree in each row of the table."""
    found = {"head": 0.0, "body": 0.0}
    for burn in burns:
        if burn.degree >= 3:
            found[burn.area] += burn.percent
    return found


def _in_words(burns: Sequence[ReadBurn]) -> str:
    return "、".join(f"{burn.place} {burn.percent:g}%" for burn in burns if burn.degree >= 3)


def _third(diagnoses: Sequence[str]) -> list[str]:
    """The diagnoses of a burn that may be of the third degree."""
    burnt = [text for text in diagnoses if _BURN.search(text)]
    return [text for text in burnt if 3 in map(_number, DEGREE.findall(text))]


def _regions(text: str) -> list[ReadBurn] | None:
    """The burns of one diagnosis, those that say both the degree and the share; None if unclear."""
    if _RANGE.search(text):
        return None
    shares: dict[tuple[Literal["head", "body"], int, str], float] = {}
    told = [each for each in _told(text) if not each.is_whole]
    for at, each in enumerate(told):
        if each.degree is None:
            follows = told[at + 1 :]
            # 躯干烧伤30%，其中Ⅲ度10%: the first is the whole of the region.
            if any(more.place == each.place and more.degree for more in follows):
                continue
            return None
        if each.area is None:
            return None
        key = (each.area, each.degree, each.place)
        # 浅Ⅱ度6%，深Ⅱ度4% are two shares of one degree.
        shares[key] = shares.get(key, 0) + each.percent
    if not any(degree >= 3 for _area, degree, _place in shares):
        return None
    return [ReadBurn(area, share, degree, place) for (area, degree, place), share in shares.items()]


def _told(text: str) -> Iterator[_Told]:
    """The parts of the diagnosis with a share; place and leading degree hold on until the next."""
    place, area, leading = "", None, _leading_degree(text)
    for part in _with_shares(text):
        own = DEGREE.search(part)
        named = _NO_PLACE.sub("", part)
        if _HEAD.search(named) or _BODY.search(named):
            place, area = "".join(_PLACE.findall(named)), area_of(named)
        is_whole = bool(_WHOLE.search(part)) and not own
        degree = _number(own[1]) if own else leading
        yield _Told(_share(part, own), degree, area, place, is_whole)


def _with_shares(text: str) -> Iterator[str]:
    """The text in parts of one share each; what stands before a share belongs to it."""
    held = ""
    for part in _PARTED.split(text):
        held += part
        if _SHARE.search(part):
            yield held
            held = ""


def _leading_degree(text: str) -> int | None:
    """The degree that stands before all places and shares: Ⅲ度烧伤：躯干10%，上肢5%."""
    match = DEGREE.search(text)
    named = _NO_PLACE.sub("", text[: match.start()]) if match else text
    if match is None or _HEAD.search(named) or _BODY.search(named) or _SHARE.search(named):
        return None
    return _number(match[1])


def _share(part: str, degree: re.Match[str] | None) -> float:
    """The share behind the degree, or the last one in front of it."""
    behind = _SHARE.search(part, degree.end()) if degree else None
    return float(behind[1] if behind else _SHARE.findall(part)[-1])


def _number(sign: str) -> int:
    return _DEGREES.get(sign) or int(sign)
