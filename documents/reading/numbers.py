"""Reads numbers with a meaning: ID, card, phone, days, amounts of money."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from documents.check_digits import (
    card_number_is_valid,
    id_check_digit,
    id_number_is_valid,
    is_card_number_shaped,
)
from documents.reading.found_value import FoundValue, Squeezed

FIGURES = re.compile(r"[¥\d.,\s]+元?")
"""A text that is a sum or several, and nothing else."""
_LOOKS_LIKE = str.maketrans("OoQDIl|!ZSB", "00001111258")
_ODD = "OoQDIl|!ZSB"
_ID = re.compile(rf"(?<![0-9])[1-9{_ODD}][0-9{_ODD}]{{16}}[0-9Xx×*✕Kk{_ODD}](?![0-9])")
_ID_SHORT = re.compile(r"(?<![0-9])[1-9][0-9]{16}(?![0-9Xx])")
_CARD = re.compile(rf"(?<![0-9])[1-9{_ODD}][0-9{_ODD}]{{11,21}}(?![0-9])")
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?86)?([1Il|!][3-9][0-9{_ODD}]{{9}})(?!\d)|"
    r"(?<!\d)(0\d{2,3}[78]?\d{7,8}|0\d{2,3}\d{7,8})(?!\d)"
)
_DAYS = re.compile(r"(?<![\d.])(\d{1,3})(?:\.0)?(?![\d.])\s*[天日]?")
_SEVERAL_DAYS = re.compile(
    r"第\d{1,3}[天日]|(?<![\d.-])\d{1,3}[-/~]\d{1,3}(?![\d.-])|\d[天日][^(]*\d[天日]"
)
"""第9天, 9-10天, 术前2天术后7天."""
_SPELT_DAYS = re.compile(
    "(?<![年月百千零〇一二三四五六七八九十])([一二三四五六七八九]?十?[一二三四五六七八九]?)[天日]"
)
_ONES = {character: value for value, character in enumerate("一二三四五六七八九", 1)}
_AMOUNT = re.compile(
    r"(?<![\d.,])[¥YV羊]?(?P<whole>\d{1,3}(?:[,.]\d{3})+(?![\d])|\d+)"
    r"(?:[.,:](?P<cents>\d{2}))?(?![\d]|[.,]\d)元?"
)
_IN_TEN_THOUSANDS = re.compile(r"(?<![\d.,])(?P<whole>\d{1,5})(?:\.(?P<rest>\d{1,6}))?万元?")
_ONE_PLACE = re.compile(
    r"(?<![\d.,])[¥YV羊]?(?P<whole>\d{1,7})\.(?P<tenth>\d)(?![\d万%％]|[.,]\d)元?"
)
_FAILED_ID = 0.5
_FAILED_CARD = 0.5
_LOST_X = 0.6
_ACCOUNT = 0.4
_LANDLINE = 0.85
_NO_CENTS = 0.93
_ROUNDED = 0.75
"""How well an amount is read that is not written to the fen: a figure may have been lost."""
_PARTED = 0.75
"""That of figures with a blank between them, which may be two numbers."""
_COUNTED = re.compile("[项天张份次人页件日个种](?![期员数目人类])")
"""What a figure without cents counts that is no money."""
_IN_A_SUM = re.compile(r"[-+=/~]¥?\d")
_AFTER_A_SIGN = re.compile(r"[-+/~]¥?$")
"""9000.00-500.00, 800/1400, -9000.00: which of them is meant, a person says."""
_MOST_DAYS = 400
_FEWEST_DIGITS = 9
"""The fewest real digits of an ID or card number; the others may be look-alike letters."""


def find_ids(text: str) -> Iterator[FoundValue]:
    """18-character ID numbers, X upper case; those that fail their check with a low quality."""
    if _has_few_digits(text):
        return
    packed = _unbroken(text)
    for match in _ID.finditer(packed.text):
        last = "X" if match[0][17] in "Xx×*✕Kk" else match[0][17].translate(_LOOKS_LIKE)
        if _count_digits(match[0][:17]) < 14:
            continue
        number = match[0][:17].translate(_LOOKS_LIKE) + last
        quality = 1.0 if id_number_is_valid(number) else _FAILED_ID
        yield packed.found(number, *match.span(), quality)
    for match in _ID_SHORT.finditer(packed.text):
        whole = match[0] + id_check_digit(match[0])
        if whole.endswith("X") and id_number_is_valid(whole):
            yield packed.found(whole, *match.span(), _LOST_X)


def find_cards(text: str) -> Iterator[FoundValue]:
    """Card numbers of 16 to 19 digits, and account numbers of other lengths as a poor guess."""
    if _has_few_digits(text):
        return
    packed = _unbroken(text)
    for match in _CARD.finditer(packed.text):
        number = match[0].translate(_LOOKS_LIKE)
        is_id = id_number_is_valid(number) or _is_id_without_x(number)
        if is_id or _count_digits(match[0]) < 0.8 * len(number):
            continue
        usual = is_card_number_shaped(number)
        quality = 1.0 if card_number_is_valid(number) else _FAILED_CARD if usual else _ACCOUNT
        yield packed.found(number, *match.span(), quality)


def _is_id_without_x(number: str) -> bool:
    return len(number) == 17 and id_check_digit(number) == "X" and id_number_is_valid(number + "X")


def find_phones(text: str) -> Iterator[FoundValue]:
    """Mobile numbers, then fixed lines with their area code."""
    packed = _unbroken(text)
    for match in _PHONE.finditer(packed.text):
        group = 1 if match[1] else 2
        number = match[group].translate(_LOOKS_LIKE)
        quality = 1.0 if match[1] else _LANDLINE
        if _count_digits(match[group]) >= _FEWEST_DIGITS:
            yield packed.found(number, *match.span(group), quality)


def find_days(text: str) -> Iterator[FoundValue]:
    """A count of days."""
    packed = Squeezed.of_figures(text)
    quality = _PARTED if _SEVERAL_DAYS.search(packed.text) else 1.0
    for match in _DAYS.finditer(packed.text):
        if int(match[1]) <= _MOST_DAYS:
            yield packed.found(int(match[1]), *match.span(1), quality)
    for match in _SPELT_DAYS.finditer(packed.text):
        if days := _spelt_days(match[1]):
            yield packed.found(days, *match.span(1), 1.0)


def _spelt_days(text: str) -> int:
    """九, 十二, 二十, 三十一; 0 where the text is no number."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _ONES.get(text, 0)
    return _ONES.get(tens, 1) * 10 + _ONES.get(ones, 0)


