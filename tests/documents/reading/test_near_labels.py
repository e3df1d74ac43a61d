"""Words that differ from a label by one character: a misread label, or a word of its own."""

from collections.abc import Callable

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
FORM, RECORD, SHEET = Kind.APPLICATION_FORM, Kind.DISCHARGE_RECORD, Kind.SETTLEMENT_SHEET


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (FORM, "入会时间：2010年7月1日"),
        (FORM, "入职时间：2010-07-01"),
        (RECORD, "入室时间：2026-03-05 08:00"),
        (RECORD, "到院时间：2026-03-01 23:10"),
        (RECORD, "出生时间：1968年5月1日"),
        (RECORD, "住院次数：12"),
        (SHEET, "统筹基金支付限额：500000.00"),
        (SHEET, "统筹基金支付余额：400000.00"),
        (SHEET, "个人支付累计：8000.00"),
    ],
)
def test_a_word_of_its_own_is_no_label(a_page: PageMaker, kind: Kind, row: str) -> None:
    assert extract([a_page(kind, [row])]).fields == {}


def test_a_misread_label_gives_its_value_with_doubt(a_page: PageMaker) -> None:
    found = extract([a_page(RECORD, ["入阮时间：2026-03-02"])]).fields[FieldName.ADMITTED_ON]
    assert found.value == "2026-03-02"
    assert found.confidence < WELL_READ


@pytest.mark.parametrize("entry", ["入会时间：2010年7月1日", "入工时间：2010年7月1日"])
def test_a_form_with_the_day_of_another_event_does_not_question_the_stay(
    a_page: PageMaker, entry: str
) -> None:
    record = a_page(RECORD, ["入院日期：2026-03-02  出院日期：2026-03-11"])
    read = extract([a_page(FORM, [entry, "姓名：王海涛"]), record])
    assert read.fields[FieldName.ADMITTED_ON].value == "2026-03-02"
    assert read.disagreements == ()


@pytest.mark.parametrize(
    ("name", "row"),
    [
        (FieldName.FUND_PAID, "基金支付合计：9000.00"),
        (FieldName.MEDICAL_EXPENSE_TOTAL, "总计金额：9000.00"),
    ],
)
def test_sums_are_read_behind_the_words_of_other_sheets(
    a_page: PageMaker, name: FieldName, row: str
) -> None:
    assert extract([a_page(SHEET, [row])]).fields[name].value == "9000.00"


@pytest.mark.parametrize("label", ["修正诊断", "确定诊断"])
def test_a_corrected_diagnosis_goes_before_that_of_admission(a_page: PageMaker, label: str) -> None:
    found = extract([a_page(RECORD, ["入院诊断：腹痛待查", f"{label}：急性阑尾炎"])])
    assert found.fields[FieldName.DIAGNOSES].told == "急性阑尾炎"


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        (SHEET, "统筹支付：85%"),
        (SHEET, "统筹支付：-9000.00"),
        (SHEET, "起付线：800/1400"),
        (SHEET, "合计：9 天"),
        (SHEET, "合计 3 项"),
        (SHEET, "医院等级：二级以上"),
        (SHEET, "医院等级：一、二级"),
        (RECORD, "住院天数：第9天"),
        (RECORD, "住院天数：9-10天"),
        (RECORD, "住院天数：术前2天 术后7天"),
        (RECORD, "ICU住院天数：3"),
        (RECORD, "出院诊断：同入院诊断"),
        (RECORD, "出院诊断：除外急性心肌梗死"),
        (RECORD, "母亲因胃癌于2020年在吉林市中心医院住院"),
        (FORM, "就诊医院：长春市中心医院、吉林大学第一医院"),
    ],
)
def test_what_may_mean_something_else_is_not_sure(a_page: PageMaker, kind: Kind, row: str) -> None:
    fields = extract([a_page(kind, [row])]).fields.values()
    assert all(found.confidence < WELL_READ for found in fields)


@pytest.mark.parametrize(
    ("name", "row", "value"),
    [
        (FieldName.BANK_NAME, "开户行：中国建设银行 省：吉林", "中国建设银行"),
        (FieldName.BANK_NAME, "开户行：中国银行长春支行（联行号10324）", "中国银行长春支行"),
        (FieldName.UNIT_NAME, "工作单位：吉林省水利厅 原工作单位：某某公司", "吉林省水利厅"),
        (FieldName.MEMBER_NAME, "姓名:王海 涛 性别:男", "王海涛"),
    ],
)
def test_the_next_label_is_no_part_of_a_value(
    a_page: PageMaker, name: FieldName, row: str, value: str
) -> None:
    assert extract([a_page(FORM, [row])]).fields[name].value == value
