"""Diagnoses on the front page of a hospital's record: the main one, the others, their codes."""

from collections.abc import Callable, Sequence

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, TextLine, extract
from documents.reading.fields import Diagnosis, FieldName

PageMaker = Callable[..., PageReading]
Rows = Sequence[str | Sequence[tuple[int, str]]]
HEART = Diagnosis("冠状动脉粥样硬化性心脏病", "I25.103")
PRESSURE, SUGAR = Diagnosis("高血压病2级", "I10.x05"), Diagnosis("2型糖尿病", "E11.900")
AS_A_TABLE = [
    [(100, "门(急)诊诊断"), (320, "胸痛待查"), (800, "疾病编码"), (1000, "R07.400")],
    [(100, "出院诊断"), (700, "疾病编码"), (900, "入院病情")],
    [(100, "主要诊断"), (260, HEART.text), (700, "I25.103"), (900, "有")],
    [(100, "其他诊断"), (260, PRESSURE.text), (700, "I10.x05"), (900, "有")],
    [(260, SUGAR.text), (700, "E11.900"), (900, "有")],
    [(100, "手术名称")],
]
AS_TEXT = [
    f"主要诊断：{HEART.text}  I25.103",
    f"其他诊断：{PRESSURE.text}  I10.x05",
    f"{SUGAR.text}  E11.900",
]
IN_ONE_LINE = [
    f"主要诊断:{HEART.text} I25.103 其他诊断:1.{PRESSURE.text} I10.x05 2.{SUGAR.text} E11.900"
]


def _read(page: PageReading) -> tuple[Diagnosis, ...]:
    found = extract([page]).fields[FieldName.DIAGNOSES].value
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(AS_A_TABLE, id="table"),
        pytest.param(AS_TEXT, id="text"),
        pytest.param(IN_ONE_LINE, id="one-line"),
    ],
)
def test_main_and_other_diagnoses_are_one_list_each_with_its_code(
    a_page: PageMaker, rows: Rows
) -> None:
    page = a_page(Kind.DISCHARGE_RECORD, ["住院病案首页", *rows])
    assert _read(page) == (HEART, PRESSURE, SUGAR)


def test_diagnoses_stand_flush_left_under_a_centred_heading(a_page: PageMaker) -> None:
    rows: Rows = [
        [(100, "序号"), (500, "诊断描述"), (800, "疾病编码")],
        [(110, "1"), (200, "急性脑梗死"), (800, "I63.900")],
        [(110, "2"), (200, "高血压病2级"), (800, "I10.x05")],
        [(480, "手术及操作名称"), (800, "手术编码")],
    ]
    brain = Diagnosis("急性脑梗死", "I63.900")
    assert _read(a_page(Kind.DISCHARGE_RECORD, rows)) == (brain, PRESSURE)


def test_a_diagnosis_wrapped_in_its_cell_is_one_beside_its_centred_code() -> None:
    lines = [
        ("主要诊断：慢性阻塞性肺疾病急", (100, 100, 480, 130)),
        ("J44.100", (600, 118, 700, 148)),
        ("1", (760, 118, 775, 148)),
        ("性加重期", (100, 138, 220, 168)),
        ("其他诊断：肺部感染", (100, 200, 380, 230)),
        ("J98.414", (600, 200, 700, 230)),
    ]
    text_lines = tuple(TextLine(text, 0.99, box) for text, box in lines)
    page = PageReading(Kind.DISCHARGE_RECORD, 1.0, 0, 0.99, 1200, 1700, text_lines)
    assert _read(page) == (
        Diagnosis("慢性阻塞性肺疾病急性加重期", "J44.100"),
        Diagnosis("肺部感染", "J98.414"),
    )


@pytest.mark.parametrize(
    "rows",
    [
        ["入院诊断:肺占位", "出院诊断:右肺上叶恶性肿瘤"],
        [[(100, "入院诊断:肺占位"), (600, "出院诊断:右肺上叶恶性肿瘤")]],
        ["门诊诊断:肺占位", "入院诊断:肺占位", "出院主要诊断:右肺上叶恶性肿瘤"],
    ],
)
def test_the_diagnosis_at_discharge_counts(a_page: PageMaker, rows: Rows) -> None:
    page = a_page(Kind.DISCHARGE_RECORD, rows)
    assert _read(page) == (Diagnosis("右肺上叶恶性肿瘤", None),)


def test_what_chinese_medicine_calls_it_is_not_the_diagnosis(a_page: PageMaker) -> None:
    page = a_page(Kind.DISCHARGE_RECORD, ["出院诊断:", "中医诊断:胸痹", "西医诊断:冠心病"])
    assert _read(page) == (Diagnosis("冠心病", None),)


def test_several_main_diagnoses_are_one_list(a_page: PageMaker) -> None:
    rows = ["主要诊断：反流性食管炎", "主要诊断：十二指肠球部溃疡", "主要诊断：幽门螺杆菌感染"]
    assert len(_read(a_page(Kind.DISCHARGE_RECORD, rows))) == 3


def test_a_whole_list_goes_before_papers_that_name_the_main_one_alone(a_page: PageMaker) -> None:
    whole = ["出院诊断:1.反流性食管炎 2.十二指肠球部溃疡"]
    pages = [
        a_page(Kind.DISCHARGE_RECORD, whole, 0.88),
        a_page(Kind.SETTLEMENT_SHEET, ["主要诊断:反流性食管炎"]),
        a_page(Kind.DIAGNOSIS_CERTIFICATE, ["诊断:反流性食管炎"]),
    ]
    found = extract(pages).fields[FieldName.DIAGNOSES].value
    assert found == (Diagnosis("反流性食管炎", None), Diagnosis("十二指肠球部溃疡", None))