def find_amounts(text: str) -> Iterator[FoundValue]:
    """Amounts of money as text with two places, with doubt where several stand apart: the column
    of a count or of nothing (0.00) is the poorer guess then."""
    packed = Squeezed.of_figures(text)
    found = tuple(_amounts(packed))
    if " " in packed.text and len({one.value for one in found}) > 1:
        for one in found:
            likely = _NO_CENTS if one.value == "0.00" else one.quality
            yield one._replace(quality=likely * _PARTED)
    else:
        yield from found


def _amounts(packed: Squeezed) -> Iterator[FoundValue]:
    for match in _AMOUNT.finditer(packed.text):
        whole = re.sub(r"\D", "", match["whole"])
        plain = match["cents"] is None
        after = packed.text[match.end() :][:1]
        if len(whole) > 9 or (plain and len(whole) > 7) or after in ("万", "%"):
            continue
        if plain and _COUNTED.match(packed.text, match.end()):
            continue
        is_doubted = _IN_A_SUM.match(packed.text, match.end()) or _AFTER_A_SIGN.search(
            packed.text, 0, match.start()
        )
        is_whole = packed.is_unbroken(*match.span("whole"))
        quality = _PARTED if is_doubted or not is_whole else _NO_CENTS if plain else 1.0
        yield packed.found(f"{int(whole)}.{match['cents'] or '00'}", *match.span(), quality)
    for match in _IN_TEN_THOUSANDS.finditer(packed.text):
        fen = int(match["whole"]) * 10**6 + int((match["rest"] or "").ljust(6, "0"))
        yield packed.found(f"{fen // 100}.{fen % 100:02}", *match.span(), _ROUNDED)
    for match in _ONE_PLACE.finditer(packed.text):
        amount = f"{int(match['whole'])}.{match['tenth']}0"
        yield packed.found(amount, *match.span(), _ROUNDED)


def first(find: Callable[[str], Iterator[FoundValue]], text: str) -> FoundValue | None:
    """The best find of `find` in the text; the first among equals."""
    return max(find(text), key=lambda one: one.quality, default=None)


def _has_few_digits(text: str) -> bool:
    return len(text) < _FEWEST_DIGITS or _count_digits(text) < _FEWEST_DIGITS


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))


@lru_cache(maxsize=100)
def _unbroken(text: str) -> Squeezed:
    """Digits printed in groups, by spaces or dashes, as one run.

    Cached, because one text is searched for several kinds of number.
    """
    packed = Squeezed.of(text)
    if "-" not in packed.text:
        return packed
    places = zip(packed.origin, packed.text, strict=True)
    origin = [at for at, char in places if char != "-"]
    return Squeezed(packed.text.replace("-", ""), origin)
