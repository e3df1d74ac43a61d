"""Sums in capitals (壹万贰仟元整): read, and compared with the figures beside them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.plain_text import HAN
from documents.reading.evidence import FieldValue
from documents.reading.found_value import FoundValue, Squeezed

_DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"〇": 0}
_TENS = {"拾": 10, "佰": 100, "仟": 1000}
_WHOLE = "[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]"
_SUM = re.compile(
    # What stands before may be a capital that was misread: then the rest is another sum.
    rf"(?:^|(?<=[^{HAN}])|(?<=[币写计额共为]))(?P<whole>{_WHOLE}*[壹贰叁肆伍陆柒捌玖拾佰仟万亿]|零)\s*[元圆]"
    r"(?P<rest>(?:零?[零壹贰叁肆伍陆柒捌玖]角)?(?:零?[零壹贰叁肆伍陆柒捌玖]分)?)[整正]?"
)
_HAN = re.compile(f"[{HAN}]")
_RUNS_ON = 0.75
"""How well a sum is read after which more characters stand: they may be its 角 and 分, misread."""
_CAPITAL = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟]")
_CONTRADICTED, _CUT = 0.6, 0.3
_FEWEST_LEFT = 3
"""So many figures at least must be left of a sum that is cut off."""


def find_capitals(text: str) -> Iterator[FoundValue]:
    """Sums in capitals as text with two places; what breaks the order of the units is none."""
    if not _CAPITAL.search(text):
        return
    packed = Squeezed.of(text)
    for match in _SUM.finditer(packed.text):
        yuan = _whole(match["whole"])
        if yuan is None:
            continue
        fen = sum(
            _DIGITS[sign] * worth
            for unit, worth in (("角", 10), ("分", 1))
            for sign in re.findall(f"(.){unit}", match["rest"])
        )
        is_whole = match[0][-1] in "整正分" or not _HAN.match(packed.text, match.end())
        yield packed.found(f"{yuan}.{fen:02}", *match.span(), 1.0 if is_whole else _RUNS_ON)


def compared_with_capitals(values: Sequence[FieldValue]) -> Iterator[FieldValue]:
    """The sums of one page for one field; figures and capitals that differ lose confidence, but
    figures of which only the beginning is left count for less than the capitals."""
    spelt = {str(value.value) for value in values if _is_spelt(value)}
    figures = {str(value.value) for value in values if not _is_spelt(value)}
    if not spelt or not figures:
        yield from values
        return
    for value in values:
        sure, told = value.confidence, str(value.value)
        if told in spelt & figures:
            sure = 1 - (1 - sure) / 2
        elif told in figures and any(_is_cut(told, whole) for whole in spelt):
            sure *= _CUT
        elif told in figures or not all(_is_cut(figure, told) for figure in figures):
            sure *= _CONTRADICTED
        yield replace(value, confidence=round(sure, 4))


def _is_cut(figures: str, whole: str) -> bool:
    """Whether these figures are the beginning of the sum, the rest hidden by a seal or a hole."""
    yuan = figures.removesuffix(".00")
    return len(yuan) < len(whole) and whole.startswith(yuan) and len(yuan) >= _FEWEST_LEFT


def _is_spelt(value: FieldValue) -> bool:
    return _CAPITAL.search(value.part.text) is not None


def _whole(text: str) -> int | None:
    """The number of yuan: below each of 亿 and 万 so many thousands, hundreds, tens and ones."""
    total, rest = 0, text
    for unit, worth in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, found, after = rest.partition(unit) if unit else (rest, "", "")
        if unit and not found:
            continue
        count = _below_ten_thousand(part)
        if count is None:
            return None
        total, rest = total + count * worth, after
    return total


def _below_ten_thousand(text: str) -> int | None:
    """叁仟零伍拾 is 3050; None where a unit is out of order or two digits stand together."""
    total, last, digit = 0, 10_000, None
    for sign in text:
        if sign in _TENS:
            if _TENS[sign] >= last or (digit is None and sign != "拾"):
                return None
            total += (digit or 1) * _TENS[sign]
            last, digit = _TENS[sign], None
        elif _DIGITS.get(sign):
            if digit is not None:
                return None
            digit = _DIGITS[sign]
        elif sign not in _DIGITS:
            return None
    return total + (digit or 0)
