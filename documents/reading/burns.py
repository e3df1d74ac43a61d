"""Reads a burn in a diagnosis: its place and the share of the body surface of the third degree."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

_BURN = re.compile("烧伤|烫伤|烧烫伤|灼伤")
_THIRD = re.compile(r"(?<![~\-—至、ⅡI度])(?:Ⅲ|III|三|3)\s*[度°º](?![~\-—至])")
_DEGREE = re.compile(r"(?:[ⅠⅡⅢⅣ]|I{1,3}|[一二三四1-4])\s*[度°º]")
_SHARE = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*[%％]")
_NO_PLACE = re.compile("面积|手术")
_HEAD = re.compile("[头面颈手]")
_BODY = re.compile("躯干|[胸腹背腰臀腿足]|四肢|上肢|下肢|前臂|上臂|全身|会阴")


class Burn(NamedTuple):
    """A burn of the third degree: head stands for head, neck and hands; percent of the surface."""

    area: Literal["head", "body"]
    percent: float


def speaks_of_burn(diagnoses: Sequence[str]) -> bool:
    """Whether a diagnosis is a burn or scald, of any degree."""
    return any(_BURN.search(text) for text in diagnoses)


def find_burn(diagnoses: Sequence[str]) -> Burn | None:
    """The one burn of the third degree whose place and share are clear; else a person says it."""
    found = [text for text in diagnoses if _BURN.search(text) and _THIRD.search(text)]
    if len(found) != 1:
        return None
    text = _NO_PLACE.sub("", found[0])
    degree = _THIRD.search(text)
    assert degree is not None
    percent = _share(text, degree)
    in_head, in_body = bool(_HEAD.search(text)), bool(_BODY.search(text))
    if percent is None or in_head == in_body:
        return None
    return Burn("head" if in_head else "body", percent)


def _share(text: str, degree: re.Match[str]) -> float | None:
    """The share behind the degree, up to another degree, or the last one in front of it."""
    following = _DEGREE.search(text, degree.end())
    behind = _SHARE.search(text, degree.end(), following.start() if following else len(text))
    if behind:
        return float(behind[1])
    others = [match for match in _DEGREE.finditer(text) if match.span() != degree.span()]
    before = _SHARE.findall(text[: degree.start()])
    return float(before[-1]) if before and not others else None
