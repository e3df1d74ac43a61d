"""What papers tell of earlier and coming stays, which is not what they tell of this one."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
RECORD, CERTIFICATE = Kind.DISCHARGE_RECORD, Kind.DIAGNOSIS_CERTIFICATE
FIRST, LAST, HOSPITAL = FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON, FieldName.HOSPITAL_NAME


@pytest.mark.parametrize(
    "row",
    ["上次出院日期：2025-03-11", "前次入院时间：2025-03-01", "预约下次入院日期：2026-04-02"],
)
def test_the_label_of_another_stay_asks_for_no_day_of_this_one(a_page: PageMaker, row: str) -> None:
    assert extract([a_page(RECORD, [row])]).fields == {}


@pytest.mark.parametrize(
    ("name", "row"),
    [
        (FIRST, "出院医嘱：2026年4月2日再次入院化疗"),
        (FIRST, "既往2025年3月1日至2025年3月11日在我院住院治疗"),
        (LAST, "曾于2025年3月1日至2025年3月11日在我院住院治疗"),
        (FIRST, "计划2026年4月2日入院行第2次化疗"),
        (LAST, "预计2026年3月12日出院"),
        (FIRST, "上次住院时间：2025-05-02至2025-05-11"),
        (FIRST, "治疗期间2026年2月1日至2026年2月20日门诊输液"),
        (LAST, "结算期间：2026-03-02至2026-03-31"),
        (LAST, "住院时间：2026年3月2日-2026年3月5日、2026年3月8日-2026年3月11日"),
        (HOSPITAL, "既往史：2020年5月6日在吉林市中心医院住院行阑尾切除术。"),
        (HOSPITAL, "患者3天前就诊于吉林市中心医院，给予抗炎治疗无好转"),
        (HOSPITAL, "半年前于吉林市中心医院行肺癌手术"),
        (HOSPITAL, "出院医嘱：1月后到吉林大学第一医院复查"),
    ],
)
def test_a_sentence_of_another_time_is_read_with_doubt(
    a_page: PageMaker, name: FieldName, row: str
) -> None:
    assert extract([a_page(RECORD, [row])]).fields[name].confidence < WELL_READ


def test_what_is_charged_on_a_day_is_no_admission(a_page: PageMaker) -> None:
    row = "2026年3月12日 长春市中心医院 住院收费"
    assert FIRST not in extract([a_page(RECORD, [row])]).fields


def test_a_label_after_a_day_is_no_verb(a_page: PageMaker) -> None:
    found = extract([a_page(RECORD, ["入院 2026 年 3 月 2 日 出院 2026 年 3 月 11 日"])])
    assert (found.fields[FIRST].value, found.fields[LAST].value) == ("2026-03-02", "2026-03-11")
    assert found.choices[LAST].others == ()


def test_a_coming_stay_on_a_certificate_does_not_question_this_one(a_page: PageMaker) -> None:
    record = a_page(RECORD, ["入院日期：2026-03-02  出院日期：2026-03-11"])
    certificate = a_page(CERTIFICATE, ["诊断：肺炎", "建议：2026年4月2日再次入院复查"])
    read = extract([record, certificate])
    assert read.fields[FIRST].value == "2026-03-02"
    assert read.disagreements == ()


def test_a_hospital_in_a_sentence_at_the_top_is_no_heading(a_page: PageMaker) -> None:
    row = "患者于2026年3月2日至3月11日在我院住院治疗9天，曾于2025年1月5日在吉林市中心医院住院。"
    pages = [a_page(CERTIFICATE, ["诊断证明书", row, "诊断：急性阑尾炎", *["休息"] * 4])]
    found = extract(pages).fields[HOSPITAL]
    assert found.value == "吉林市中心医院"
    assert found.confidence < WELL_READ


def test_what_came_before_in_another_clause_does_not_put_this_stay_in_doubt(
    a_page: PageMaker,
) -> None:
    row = "患者3天前受凉后咳嗽，于2026年3月2日在吉林市中心医院住院治疗。"
    found = extract([a_page(RECORD, [row])])
    assert found.choices[FIRST].value.confidence >= WELL_READ
    assert found.choices[HOSPITAL].value.confidence >= WELL_READ
