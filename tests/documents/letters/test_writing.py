"""Letters say everything they must, exactly, and say it the same every time. People are made up."""

import io
import zipfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from documents.letters.contents import (
    AgreedInstalment,
    ClaimLetter,
    DecidedPart,
    DenialNotice,
    Ground,
    HeirNotice,
    InstalmentNotice,
    LetterKind,
    Note,
    ObjectionAnswer,
    ObjectionWithdrawn,
    PaymentNotice,
    Receipt,
    ReceivedPaper,
    RecoveryNotice,
    ReturnedPayment,
    ReturnNotice,
    Sender,
    SumLine,
    SupplementNotice,
    WantedPaper,
)
from documents.letters.writing import TEMPLATES, dates_in_words, write
from rules.errors import BadInput
from rules.money import fen

OFFICE = Sender("职工互助保障样例办事处", "电话:0431-00000000")
PAYMENT = PaymentNotice(
    office=OFFICE,
    number="样互保给〔2026〕128号",
    issued_on=date(2026, 11, 23),
    claim_number="20261116-0128",
    received_on=date(2026, 11, 16),
    member_name="王晓样",
    id_masked="2201**********1524",
    unit_name="样例研究院",
    parts=(
        DecidedPart(
            plan_name="在职职工住院津贴综合互助保障计划",
            plan_cited="吉直工发〔2020〕1号",
            cover_from=date(2026, 1, 1),
            cover_to=date(2026, 12, 31),
            event="因病于2026年10月1日至10月3日在异地样例医院住院2天",
        ),
    ),
    lines=(
        SumLine("异地住院2天 × 每日40元", "4.1.1", fen("80")),
        SumLine("不足最低给付额,补足", "4.1.1", fen("20")),
    ),
    notes=(Note("本次核定80元,低于每次最低100元", "4.1.1"),),
    total=fen("100"),
    payee_name="王晓样",
    bank_name="样例银行长春分行",
    card_masked="6217****0042",
    object_by=date(2026, 12, 23),
)
_HEAD = {field.name: getattr(PAYMENT, field.name) for field in fields(ClaimLetter)}
DENIAL = DenialNotice(
    **_HEAD,
    parts=PAYMENT.parts,
    grounds=(
        Ground("4.1.1", "住院1天,不超过1日", "住院治疗超过1日(不含)"),
        Ground("4.1", "样例社区医院是一级医疗机构"),
    ),
    object_by=date(2026, 12, 23),
)
SUPPLEMENT = SupplementNotice(
    **_HEAD,
    items=(
        WantedPaper("身份证国徽面", "未收到"),
        WantedPaper("银行卡", "户名与申请人不一致"),
    ),
    hand_in_by=date(2026, 12, 8),
)
RECEIPT = Receipt(
    **_HEAD,
    handed_in_by="样例研究院工会",
    papers=(ReceivedPaper("申请表.pdf", 1), ReceivedPaper("出院记录.pdf", 3)),
)
RETURN = ReturnNotice(
    **_HEAD,
    payments=(
        ReturnedPayment("王晓样", "样例银行", "6217****0042", fen("100"), "账号与户名不符"),
        ReturnedPayment("王晓样", "", "6217****0042", fen("10000"), "账号与户名不符"),
    ),
    total=fen("10100"),
    bring=("本人银行卡和身份证复印件",),
)
RECOVERY = RecoveryNotice(
    **_HEAD,
    recovery_number="ZH2026000003",
    part=PAYMENT.parts[0],
    paid=fen("1000"),
    granted=fen("600"),
    amount=fen("400"),
    reasons=("重新办理的原因:出院日期录入有误", "12 天 × 50 元 = 600 元"),
    due_on=date(2026, 12, 23),
    account_holder="样例专户",
    account="2200000000000000000",
    bank_name="样例银行",
    object_by=date(2027, 1, 22),
)
INSTALMENTS = InstalmentNotice(
    **_HEAD,
    recovery_number="ZH2026000003",
    part=PAYMENT.parts[0],
    amount=fen("400"),
    instalments=(
        AgreedInstalment(date(2026, 12, 31), fen("150")),
        AgreedInstalment(date(2027, 1, 31), fen("250")),
    ),
    account_holder="样例专户",
    account="2200000000000000000",
    bank_name="样例银行",
)
ANSWER = ObjectionAnswer(
    **_HEAD,
    objector="王大样",
    objection_number="YY2026000007",
    made_on=date(2026, 11, 20),
    letter_on=date(2026, 11, 18),
    is_upheld=False,
    reason="病案首页与出院记录一致",
)
WITHDRAWN = ObjectionWithdrawn(
    **_HEAD,
    objector="王大样",
    objection_number="YY2026000007",
    made_on=date(2026, 11, 20),
    letter_on=date(2026, 11, 18),
    withdrawn_on=date(2026, 11, 22),
    object_by=date(2027, 1, 17),
)
HEIR = HeirNotice(
    **_HEAD,
    heir_name="王继样",
    share="2/3",
    parts=PAYMENT.parts,
    lines=PAYMENT.lines,
    notes=(),
    total=PAYMENT.total,
    amount=fen("66.67"),
    bank_name="样例银行",
    card_masked="6217****0159",
    object_by=date(2026, 12, 23),
)
TO_MEMBERS = [PAYMENT, DENIAL, SUPPLEMENT, RETURN, RECOVERY, INSTALMENTS]
LETTERS = [*TO_MEMBERS, HEIR, RECEIPT, ANSWER, WITHDRAWN]
every_letter = pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.kind)
every_letter_to_a_member = pytest.mark.parametrize(
    "letter", TO_MEMBERS, ids=lambda letter: letter.kind
)


