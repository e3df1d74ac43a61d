"""Replies as banks give them: their own headings, titles, sheets and sums, our reference lost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats import layout
from banking.replies import Reply, open_reply, read_reply
from banking.reply_match import account_fits, name_fits
from banking.reply_table import reply_rows
from banking.results import understand_line
from documents.handed_in_sheets import SheetCell, SheetLine, TableSheet
from rules.errors import BadInput
from rules.money import Fen, yuan

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAYER = Payer("某某工会", "6227000000000012347", "吉林银行", None)
HEAD: list[SheetCell] = [
    *("序号", "收款账号", "收款人姓名", "交易金额(元)"),
    *("交易状态", "失败原因", "附言"),
]


def a_payment(number: int, name: str, amount: int) -> PaymentLine:
    account = f"621700000000{number:06d}{number % 10}"
    return PaymentLine(f"HZ2026{number:06d}-1", name, account, "", None, Fen(amount), "")


BATCH = PaymentBatch(
    "B20261123-01",
    AT,
    AT.date(),
    PAYER,
    (
        a_payment(1, "张三", 60000),
        a_payment(2, "阿依古丽·买买提", 450050),
        a_payment(3, "王芳", 100),
    ),
)


def a_line(payment: PaymentLine, **other: Any) -> list[SheetCell]:
    says = {"account": payment.account, "name": payment.name, "amount": yuan(payment.amount)}
    says |= {"result": "成功", "reason": "", "reference": payment.reference} | other
    return [
        "1",
        *(says[each] for each in ("account", "name", "amount", "result", "reason", "reference")),
    ]


LINES = [a_line(payment) for payment in BATCH.payments]


def read(*sheets: Sequence[list[SheetCell]], batch: PaymentBatch = BATCH) -> Reply:
    opened = [
        TableSheet(
            f"Sheet{number}", lines=[SheetLine(at, cells) for at, cells in enumerate(lines, 1)]
        )
        for number, lines in enumerate(sheets, 1)
    ]
    return read_reply(reply_rows(opened, layout("ccb-list").columns), batch)


def outcomes(reply: Reply) -> dict[str, str]:
    return {line.reference: line.outcome.value for line in reply.lines}


ALL_CREDITED = {payment.reference: "credited" for payment in BATCH.payments}


def test_a_bank_names_the_columns_in_its_own_words_under_titles_and_over_remarks() -> None:
    title: list[SheetCell] = ["代发业务明细", "付款账号", PAYER.account]
    head: list[SheetCell] = [f"* {each}：" for each in HEAD]
    sums: list[list[SheetCell]] = [
        ["合计", "3笔", "", "", "5,101.50"],
        ["成功3笔，失败0笔"],
        ["打印时间"],
    ]
    assert outcomes(read([title, [], head, *LINES, *sums])) == ALL_CREDITED


def test_a_second_sheet_and_a_second_table_are_read_too() -> None:
    first, second, third = LINES
    assert outcomes(
        read([HEAD, first, ["小计", "", "", "600.00"], HEAD, second], [HEAD, third])
    ) == (ALL_CREDITED)


def test_a_sheet_with_accounts_under_no_headings_is_named() -> None:
    with pytest.raises(BadInput, match="工作表 Sheet2：找不到表头"):
        read([HEAD, *LINES[:2]], [LINES[2]])


@pytest.mark.parametrize("told", ["5,101.49", 5101.49, "合计金额5101.49元"], ids=str)
def test_a_sum_in_a_merged_cell_must_add_up_too(told: SheetCell) -> None:
    with pytest.raises(BadInput, match=r"合计与逐笔相加的 5101\.50 元不符"):
        read([HEAD, *LINES, ["合计", 3.0, "", "", told]])


@pytest.mark.parametrize(
    "told",
    [["合计", 3.0, "", "", "5101.50", "0.00"], ["合计：成功2笔5001.50元，失败1笔100.00元"]],
    ids=["a zero beside it", "in parts"],
)
def test_a_sum_in_a_merged_cell_is_found_among_other_figures(told: list[SheetCell]) -> None:
    assert outcomes(read([HEAD, *LINES, told])) == ALL_CREDITED


def test_a_sheet_about_the_payer_is_no_list() -> None:
    about: list[SheetCell] = ["付款账号", PAYER.account, "总金额", "5101.50"]
    assert outcomes(read([HEAD, *LINES], [about, ["流水号", "20261123000001"]])) == ALL_CREDITED


def test_a_payment_answered_on_two_sheets_is_told_by_neither_though_the_rows_have_one_number() -> (
    None
):
    back = a_line(BATCH.payments[0], result="失败", reason="3031")
    reply = read([HEAD, LINES[0]], [HEAD, back])
    assert outcomes(reply) == {}
    assert [odd.outcome.value for odd in reply.odd] == ["credited", "returned"]
    assert "第 Sheet1!2、Sheet2!2 行写的是同一笔付款" in reply.odd[0].why


def test_all_columns_in_which_the_bank_writes_a_result_must_agree() -> None:
    head = [*HEAD, "入账结果"]
    assert outcomes(read([head, [*LINES[2], "失败"]])) == {BATCH.payments[2].reference: "unknown"}
    assert outcomes(read([head, [*LINES[2], "成功"]])) == {BATCH.payments[2].reference: "credited"}


def test_a_line_that_begins_with_its_result_is_a_payment_whatever_its_account() -> None:
    head: list[SheetCell] = ["处理结果", "账号", "户名", "金额", "备注"]
    lines: list[list[SheetCell]] = [["失败 3031", "****0011", "张三", "600.00", "HZ2026000001-1"]]
    assert outcomes(read([head, *lines])) == {"HZ2026000001-1": "returned"}
    [odd] = read([head, ["成功", "见附件", "张三", "600.00", "HZ2026000001-1"]]).odd
    assert "账号" in odd.why


def test_a_sum_may_carry_the_dust_of_a_formula() -> None:
    assert outcomes(read([HEAD, *LINES, ["合计", "", "", 5101.500000000001]])) == ALL_CREDITED


def test_a_sum_may_be_that_of_each_table() -> None:
    first, second, third = LINES
    sums: list[SheetCell] = ["合计", "", "", "4501.50"]
    assert (
        outcomes(read([HEAD, first, ["合计", "", "", "600.00"], second, third, sums]))
        == ALL_CREDITED
    )


@pytest.mark.parametrize(
    ("result", "reason", "outcome", "words"),
    [
        ("失败", "账号与户名不符", "returned", "账号与户名不符"),
        ("失败", "3031", "returned", "账号与户名不符"),
        ("失败", "请联系开户网点", "unknown", "请联系开户网点"),
        ("失败", "超时拒付", "unknown", "银行所写不一致"),
        ("成功", "账号与户名不符", "unknown", "银行所写不一致"),
        ("成功", "已受理", "unknown", "银行所写不一致"),
        ("处理中", "", "unknown", "处理中"),
        ("成功", "", "credited", ""),
    ],
    ids=range(8),
)
def test_a_reason_in_a_column_of_its_own_must_agree(
    result: str, reason: str, outcome: str, words: str
) -> None:
    meaning = understand_line([result], reason)
    assert (meaning.outcome.value, words in meaning.words) == (outcome, True)
    reply = read([HEAD, a_line(BATCH.payments[0], result=result, reason=reason)])
    assert outcomes(reply) == {BATCH.payments[0].reference: outcome}


def test_a_line_without_our_reference_is_matched_by_who_where_and_how_much() -> None:
    masked = a_line(
        BATCH.payments[0], reference="互助金", account="6217 **** **** 0011", name="张*"
    )
    grouped = a_line(BATCH.payments[1], reference="", account="6217-0000-0000-0000-022")
    assert outcomes(read([HEAD, masked, grouped])) == dict(list(ALL_CREDITED.items())[:2])


def test_a_line_that_fits_no_payment_or_one_that_is_answered_is_told_apart() -> None:
    payment = BATCH.payments[2]
    stranger = read([HEAD, LINES[1], a_line(payment, reference="", name="王芬")])
    assert outcomes(stranger) == {BATCH.payments[1].reference: "credited"}
    assert "没有户名、账号、金额都相符的付款" in stranger.odd[0].why
    twice = read([HEAD, a_line(payment, reference=""), a_line(payment, reference="")])
    assert (twice.lines, len(twice.odd)) == ((), 2)
    with pytest.raises(BadInput, match="没有户名、账号、金额都相符的付款"):
        read([HEAD, a_line(payment, reference="", name="王芬")])


def test_two_payments_that_a_masked_line_fits_are_not_guessed_between() -> None:
    accounts = ("6217000000010001234", "6217000000020001234")
    one, other = (
        PaymentLine(f"HZ202600000{n}-1", "张三", account, "", None, Fen(100), "")
        for n, account in enumerate(accounts)
    )
    both = PaymentBatch("B1", AT, AT.date(), PAYER, (one, other))
    masked = a_line(one, reference="", account="6217****1234")
    assert len(read([HEAD, masked, a_line(other)], batch=both).lines) == 2
    with pytest.raises(BadInput, match="没有业务编号，有 2 笔付款"):
        read([HEAD, masked, masked], batch=both)


def test_a_reference_among_other_words_is_found_and_two_in_one_line_are_refused() -> None:
    first, second = (payment.reference for payment in BATCH.payments[:2])
    said = a_line(BATCH.payments[0], reference=f"职工互助金{first}（代发）")
    assert outcomes(read([HEAD, said])) == {first: "credited"}
    [odd] = read([HEAD, a_line(BATCH.payments[0], reference=f"{first} {second}"), LINES[2]]).odd
    assert "写有两笔付款的编号" in odd.why


@pytest.mark.parametrize(
    ("printed", "fits"),
    [
        ("6217000000000000011", True),
        ("6217 0000 0000 0000 011", True),
        ("6217********0011", True),
        ("6217********0012", False),
        ("6217****11", False),
        ("****", False),
        ("6218********0011", False),
        ("", False),
    ],
    ids=range(8),
)
def test_an_account_fits_whole_grouped_or_masked_but_for_its_end(printed: str, fits: bool) -> None:
    assert account_fits(printed, "6217000000000000011") is fits


def test_a_name_fits_with_any_dot_and_with_characters_masked() -> None:
    assert name_fits("阿依古丽•买买提", "阿依古丽·买买提")
    assert name_fits("张*", "张三")
    assert name_fits("*三", "张三")
    assert not name_fits("李*", "张三")
    assert not name_fits("**", "张三")
    assert not name_fits("张", "张三")


@pytest.mark.parametrize("text", ["1,2,3", "1E3", "-600.00", "六百", "600.001", "0"])
def test_what_is_no_sum_in_yuan_is_no_answer(text: str) -> None:
    [odd] = read([HEAD, a_line(BATCH.payments[0], amount=text)]).odd
    assert "金额" in odd.why
    assert odd.amount is None


@pytest.mark.parametrize("sign", [",", "|", "\t"], ids=["comma", "bar", "tab"])
@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_a_text_file_of_the_bank_is_read(sign: str, charset: str) -> None:
    text = "\r\n".join(sign.join(map(str, line)) for line in [HEAD, *LINES])
    assert len(read_reply(open_reply("abc-text", text.encode(charset)), BATCH).lines) == 3
