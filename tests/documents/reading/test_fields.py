"""Fields from pages as they are laid out: labels, cells, wrapped lines, sentences.

All people, numbers and cards are made up; the numbers have right check digits.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from documents.check_digits import card_number_is_valid, id_check_digit
from documents.kinds import Kind
from documents.reading import PageReading, TextLine, extract
from documents.reading.fields import Diagnosis, FieldName, Value

PageMaker = Callable[..., PageReading]
FORM, RECORD, SHEET = Kind.APPLICATION_FORM, Kind.DISCHARGE_RECORD, Kind.SETTLEMENT_SHEET
ID = "22010219850317152" + id_check_digit("22010219850317152")
CARD = next(c for c in (f"621700123456789012{d}" for d in range(10)) if card_number_is_valid(c))


def _read(page: PageReading, name: FieldName) -> Value | None:
    found = extract([page]).fields.get(name)
    return found.value if found else None


@pytest.mark.parametrize(
    "row",
    [
        "姓名：张三丰",
        "姓名:张三丰",
        "姓  名：张三丰",
        "姓名: 张 三 丰",
        "姓名：张三丰  性别：男  年龄：45岁",
        "姓名：张三丰性别：男",
        "一、会员姓名：张三丰",
        "姓名(患者)：张三丰",
        [(100, "姓名"), (300, "张三丰"), (500, "性别"), (700, "男")],
        [(100, "姓名：张三丰"), (600, "性别：男")],
        [(100, "姓"), (190, "名"), (300, "张三丰"), (500, "性"), (590, "别")],
        [(100, "姓"), (190, "名："), (300, "张三丰")],
        "姓名：__张三丰__ 性别：_男_",
        "姓名 ：— 张三丰 —",
        "姓名张三丰  性别 女",
        "患者姓名张三丰",
        "兹证明患者张三丰，女，36岁，在我院住院治疗。",
    ],
)
def test_a_name_is_found_however_its_label_stands(a_page: PageMaker, row: object) -> None:
    assert _read(a_page(RECORD, [row]), FieldName.MEMBER_NAME) == "张三丰"


@pytest.mark.parametrize(
    "row",
    [
        "主治医师姓名：李四",
        "护士长姓名：李四",
        "联系人：李四",
        "经办人：李四",
        "科主任：李四",
        "家属姓名：李四",
    ],
)
def test_other_people_are_not_the_member(a_page: PageMaker, row: str) -> None:
    assert _read(a_page(RECORD, [row]), FieldName.MEMBER_NAME) is None


@pytest.mark.parametrize(
    "row",
    [
        "尊敬的朴哲洙：",
        "朴哲洙先生/女士：",
        "朴哲洙:",
        "朴哲洙，男性，现年45岁。主因胸闷入院。",
        "朴哲洙（女，45岁）因胸闷入院。",
    ],
    ids=["dear", "title", "bare", "prose", "brackets"],
)
def test_the_patient_is_found_where_a_record_begins_with_him(a_page: PageMaker, row: str) -> None:
    rows = ["吉林大学第一医院", row, "您因活动后胸闷于2026年3月2日在我院心血管内科住院治疗。"]
    fields = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields
    assert fields[FieldName.MEMBER_NAME].value == "朴哲洙"


@pytest.mark.parametrize("row", ["处理:", "患者，男，45岁", "病情好转："])
def test_what_begins_like_a_letter_is_not_always_a_name(a_page: PageMaker, row: str) -> None:
    rows = ["吉林大学第一医院", row, "您因活动后胸闷于2026年3月2日在我院心血管内科住院治疗。"]
    assert FieldName.MEMBER_NAME not in extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields


def test_the_buyer_of_an_invoice_is_the_patient_and_the_seller_the_hospital(
    a_page: PageMaker,
) -> None:
    rows = [
        [(100, "购买方信息"), (700, "销售方信息")],
        [(100, "名称：张三"), (700, "名称：榆树市医院")],
    ]
    fields = extract([a_page(Kind.INVOICE, rows)]).fields
    assert fields[FieldName.MEMBER_NAME].value == "张三"
    assert fields[FieldName.HOSPITAL_NAME].value == "榆树市医院"


def test_a_name_that_could_end_goes_on_in_the_next_line(a_page: PageMaker) -> None:
    pages = [
        TextLine("工作单位", 0.99, (100, 100, 220, 130)),
        TextLine("样例工程有限公司工会", 0.99, (100, 150, 400, 180)),
        TextLine("委员会", 0.99, (205, 188, 295, 218)),
    ]
    page = PageReading(Kind.APPLICATION_FORM, 1.0, 0, 0.99, 1200, 1700, tuple(pages))
    assert extract([page]).fields[FieldName.UNIT_NAME].value == "样例工程有限公司工会委员会"


def test_a_front_page_prints_labels_without_colon_or_blank(a_page: PageMaker) -> None:
    rows = ["民族汉 身份证号220102198503171528 职业职员", "工作单位及地址样例热力有限公司工会"]
    fields = extract([a_page(Kind.DISCHARGE_RECORD, rows)]).fields
    assert str(fields[FieldName.ID_NUMBER].value).startswith("22010219850317152")
    assert fields[FieldName.UNIT_NAME].value == "样例热力有限公司工会"


def test_the_sum_of_a_paper_of_no_kind_is_no_medical_expense(a_page: PageMaker) -> None:
    fields = extract([a_page(Kind.OTHER, ["价税合计（小写）：¥400.00"])]).fields
    assert FieldName.MEDICAL_EXPENSE_TOTAL not in fields


def test_values_stand_below_their_headings(a_page: PageMaker) -> None:
    page = a_page(
        FORM,
        [
            [(100, "姓名"), (300, "入院时间"), (600, "出院时间"), (900, "住院天数")],
            [(100, "张三"), (300, "2026-03-02"), (600, "2026-03-14"), (900, "12")],
        ],
    )
    fields = extract([page]).fields
    assert {name.value: value.value for name, value in fields.items()} == {
        "member_name": "张三",
        "admitted_on": "2026-03-02",
        "discharged_on": "2026-03-14",
        "days_in_hospital": 12,
    }


def test_a_name_that_is_wrapped_in_its_cell_is_one_name() -> None:
    lines = (
        TextLine("工作单位", 0.99, (100, 115, 220, 145)),
        TextLine("吉林样例出版集团有限公司工会委", 0.99, (300, 95, 750, 125)),
        TextLine("员会", 0.99, (490, 133, 550, 163)),
    )
    page = PageReading(FORM, 1.0, 0, 0.99, 1200, 1700, lines)
    assert _read(page, FieldName.UNIT_NAME) == "吉林样例出版集团有限公司工会委员会"


def test_a_label_broken_in_its_cell_is_one_label() -> None:
    lines = (
        TextLine("实际住院天", 0.99, (100, 100, 250, 130)),
        TextLine("数", 0.99, (160, 135, 190, 165)),
        TextLine("37", 0.99, (400, 118, 430, 148)),
    )
    page = PageReading(FORM, 1.0, 0, 0.99, 1200, 1700, lines)
    assert _read(page, FieldName.DAYS_IN_HOSPITAL) == 37


@pytest.mark.parametrize(
    "rows",
    [
        ["住院日期：2026-03-02 至 2026-03-14"],
        ["住院时间：2026.03.02-2026.03.14 共12天"],
        ["入院日期：2026年3月2日08时30分 出院日期：2026年3月14日10时"],
        ["患者于2026年3月2日入院，2026年3月14日出院，住院12天。"],
        ["于2026年3月2日至2026年3月14日在我院住院治疗。"],
        ["2026年3月2日因腹痛收入我院，于2026年3月14日好转出院。"],
        [[(100, "入院日期"), (300, "2026/3/2"), (600, "出院日期"), (800, "2026/3/14")]],
        ["入院时间 2026-03-02 09:40", "出院时间 2026-03-14 15:10"],
        ["入院:2026.3.2 出院:2026.3.14 住院12天"],
    ],
)
def test_the_dates_of_a_stay(a_page: PageMaker, rows: list[object]) -> None:
    page = a_page(RECORD, rows)
    assert _read(page, FieldName.ADMITTED_ON) == "2026-03-02"
    assert _read(page, FieldName.DISCHARGED_ON) == "2026-03-14"


@pytest.mark.parametrize(
    "rows",
    [
        [f"身份证号：{ID}"],
        [f"公民身份号码 {ID}"],
        [[(100, "证件号码"), (300, ID[:6] + " " + ID[6:14] + " " + ID[14:])]],
        [[(100, "身份证号"), *((300 + 40 * i, digit) for i, digit in enumerate(ID))]],
        [f"本人张三，女，身份证号{ID}，系吉林省水利厅职工。"],
        ["身份证号：" + "".join(chr(ord(c) + 0xFEE0) for c in ID)],
    ],
)
def test_id_numbers(a_page: PageMaker, rows: list[object]) -> None:
    assert _read(a_page(FORM, rows), FieldName.ID_NUMBER) == ID


def test_a_sentence_that_breaks_after_a_label_goes_on_in_the_next_line(a_page: PageMaker) -> None:
    page = a_page(
        FORM,
        ["本人张三，系吉林省博物院职工，住长春市某某路某某号，联系电话", "13844012345。因病住院。"],
    )
    assert _read(page, FieldName.PHONE) == "13844012345"
    assert _read(page, FieldName.UNIT_NAME) == "吉林省博物院"


@pytest.mark.parametrize(
    "rows",
    [
        ["合计：¥12,345.67  统筹支付：8,000.00  个人支付：4,345.67"],
        ["金额合计(大写)壹万贰仟叁佰肆拾伍元陆角柒分  (小写)12345.67"],
        [[(100, "医疗费总额"), (400, "12345.67"), (700, "统筹支付"), (900, "8000.00")]],
        [[(100, "费用总额(元)"), (400, "￥12,345.67")]],
        ["床位费 300.00", "费用合计 12345.67元"],
    ],
)
def test_the_total_is_told_from_its_parts(a_page: PageMaker, rows: list[object]) -> None:
    assert _read(a_page(SHEET, rows), FieldName.MEDICAL_EXPENSE_TOTAL) == "12345.67"


@pytest.mark.parametrize(
    "rows",
    [
        ["统筹支付：8,000.00", "个人支付：4,000.00  其中个人自付：3,000.00  个人自费：1,000.00"],
        ["个人自付：3,000.00", "个人自费：1,000.00", "统筹支付：8,000.00  个人支付：4,000.00"],
        [
            [(100, "个人自付"), (400, "3000.00"), (700, "个人自费"), (900, "1000.00")],
            [(100, "统筹支付"), (400, "8000.00"), (700, "个人支付"), (900, "4000.00")],
        ],
    ],
)
def test_the_part_within_the_insurance_is_not_taken_for_all_that_was_paid(
    a_page: PageMaker, rows: list[object]
) -> None:
    """What the fund did not pay is the own share, whichever of the two is printed more clearly."""
    for blurred in (None, "支付", "自付"):
        page = a_page(SHEET, rows)
        lines = [
            replace(line, confidence=0.8) if blurred and blurred in line.text else line
            for line in page.lines
        ]
        read = replace(page, lines=tuple(lines))
        assert _read(read, FieldName.OWN_SHARE) == "4000.00"
        assert _read(read, FieldName.FUND_PAID) == "8000.00"


def test_the_part_within_the_insurance_stands_where_nothing_else_is_printed(
    a_page: PageMaker,
) -> None:
    page = a_page(SHEET, ["统筹支付：8,000.00", "个人自付：4,000.00"])
    assert _read(page, FieldName.OWN_SHARE) == "4000.00"


def test_parts_of_a_bill_are_no_total(a_page: PageMaker) -> None:
    page = a_page(SHEET, ["统筹支付：8,000.00", "个人支付：4,345.67", "预缴金额：2000.00"])
    assert _read(page, FieldName.MEDICAL_EXPENSE_TOTAL) is None


def test_a_hospital_stands_in_the_heading(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["吉林大学第一医院", "出院记录", "姓名：张三", *["病情平稳"] * 8])
    assert _read(page, FieldName.HOSPITAL_NAME) == "吉林大学第一医院"


def test_diagnoses_run_over_several_lines_and_take_codes_from_beside(a_page: PageMaker) -> None:
    page = a_page(
        RECORD,
        [
            "出院诊断：",
            [(130, "1.急性阑尾炎"), (700, "K35.900")],
            [(130, "2.高血压病2级"), (700, "I10.x05")],
            "出院医嘱：注意休息",
        ],
    )
    assert _read(page, FieldName.DIAGNOSES) == (
        Diagnosis("急性阑尾炎", "K35.900"),
        Diagnosis("高血压病2级", "I10.x05"),
    )


def test_a_label_may_stand_in_brackets(a_page: PageMaker) -> None:
    page = a_page(
        RECORD, ["【入院诊断】腹痛待查", "【出院诊断】视网膜脱离（H33.000）", "【出院医嘱】休息"]
    )
    assert _read(page, FieldName.DIAGNOSES) == (Diagnosis("视网膜脱离", "H33.000"),)


def test_short_labels_close_below_one_another_stay_two() -> None:
    lines = (
        TextLine("单位", 0.99, (100, 100, 160, 140)),
        TextLine("吉林省水利厅", 0.99, (400, 100, 580, 140)),
        TextLine("电话", 0.99, (100, 150, 160, 190)),
        TextLine("13844012345", 0.99, (400, 150, 600, 190)),
    )
    page = PageReading(FORM, 1.0, 0, 0.99, 1200, 1700, lines)
    assert _read(page, FieldName.UNIT_NAME) == "吉林省水利厅"
    assert _read(page, FieldName.PHONE) == "13844012345"


def test_the_discharge_diagnosis_goes_before_that_of_admission(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["入院诊断：腹痛待查", "出院诊断：急性阑尾炎"])
    assert _read(page, FieldName.DIAGNOSES) == (Diagnosis("急性阑尾炎", None),)


def test_a_card_number_printed_on_the_card_needs_no_label(a_page: PageMaker) -> None:
    page = a_page(
        Kind.BANK_CARD,
        ["中国建设银行", " ".join(CARD[i : i + 4] for i in range(0, 19, 4)), "VALID THRU 06/30"],
    )
    assert _read(page, FieldName.BANK_CARD_NUMBER) == CARD
    assert _read(page, FieldName.BANK_NAME) == "中国建设银行"


def test_a_value_is_boxed_without_its_label(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["姓名：张三"])
    box = extract([page]).fields[FieldName.MEMBER_NAME].box
    assert box == (190, 100, 250, 130)


def test_a_field_is_as_sure_as_its_weakest_character(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["姓名：张三"], confidence=0.4)
    assert extract([page]).fields[FieldName.MEMBER_NAME].confidence < 0.5


def test_days_that_do_not_fit_the_dates_are_doubted(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["入院日期：2026-03-02  出院日期：2026-03-14", "住院天数：21天"])
    assert extract([page]).fields[FieldName.DAYS_IN_HOSPITAL].confidence < 0.85


def test_a_stay_that_ends_before_it_begins_is_doubted(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["入院日期：2026-03-14  出院日期：2026-03-02"])
    fields = extract([page]).fields
    assert fields[FieldName.ADMITTED_ON].confidence < 0.85
    assert fields[FieldName.DISCHARGED_ON].confidence < 0.85


def test_of_two_telephones_the_first_is_the_members(a_page: PageMaker) -> None:
    page = a_page(FORM, ["联系电话：13844012345", "单位工会意见：同意", "联系电话：13900001111"])
    assert _read(page, FieldName.PHONE) == "13844012345"


def test_nothing_is_found_on_nothing() -> None:
    assert extract([]).fields == {}


def test_what_a_letter_asks_for_because_of_is_a_diagnosis(a_page: PageMaker) -> None:
    rows = [
        "本人于2026年8月1日至2026年8月25日因左肾肿瘤、左肾囊肿在长春中医药大学附属第",
        "三临床医院住院治疗，共24天，现申请住院津贴互助金。",
    ]
    told = _read(a_page(FORM, rows), FieldName.DIAGNOSES)
    assert told == (Diagnosis("左肾肿瘤", None), Diagnosis("左肾囊肿", None))


def test_words_glued_before_a_label_are_no_part_of_the_value_before_it(a_page: PageMaker) -> None:
    row = "个人开户行：中国建设银行长春朝阳支行  个人账号：6217000940012345678"
    assert _read(a_page(FORM, [row]), FieldName.BANK_NAME) == "中国建设银行长春朝阳支行"


def test_the_end_of_a_name_and_the_next_label_are_no_label_together(a_page: PageMaker) -> None:
    page = a_page(SHEET, ["医院：长春市中心医院 等级：三级"])
    assert _read(page, FieldName.HOSPITAL_NAME) == "长春市中心医院"