# Templates use full-width marks; told apart from half-width ones nowhere but in the test for that.
_HALF_WIDTH = str.maketrans("\uff0c\uff1a\uff1b\uff08\uff09", ",:;()")


def words(docx: bytes) -> str:
    """Everything a reader sees, in order; table rows as cells parted by |."""
    document = Document(io.BytesIO(docx))
    seen = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            seen += ["|".join(dict.fromkeys(cell.text for cell in row.cells)) for row in block.rows]
        else:
            seen.append(block.text)
    seen += [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "\n".join(seen).translate(_HALF_WIDTH)


def test_every_kind_has_a_letter_and_every_letter_a_template() -> None:
    about_units = {
        LetterKind.RENEWAL_NOTICE,
        LetterKind.COVER_CONFIRMATION,
        LetterKind.SUBSIDY_STATEMENT,
    }
    assert {letter.kind for letter in LETTERS} == set(LetterKind) - about_units
    assert {path.stem for path in TEMPLATES.glob("*/*.docx")} == set(LetterKind)


def test_a_recovery_notice_says_how_much_why_by_when_and_whereto() -> None:
    said = words(write(RECOVERY))
    for expected in (
        "肆佰元整(¥400.00)",
        "已付净额|¥1000.00",
        "重新核定|¥600.00",
        "出院日期录入有误",
        "2026年12月23日前",
        "2200000000000000000",
        "2027年1月22日前",
    ):
        assert expected in said, expected


def test_a_notice_of_instalments_says_how_much_by_which_day_and_whereto() -> None:
    said = words(write(INSTALMENTS))
    for expected in (
        "尚须退回人民币肆佰元整(¥400.00)",
        "1|2026年12月31日|人民币壹佰伍拾元整|150.00",
        "2|2027年1月31日|人民币贰佰伍拾元整|250.00",
        "ZH2026000003",
        "2200000000000000000",
    ):
        assert expected in said, expected


def test_an_answer_tells_the_objector_whether_he_is_right_and_why() -> None:
    said = words(write(ANSWER))
    assert "王大样:" in said
    assert "异议不成立,原决定维持不变。理由:病案首页与出院记录一致" in said
    assert "异议成立:" not in said
    upheld = words(write(replace(ANSWER, is_upheld=True)))
    assert "异议成立:病案首页与出院记录一致" in upheld
    assert "不成立" not in upheld


@every_letter_to_a_member
def test_a_letter_says_who_writes_to_whom_about_which_claim(letter: ClaimLetter) -> None:
    said = words(write(letter))
    for expected in (
        "职工互助保障样例办事处",
        "电话:0431-00000000",
        "样互保给〔2026〕128号",
        "2026年11月23日",
        "2026年11月16日",
        "20261116-0128",
        "王晓样同志:",
        "2201**********1524",
        "样例研究院",
    ):
        assert expected in said
    assert "{" not in said
    assert "%" not in said


def test_a_payment_notice_shows_the_whole_sum() -> None:
    said = words(write(PAYMENT))
    assert "互助金给付通知书" in said
    assert "人民币壹佰元整(¥100.00)" in said
    assert "1|异地住院2天 × 每日40元|四(一)1|80.00" in said
    assert "2|不足最低给付额,补足|四(一)1|20.00" in said
    assert "合计|人民币壹佰元整|100.00" in said
    assert "说明:本次核定80元,低于每次最低100元(依据吉直工发〔2020〕1号 四(一)1)" in said
    assert "在职职工住院津贴综合互助保障计划(吉直工发〔2020〕1号)" in said
    assert "2026年1月1日至2026年12月31日" in said
    assert "样例银行长春分行,卡号6217****0042" in said
    assert "2026年12月23日前(含当日)" in said


def test_a_denial_gives_clause_facts_and_the_way_to_object() -> None:
    said = words(write(DENIAL))
    assert "互助金不予给付通知书" in said
    assert "吉直工发〔2020〕1号 四(一)1:“住院治疗超过1日(不含)”|住院1天,不超过1日" in said
    assert "吉直工发〔2020〕1号 四(一)|样例社区医院是一级医疗机构" in said
    assert "请于2026年12月23日前(含当日),通过所在单位工会或者直接向我处提交书面异议" in said


def test_parts_are_numbered_where_there_are_several() -> None:
    other = replace(PAYMENT.parts[0], cover_from=None, cover_to=None, event="2026年3月1日发生意外")
    said = words(write(replace(PAYMENT, parts=(*PAYMENT.parts, other))))
    assert "申请事项" not in said
    assert "第2项|2026年3月1日发生意外" in said
    assert said.count("保 障 期") == 1


@every_letter
def test_the_signature_never_stands_alone_on_a_page(letter: ClaimLetter) -> None:
    paragraphs = Document(io.BytesIO(write(letter))).paragraphs
    first = next(n for n, each in enumerate(paragraphs) if each.style and each.style.name == "落款")
    assert all(each.paragraph_format.keep_with_next for each in paragraphs[first - 1 : first + 1])


def test_a_date_in_a_sentence_is_written_like_every_other() -> None:
    said = dates_in_words("已于 2026-03-02 确诊，2026-11-23 至 2026-12-01；编号 2026-128")
    assert said == "已于2026年3月2日确诊，2026年11月23日至2026年12月1日；编号 2026-128"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("出院日期2026-03-02应为2026/3/4。", "出院日期2026年3月2日应为2026年3月4日。"),
        ("病案首页记为2026.3.2.", "病案首页记为2026年3月2日."),
        ("出院记录写作2026-02-30，没有这一天", "出院记录写作2026-02-30，没有这一天"),
        ("批次PC2026-03-02、2026-03-02-1号", "批次PC2026-03-02、2026-03-02-1号"),
    ],
)
def test_a_date_that_a_person_wrote_is_written_like_every_other(told: str, said: str) -> None:
    assert dates_in_words(told) == said


