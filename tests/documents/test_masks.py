"""Numbers below are made up."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.masks import mask_card, mask_id, mask_numbers, mask_phone


def test_the_usual_numbers_are_masked_as_the_office_shows_them() -> None:
    assert mask_id("220102199003071524") == "2201**********1524"
    assert mask_card("6217001234567890042") == "6217****0042"
    assert mask_phone("13812341234") == "138****1234"
    assert mask_card("12345678") == "********"


@pytest.mark.parametrize("mask", [mask_id, mask_card, mask_phone])
@given(number=st.text("0123456789X", max_size=25))
def test_at_least_four_characters_are_always_hidden(
    mask: Callable[[str], str], number: str
) -> None:
    shown = len(mask(number).replace("*", ""))
    assert shown <= max(0, len(number) - 4)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("证件 220104198503170018 不符", "证件 2201****0018 不符"),
        ("22010419850317001X", "2201****001X"),
        ("22010419850317001x,", "2201****001X,"),
        ("220104 19850317 001x", "2201****001X"),
        ("旧证 220104850317001", "旧证 2201****7001"),
        ("２２０１０４１９８５０３１７００１Ｘ", "2201****001X"),
        ("卡 6217 0000 0000 0000 018", "卡 6217****0018"),
        ("卡6217-0000-0000-0000", "卡6217****0000"),
        ("卡 6217.0000.0000.0000.018", "卡 6217****0018"),
        ("卡 6217,0000,0000,0000,018", "卡 6217****0018"),
        ("６２１７　００００　００００　０１２４　。", "6217****0124　。"),
        ("No6217000000000018", "No6217****0018"),
        ("电话13812345678。", "电话138****5678。"),
        ("电话 138-1234-5678", "电话 138****5678"),
        ("\u202d138 1234 5678\u202c", "\u202d138****5678\u202c"),
        ("(0431) 8888-6666", "(0431****6666"),
        ("6217 0000 0000\n0000 018", "6217****0018"),
    ],
)
def test_a_number_in_free_text_is_masked_however_it_is_grouped(written: str, kept: str) -> None:
    assert mask_numbers(written) == kept


@pytest.mark.parametrize("sign", [*":。|~+、;*=#「%¥", "：", ", ", " : ", "_", "。。。"])
def test_a_card_is_masked_whichever_sign_stands_between_its_groups(sign: str) -> None:
    card = sign.join(["6217", "0012", "3456", "7890", "042"])
    assert mask_numbers(f"核对{card}") == "核对6217****0042"


@pytest.mark.parametrize("sign", [*":。|~+*=#「"])
def test_a_phone_is_masked_also_in_pairs(sign: str) -> None:
    assert mask_numbers(sign.join(["13", "81", "23", "41", "23", "4"])) == "138****1234"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "案件 HZ2026000012 与 HZ20261000000,名册 CB2026000003",
        "2026-03-02 至 2026-03-14,600.00 元",
        "代发_B20260615-01_3笔_1800.00元.xlsx",
        "2026-03-02 2026-03-14",
        "2026.3.2-2026.3.14",
        "2026/03/02 - 2026/03/14 1200.50",
        "2026-03-02 08:15:09",
        "2026-03-02 08:15~09:30",
        "2026-03-02~2026-03-14;2026-04-01~2026-04-09",
        "600.00+1200.00+3500.50=5300.50 元",
        "50%、30%、20%、10%、60%、70%",
        "12345678.90 元",
        "合计 123,456,789.00 元",
        "600.00 1200.00 3500.50",
        "第 12、13、14、15、16、17 行",
        "12,13,14,15,16,17",
        "区号 0431,分机 8001",
    ],
)
def test_dates_amounts_and_our_own_numbers_are_left_as_they_are(written: str) -> None:
    assert mask_numbers(written) == written


_DIGITS = st.sampled_from(
    ["0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"]
)
_BREAKS = st.text(" \u3000\t\n-\u2013\uff0d.·\uff0e_/\u200b\u202d():。|~+*=#「", max_size=3)


@st.composite
def _grouped(draw: st.DrawFn, least: int, breaks: st.SearchStrategy[str], first: str) -> str:
    """At least eleven digits in groups of at least `least`."""
    signs = draw(_DIGITS)
    number = signs[int(draw(st.sampled_from(first)))]
    groups = draw(st.lists(st.integers(least, 7), min_size=-(-11 // least), max_size=30))
    for size in groups:
        digits = draw(st.text("0123456789", min_size=size, max_size=size))
        number += draw(breaks) + "".join(signs[int(digit)] for digit in digits)
    return number


@given(
    number=_grouped(3, _BREAKS, "0123456789"), around=st.sampled_from(["", "卡", "No", "x", " "])
)
def test_eleven_digits_in_groups_of_three_or_more_never_survive(number: str, around: str) -> None:
    _is_masked(around + number + around)


@given(number=_grouped(1, st.text(" \u3000-\uff0d", max_size=2), "3456789"))
def test_eleven_digits_in_groups_of_any_size_never_survive(number: str) -> None:
    # Dates begin with 1 or 2, amounts have a dot.
    _is_masked(number)


def _is_masked(text: str) -> None:
    masked = mask_numbers(text)
    assert sum(char.isdecimal() for char in masked) <= 8
    assert re.search(r"\d\*{4}\d", masked)
    assert mask_numbers(masked) == masked
