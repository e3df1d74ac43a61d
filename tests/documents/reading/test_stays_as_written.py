"""The days of a stay in the wordings of many hospitals, each on a paper by itself."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
FIRST, LAST, DAYS = FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON, FieldName.DAYS_IN_HOSPITAL


@pytest.mark.parametrize(
    "rows",
    [
        [
            "本人于2025年10月7日至2025年10月15日因冠状动脉粥样硬化性心脏病在哈尔滨医科大学",
            "附属第二医院住院治疗。",
        ],
        [[(100, "入院-出院日期"), (400, "2025-10-07"), (640, "2025-10-15"), (900, "病区")]],
        ["住院日期：10月7日至10月15日（2025年）", "医师：尹晓东  2025年10月15日"],
        ["住院时间：10月7日—10月15日", "开票日期：2026-01-03"],
        ["住院时间：2025年10月7日至15日"],
        ["入院日期：20251007152011  出院日期：20251015090000"],
    ],
    ids=[
        *("in a sentence", "in two cells", "without its year", "of last year"),
        *("without its month", "to the second"),
    ],
)
def test_a_range_of_days_is_read(a_page: PageMaker, rows: list[object]) -> None:
    found = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields
    assert (found[FIRST].value, found[LAST].value) == ("2025-10-07", "2025-10-15")


@pytest.mark.parametrize(
    "row",
    [
        "入院时间：2026年3月2日 10:15 病史采集时间：2026年3月2日 11:00",
        "入院时间 2026-03-02 转科时间 2026-03-05",
        "入院时间：2026-03-02（急诊留观 2026-03-01）",
        "住院时间：2026-03-02 首次手术 2026-03-05",
    ],
    ids=["history taken", "moved to a ward", "in brackets", "an operation"],
)
def test_a_date_that_no_word_of_a_range_joins_is_no_last_day(a_page: PageMaker, row: str) -> None:
    found = extract([a_page(Kind.DISCHARGE_RECORD, [row])]).fields
    assert found[FIRST].value == "2026-03-02"
    assert LAST not in found


@pytest.mark.parametrize(
    "row",
    [
        "在院天数：9",
        "在院共9天",
        "前后住院9天。",
        "计住院9天",
        "住院时间9天",
        "住院天数共计9天",
        "共住院九天",
    ],
)
def test_the_days_are_counted_in_many_words(a_page: PageMaker, row: str) -> None:
    found = extract([a_page(Kind.DISCHARGE_RECORD, [row])]).fields
    assert found[DAYS].value == 9


def test_a_certificate_spells_days_and_dates_out(a_page: PageMaker) -> None:
    rows = [
        "今有呼和巴特尔同志，男，于二〇二六年三月二日来我院住院，",
        "二〇二六年三月十四日离院，住院十二天。",
    ]
    found = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields
    values = [found[name].value for name in (FIRST, LAST, DAYS, FieldName.MEMBER_NAME)]
    assert values == ["2026-03-02", "2026-03-14", 12, "呼和巴特尔"]


def test_a_year_that_nobody_printed_is_read_with_doubt(a_page: PageMaker) -> None:
    rows = ["住院日期：10月7日至10月15日", "2025年10月15日"]
    found = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields
    assert found[FIRST].confidence < 0.8


def test_days_and_months_without_any_year_are_no_dates(a_page: PageMaker) -> None:
    found = extract([a_page(Kind.DISCHARGE_RECORD, ["住院日期：10月7日至10月15日"])]).fields
    assert FIRST not in found
    assert LAST not in found


@pytest.mark.parametrize(
    "row",
    [
        "出院日期：2025-10-15 住院床日：12",
        "天数：12",
        "住院天数:12",
        "住院时间：12天",
        "住院日：12日",
        [(100, "住院日"), (300, "12天"), (500, "科室")],
    ],
    ids=["after a date", "two figures", "no blank", "time in days", "day in days", "in a cell"],
)
def test_days_of_two_figures_are_read(a_page: PageMaker, row: object) -> None:
    assert extract([a_page(Kind.SETTLEMENT_SHEET, [row])]).fields[DAYS].value == 12


@pytest.mark.parametrize("told", ["三级甲等", "三甲", "3级", "Ⅲ级", "三级甲等综合医院"])
def test_the_level_of_a_hospital_is_read(a_page: PageMaker, told: str) -> None:
    found = extract([a_page(Kind.SETTLEMENT_SHEET, [f"医院等级：{told}"])]).fields
    assert found[FieldName.HOSPITAL_LEVEL].value == "三级"


def test_what_follows_the_dash_of_a_range_is_not_the_first_day(a_page: PageMaker) -> None:
    row = [(100, "入院-出院日期"), (400, "-"), (440, "2025-10-15"), (900, "病区")]
    assert FIRST not in extract([a_page(Kind.DISCHARGE_RECORD, [row])]).fields


def test_the_value_of_a_label_below_is_not_that_of_the_label_above(a_page: PageMaker) -> None:
    rows = [
        [(100, "入院途径"), (300, "门诊"), (420, "入院时间"), (560, "9时")],
        [(200, "出院时间"), (330, "2025年10月15日"), (560, "10时")],
    ]
    found = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields
    assert FIRST not in found
    assert found[LAST].value == "2025-10-15"