def test_a_denial_for_want_of_cover_shows_no_cover() -> None:
    uncovered = replace(PAYMENT.parts[0], cover_from=None, cover_to=None)
    said = words(write(replace(DENIAL, parts=(uncovered,), unit_name=None)))
    assert "保 障 期" not in said
    assert "None" not in said
    assert "所在单位|—" in said
    assert "抄送" not in said


def test_a_supplement_notice_lists_exactly_what_is_wanted_and_why() -> None:
    said = words(write(SUPPLEMENT))
    assert "互助金申请补件通知书" in said
    assert "下列2项材料" in said
    assert "1|身份证国徽面|未收到" in said
    assert "2|银行卡|户名与申请人不一致" in said
    assert "请于2026年12月8日前" in said


def test_a_receipt_counts_what_came_in() -> None:
    said = words(write(RECEIPT))
    assert "互助金申请受理回执" in said
    assert "样例研究院工会:" in said
    assert "你单位提交" in said
    assert "2|出院记录.pdf|3" in said
    assert "合计|共2份|4" in said
    assert "20261116-0128" in said
    assert "2026年11月16日" in said
    assert "电话:0431-00000000" in said


def test_a_receipt_for_papers_that_no_unit_sent_speaks_to_the_applicant() -> None:
    said = words(write(replace(RECEIPT, handed_in_by=None)))
    assert "申请人:" in said
    assert "您提交" in said


def test_a_returned_payment_says_why_and_what_to_bring() -> None:
    said = words(write(RETURN))
    assert "1|王晓样,样例银行,卡号6217****0042|账号与户名不符|100.00" in said
    assert "2|王晓样,卡号6217****0042|账号与户名不符|10000.00" in said
    assert "合计|人民币壹万零壹佰元整|10100.00" in said
    assert (
        "请将下列材料交所在单位工会经办人转交我处,并注明案件编号:本人银行卡和身份证复印件。" in said
    )


def test_a_payment_returned_through_no_fault_of_the_member_asks_for_nothing() -> None:
    said = words(write(replace(RETURN, bring=())))
    assert "您无需补交材料" in said


