"""The red-header notice: laid out by GB/T 9704-2012, and true on every rung."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from documents.letters.contents import Sender
from documents.letters.renewal_notice import FeeAccount, RenewalNotice
from documents.letters.writing import write
from rules.money import Fen, fen

END = date(2026, 12, 31)
MILLIMETRE = 36_000
NOTICE = RenewalNotice(
    office=Sender("样例职工互助保障办公室", "电话：0431-00000000"),
    number="互助续保〔2026〕12号",
    issued_on=date(2026, 11, 1),
    unit_name="吉林省某厅机关工会",
    plan_name="在职职工住院津贴综合互助保障计划",
    plan_cited="吉直工发〔2020〕1号",
    cover_from=date(2026, 1, 1),
    cover_to=END,
    days_left=60,
    members=186,
    renewed=0,
    leavers=4,
    over_age=3,
    going_on=179,
    age_most=60,
    next_from=date(2027, 1, 1),
    fee=fen("110"),
    subsidy=fen("30"),
    rest=fen("80"),
    due=fen("14320"),
    account=FeeAccount("样例专户", "2200000000000000000", "样例银行样例支行"),
    phone="0431-00000000",
    term_years=1,
    gapless_by=END,
    unbroken_by=date(2027, 1, 29),
)


def opened(notice: RenewalNotice = NOTICE) -> Any:
    return Document(io.BytesIO(write(notice)))


def words(notice: RenewalNotice = NOTICE) -> str:
    return "\n".join(paragraph.text for paragraph in opened(notice).paragraphs)


def on_rung(rung: int, **changes: object) -> RenewalNotice:
    issued = END + timedelta(days=rung)
    return replace(NOTICE, issued_on=issued, days_left=-rung, **changes)  # type: ignore[arg-type]


def test_it_says_what_ends_what_it_costs_and_what_to_do_by_when() -> None:
    said = words()
    for expected in (
        "样例职工互助保障办公室文件",
        "互助续保〔2026〕12号",
        "关于做好在职职工住院津贴综合互助保障计划续保工作的通知",
        "吉林省某厅机关工会：",
        "自2026年1月1日起，至2026年12月31日止，距到期还有60天",
        "本期参保会员186人，其中4人已离职、退休或者调出，3人在下期首日（2027年1月1日）"
        "已超过60周岁，不能续保，均已在附件中标明；可以续保的179人",
        "每人每份110.00元，保障期1年。其中省直机关工会补助30.00元，其余80.00元由单位和会员分担",
        "会费在2026年12月31日（含当日）以前足额到账的，保障不间断",
        "2027年1月29日（含当日）以前到账的，保障有间断，已满的观察期继续有效",
        "附件：续保名册",
        "2026年11月1日",
    ):
        assert expected in said, expected
    assert "{" not in said


@pytest.mark.parametrize(
    ("rung", "expected", "left_out"),
    [
        (-7, ("距到期还有7天", "保障不间断"), ("现已间断",)),
        (0, ("今日到期", "保障不间断"), ("现已间断",)),
        (15, ("到期已15天", "保障现已间断", "已满的观察期继续有效"), ("保障不间断", "已过")),
        (29, ("2027年1月29日（含当日）以前足额到账的",), ("已过",)),
        (30, ("到期已30天", "（2027年1月29日）已过", "观察期重新计算"), ("保障不间断",)),
    ],
)
def test_each_rung_says_how_things_stand_on_its_day(
    rung: int, expected: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    said = words(on_rung(rung))
    assert [part for part in expected if part not in said] == []
    assert [part for part in left_out if part in said] == []


@pytest.mark.parametrize("rung", [-60, 0, 15, 30])
def test_a_plan_without_waiting_days_says_nothing_of_them(rung: int) -> None:
    assert "观察期" not in words(on_rung(rung, unbroken_by=None))


def test_an_unconfirmed_fee_is_not_named() -> None:
    said = words(replace(NOTICE, fee=None, subsidy=Fen(0), rest=Fen(0), due=None))
    assert "会费按我办现行标准收取" in said
    assert "0.00" not in said


def test_it_says_what_the_unit_owes_where_to_pay_and_whom_to_call() -> None:
    said = words()
    assert "按可以续保的179人计，你单位应缴会费14320.00元" in said
    assert "户名样例专户，账号2200000000000000000，开户行样例银行样例支行" in said
    assert "电话：0431-00000000" in said


def test_what_the_office_has_not_set_is_left_out() -> None:
    said = words(replace(NOTICE, due=None, account=None, phone=""))
    assert "应缴会费" not in said
    assert "账号" not in said
    assert "None" not in said


def test_where_all_can_renew_no_leavers_are_mentioned() -> None:
    said = words(replace(NOTICE, leavers=0, over_age=0, going_on=186))
    assert "本期参保会员186人；可以续保的186人" in said


def test_the_same_notice_is_the_same_bytes() -> None:
    assert write(NOTICE) == write(NOTICE)


def test_the_text_block_is_156_by_225_millimetres_at_37_and_28() -> None:
    section = opened().sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.left_margin]
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 28]
    wide = section.page_width - section.left_margin - section.right_margin
    high = section.page_height - section.top_margin - section.bottom_margin
    assert (round(wide / MILLIMETRE), round(high / MILLIMETRE)) == (156, 225)


def test_a_page_has_22_lines_of_28_characters_of_size_three() -> None:
    body = opened().styles["通知正文"]
    assert body.font.size.pt == 16
    assert body.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "仿宋"
    lines = 225 / 25.4 * 72 / body.paragraph_format.line_spacing.pt
    closer = int(body.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    characters = 156 / 25.4 * 72 / (16 + closer)
    assert (int(lines), int(characters)) == (22, 28)


def test_the_head_is_red_and_a_red_rule_stands_under_the_number() -> None:
    head, number, *_rest = opened().paragraphs
    assert str(head.style.font.color.rgb) == "FF0000"
    assert head.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "FF0000"


def test_page_numbers_stand_outside_right_on_odd_pages_and_left_on_even_ones() -> None:
    document = opened()
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0].style, section.even_page_footer.paragraphs[0]
    assert odd.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert odd.paragraph_format.right_indent.pt == 14
    assert even.alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert even.paragraph_format.left_indent.pt == 14
    assert "PAGE" in section.even_page_footer._element.xml


def test_the_imprint_stands_at_the_foot_of_the_last_page() -> None:
    imprint = opened().paragraphs[-1]
    assert imprint.text == "样例职工互助保障办公室\t2026年11月1日印发"
    frame = imprint._p.pPr.find(qn("w:framePr"))
    assert (frame.get(qn("w:vAnchor")), frame.get(qn("w:yAlign"))) == ("margin", "bottom")
    rules = imprint._p.pPr.find(qn("w:pBdr"))
    assert {edge.tag for edge in rules} == {qn("w:top"), qn("w:bottom")}


def test_the_addressee_stands_flush_left_and_signature_and_date_right() -> None:
    by_text = {p.text: p for p in opened().paragraphs}
    addressee = by_text["吉林省某厅机关工会\uff1a"]
    assert addressee.style.paragraph_format.first_line_indent in (None, 0)
    for text in ("样例职工互助保障办公室", "2026年11月1日"):
        assert by_text[text].style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
