"""Two papers on one page: each is read as what it is, or the page is a question."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from documents.check_digits import id_check_digit
from documents.kinds import Kind
from documents.reading import PageReading, TextLine, extract
from documents.reading.fields import FieldName
from documents.reading.page_papers import classify_page, papers_on

Rows = Sequence[str]
ID = "22010219850317152" + id_check_digit("22010219850317152")
CARD = "6217001234567890128"
SHEET: Rows = [
    "# 医疗保险住院费用结算单",
    "姓名：张三  性别：男",
    "入院日期：2026-03-02  出院日期：2026-03-11",
    "医疗费总额：12000.00",
    "统筹基金支付：9000.00  起付标准：800.00",
    "个人支付：3000.00",
]
RECEIPT: Rows = [
    "# 医疗住院收费票据",
    "票据代码：22060126  票据号码：0012345",
    "交款人：张三",
    "西药费 6000.00",
    "金额合计：12000.00",
    "统筹基金支付：9000.00  个人支付：3000.00",
]
OTHER_RECEIPT: Rows = [
    "# 医疗门诊收费票据",
    "票据代码：22060126  票据号码：0012399",
    "交款人：张三",
    "检查费 500.00",
    "金额合计：500.00",
    "统筹基金支付：300.00  个人支付：200.00",
]
BANK_CARD: Rows = ["中国建设银行", "借记卡", CARD, "UnionPay 银联"]
ID_CARD: Rows = ["姓名 张三", "性别 男 民族 汉", "住址 长春市某街1号", "公民身份号码", ID]
FORM: Rows = [
    "# 职工互助保障互助金申请表",
    "会员姓名：张三  联系电话：13812345678",
    "工作单位：某某厅",
    "开户行：建设银行长春分行",
    "申请项目：住院",
    "工会意见：同意",
]
RECORD: Rows = [
    "# 出院记录",
    "姓名：张三  性别：男",
    "入院日期：2026-03-02  出院日期：2026-03-11",
    "出院诊断：肺炎",
    "诊疗经过：对症治疗",
]


def lines(rows: Rows, left: int, top: int) -> list[TextLine]:
    """The rows of one paper, 60 apart; # begins its heading, which is printed large."""
    made = []
    for number, row in enumerate(rows):
        size, text = (45, row[2:]) if row.startswith("# ") else (30, row)
        width = sum(size if ord(char) > 255 else size // 2 for char in text)
        y = top + 60 * number
        made.append(TextLine(text, 0.99, (left, y, left + width, y + size)))
    return made


def a_page(*papers: tuple[Rows, int, int]) -> PageReading:
    """The papers on a sheet, each with the place of its upper left corner."""
    seen = [line for rows, left, top in papers for line in lines(rows, left, top)]
    told = classify_page(seen, 2400, 1700)
    return PageReading(told.kind, told.confidence, 0, 0.99, 2400, 1700, tuple(seen), also=told.also)


def beside(one: Rows, other: Rows) -> PageReading:
    return a_page((one, 100, 100), (other, 1300, 130))


def above(one: Rows, other: Rows) -> PageReading:
    return a_page((one, 100, 100), (other, 130, 100 + 60 * len(one) + 60))


def values(page: PageReading) -> dict[str, object]:
    return {name.value: found.value for name, found in extract([page]).fields.items()}


@pytest.mark.parametrize("place", [beside, above])
@pytest.mark.parametrize(
    ("one", "other", "kinds", "read"),
    [
        pytest.param(
            BANK_CARD,
            SHEET,
            [Kind.BANK_CARD, Kind.SETTLEMENT_SHEET],
            {"bank_card_number": CARD, "fund_paid": "9000.00", "deductible": "800.00"},
            id="card-and-sheet",
        ),
        pytest.param(
            ID_CARD,
            FORM,
            [Kind.ID_CARD_FRONT, Kind.APPLICATION_FORM],
            {"id_number": ID, "member_name": "张三", "phone": "13812345678"},
            id="id-and-form",
        ),
        pytest.param(
            RECORD,
            SHEET,
            [Kind.DISCHARGE_RECORD, Kind.SETTLEMENT_SHEET],
            {"fund_paid": "9000.00", "admitted_on": "2026-03-02"},
            id="record-and-sheet",
        ),
        pytest.param(
            RECEIPT,
            SHEET,
            [Kind.INVOICE, Kind.SETTLEMENT_SHEET],
            {"fund_paid": "9000.00", "medical_expense_total": "12000.00"},
            id="receipt-and-sheet",
        ),
    ],
)
def test_two_papers_on_a_page_are_each_read_as_what_they_are(
    place: object, one: Rows, other: Rows, kinds: list[Kind], read: dict[str, object]
) -> None:
    page = place(one, other)  # type: ignore[operator]
    assert [paper.kind for paper in papers_on(page)] == kinds
    assert [page.kind, *page.also] == kinds
    assert read.items() <= values(page).items()


def test_two_papers_on_a_page_are_two_witnesses() -> None:
    assert FieldName.FUND_PAID not in extract([beside(RECEIPT, SHEET)]).lone
    alone = a_page((["# 医疗住院收费票据", *RECEIPT[1:5], "统筹基金支付：9000.00"], 100, 100))
    assert FieldName.FUND_PAID in extract([alone]).lone


@pytest.mark.parametrize("place", [beside, above])
def test_the_sums_of_two_receipts_on_a_page_are_not_mixed(place: object) -> None:
    page = place(RECEIPT, OTHER_RECEIPT)  # type: ignore[operator]
    assert [paper.kind for paper in papers_on(page)] == [Kind.INVOICE, Kind.INVOICE]
    told = extract([page])
    assert FieldName.MEDICAL_EXPENSE_TOTAL in {each.name for each in told.disagreements}


def test_three_papers_are_parted_too() -> None:
    page = a_page((BANK_CARD, 100, 100), (RECEIPT, 1300, 100), (RECORD, 100, 700))
    kinds = {Kind.BANK_CARD, Kind.INVOICE, Kind.DISCHARGE_RECORD}
    assert {paper.kind for paper in papers_on(page)} == kinds


@pytest.mark.parametrize("rows", [SHEET, RECEIPT, FORM, RECORD, ID_CARD, BANK_CARD])
def test_one_paper_with_a_blank_band_in_it_stays_whole(rows: Rows) -> None:
    half = len(rows) // 2
    page = a_page((rows[:half], 100, 100), (rows[half:], 100, 1000))
    assert papers_on(page) == [page]
    assert page.also == ()


def test_a_table_under_a_label_is_no_paper_of_its_own() -> None:
    table = [
        "# 出院诊断",
        "疾病编码",
        "肺炎  J18.900",
        "入院情况：咳嗽",
        "出院情况：好转",
        "出院医嘱：休息",
    ]
    assert len(papers_on(above(RECORD, table))) == 1


def test_papers_that_cannot_be_parted_bear_out_nothing() -> None:
    page = replace(a_page((SHEET, 100, 100)), also=(Kind.INVOICE,))
    receipt = a_page((RECEIPT, 100, 100))
    assert FieldName.OWN_SHARE in extract([page, replace(receipt, lines=receipt.lines[:5])]).lone


def test_a_page_whose_kind_is_a_guess_bears_out_no_other() -> None:
    rows = [*SHEET[:4], "统筹基金支付：9000.00"]
    sheet, receipt = a_page((rows, 100, 100)), a_page((RECEIPT[:5], 100, 100))
    receipt = replace(receipt, lines=(*receipt.lines, *lines(["统筹基金支付：9000.00"], 100, 500)))
    assert FieldName.FUND_PAID not in extract([sheet, receipt]).lone
    assert FieldName.FUND_PAID in extract([sheet, replace(receipt, kind_confidence=0.6)]).lone
    assert FieldName.FUND_PAID in extract([replace(sheet, kind_confidence=0.6)]).lone