@pytest.mark.parametrize(
    ("unit", "named"), [("某厅机关工会", "某厅机关工会"), ("样例研究院", "样例研究院工会")]
)
def test_a_copy_goes_to_the_union_named_once(unit: str, named: str) -> None:
    assert words(write(replace(PAYMENT, unit_name=unit))).count(f"抄送:{named}\n") == 1


def test_the_card_is_only_ever_shown_masked() -> None:
    assert "card_masked" in {field.name for field in fields(PaymentNotice)}
    assert not {"card_number", "id_number"} & {field.name for field in fields(PaymentNotice)}


@pytest.mark.parametrize(
    "name",
    [
        "A&B <王> \"小\" 'x'",
        "{{ 7*7 }}{% for x in y %}",
        "]]></w:t><w:p/>",
        "阿卜杜拉·买买提",
        "𠮷野家",
        "&amp;&lt;",
    ],
)
def test_a_name_is_never_taken_for_anything_but_a_name(name: str) -> None:
    assert f"{name}同志:" in words(write(replace(PAYMENT, member_name=name)))


def test_control_marks_in_a_name_do_not_break_the_file() -> None:
    said = words(write(replace(PAYMENT, member_name="王\x00晓\x1b\n样\u202e\ud800")))
    assert "王晓样同志:" in said


@every_letter
def test_the_same_letter_is_the_same_bytes_at_any_time(
    letter: ClaimLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write(letter)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert write(letter) == first


@every_letter
def test_every_text_names_an_east_asian_face(letter: ClaimLetter) -> None:
    document = Document(io.BytesIO(write(letter)))
    used = {p.style.name for p in document.paragraphs if p.style is not None}
    for name in used:
        faces = document.styles[name].element.rPr.find(qn("w:rFonts"))
        assert faces.get(qn("w:eastAsia")) in {"方正小标宋简体", "仿宋", "黑体"}, name


@every_letter_to_a_member
def test_the_addressee_stands_flush_left_before_a_full_width_colon(letter: ClaimLetter) -> None:
    document = Document(io.BytesIO(write(letter)))
    addressee = next(p for p in document.paragraphs if p.text.startswith("王晓样同志"))
    assert addressee.text == "王晓样同志\uff1a"


@every_letter
def test_the_sheet_is_a4(letter: ClaimLetter) -> None:
    section = Document(io.BytesIO(write(letter))).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def with_words(folder: Path, text: str) -> Path:
    """Templates whose payment notice was changed by hand to say this."""
    target = folder / "payment_notice"
    target.mkdir()
    document = Document(str(TEMPLATES / "payment_notice" / "payment_notice.docx"))
    document.paragraphs[3].text = text
    document.save(str(target / "payment_notice.docx"))
    return folder


def test_an_edited_template_is_used(tmp_path: Path) -> None:
    folder = with_words(tmp_path, "尊敬的{{ member_name }}:")
    assert "尊敬的王晓样:" in words(write(PAYMENT, folder))


def test_a_table_an_office_drew_has_a_column_for_every_cell(tmp_path: Path) -> None:
    with_words(tmp_path, "")
    path = tmp_path / "payment_notice" / "payment_notice.docx"
    document = Document(str(path))
    table = document.add_table(rows=1, cols=3)
    tags = ("{%tc for line in lines %}", "{{ line.text }}", "{%tc endfor %}")
    for cell, tag in zip(table.rows[0].cells, tags, strict=True):
        cell.text = tag
    document.save(str(path))

    drawn = Document(io.BytesIO(write(PAYMENT, tmp_path))).tables[-1]

    assert [cell.text for cell in drawn.rows[0].cells] == [line.text for line in PAYMENT.lines]
    assert len(drawn.columns) == len(PAYMENT.lines)


@pytest.mark.parametrize(
    "text",
    [
        "{{ membr_name }}",
        "{{ office.phone }}",
        "{% if %}",
        "{{ member_name|upper }}",
        "{{ office.__class__.__mro__ }}",
        "{{ member_name.format.__globals__ }}",
        "{{ lines.append(1) }}",
    ],
)
def test_a_template_that_asks_for_what_there_is_not_is_refused_by_name(
    text: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=r"payment_notice\.docx"):
        write(PAYMENT, with_words(tmp_path, text))


def test_the_file_tells_nothing_about_the_machine_that_wrote_it() -> None:
    with zipfile.ZipFile(io.BytesIO(write(PAYMENT))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "python" not in core
    assert "2013" not in core
