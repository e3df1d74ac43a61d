"""A line of a bank's reply answers a payment only when everything in it fits; a line that does not
is kept for a person, and the others count."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from banking import formats
from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats.layout import FileKind
from banking.replies import MOST_ODD, Reply, open_reply, read_reply
from banking.results import BankOutcome
from banking.simulator import answer
from documents.packets.file_limits import USUAL_LIMITS, Limits
from rules.errors import BadInput
from rules.money import Fen

Batch = Callable[..., PaymentBatch]
APayment = Callable[..., PaymentLine]
Sheet = list[list[Any]]
CODES = [code for code, form in formats.available().items() if form.kind is not FileKind.PAIN]


@pytest.fixture(name="batch")
def _batch(a_batch: Batch, a_payment: APayment) -> PaymentBatch:
    return a_batch(
        a_payment(1),
        a_payment(2, name="李秀英", amount=450050),
        a_payment(3, name="王芳", amount=100),
    )


def read(code: str, content: bytes, batch: PaymentBatch, limits: Limits = USUAL_LIMITS) -> Reply:
    return read_reply(open_reply(code, content, limits), batch)


def _bank_reply(batch: PaymentBatch, results: dict[int, str], code: str = "ccb-list") -> bytes:
    by_account = {batch.payments[place].account: text for place, text in results.items()}
    return answer(formats.write(code, batch).content, code, by_account)


def _sheet(content: bytes) -> Sheet:
    with load_workbook(io.BytesIO(content)) as workbook:
        return [list(row) for row in workbook.get_sheet_by_index(0).to_python()]


def _saved(rows: Sequence[Sequence[object]]) -> bytes:
    """What a person's spreadsheet program saves: numbers stay numbers, nothing is styled."""
    package = io.BytesIO()
    with xlsxwriter.Workbook(package, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if value != "":
                    sheet.write(number, place, value)
    return package.getvalue()


def _changed(content: bytes, row: int, column: int, value: object) -> bytes:
    sheet = _sheet(content)
    sheet[row - 1][column] = value
    return _saved(sheet)


def _references(reply: Reply) -> list[str]:
    return [line.reference for line in reply.lines]


def _outcomes(reply: Reply) -> list[str]:
    return [line.outcome.value for line in reply.lines]


# --- what a good reply says


@pytest.mark.parametrize("code", CODES)
def test_each_payment_gets_the_outcome_the_bank_wrote(code: str, batch: PaymentBatch) -> None:
    reply = read(code, _bank_reply(batch, {1: "3031", 2: "3059"}, code), batch)
    assert [line.reference for line in reply.lines] == [p.reference for p in batch.payments]
    assert _outcomes(reply) == ["credited", "returned", "unknown"]
    assert reply.lines[1].reason_text == "账号与户名不符"
    assert reply.lines[2].advice == "向银行查询结果，不得重发"
    assert reply.missing == ()
    assert (reply.total(BankOutcome.CREDITED), reply.total(BankOutcome.RETURNED)) == (60000, 450050)


def test_a_blank_result_stays_unknown(batch: PaymentBatch) -> None:
    reply = read("ccb-list", _bank_reply(batch, {0: ""}), batch)
    assert _outcomes(reply) == ["unknown", "credited", "credited"]
    assert reply.lines[0].reason_text == "银行未写处理结果"


def test_a_reply_for_part_of_the_batch_says_what_is_missing(batch: PaymentBatch) -> None:
    content = formats.write("ccb-list", batch).content
    sheet = answer(content, "ccb-list", {}, left_out=[batch.payments[1].account])
    reply = read("ccb-list", sheet, batch)
    assert _outcomes(reply) == ["credited", "credited"]
    assert reply.missing == ("HZ2026-000002",)


def test_the_bank_may_sort_the_lines_and_put_a_title_above_and_a_sum_below(
    batch: PaymentBatch,
) -> None:
    head, *lines = _sheet(_bank_reply(batch, {1: "3009"}))
    hints = [f"{cell}(必填)" for cell in head]
    total = ["合计", "", "", "", 5101.50]
    saved = _saved([["代发结果清单"], [], hints, *reversed(lines), total])
    reply = read("ccb-list", saved, batch)
    assert {line.reference: line.outcome.value for line in reply.lines} == {
        "HZ2026-000001": "credited",
        "HZ2026-000002": "returned",
        "HZ2026-000003": "credited",
    }
    assert [line.place for line in reply.lines] == ["4", "5", "6"]


def test_a_person_may_save_codes_and_serial_numbers_as_numbers(batch: PaymentBatch) -> None:
    content = _changed(_bank_reply(batch, {}), 3, 0, 3031)
    assert _outcomes(read("ccb-list", content, batch)) == ["credited", "returned", "credited"]


def test_an_old_xls_as_the_bank_exports_it_is_read(batch: PaymentBatch) -> None:
    # Saved by LibreOffice as Excel 97; the second line says 3031.
    content = Path(__file__).with_name("reply.xls").read_bytes()
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    assert _outcomes(read("ccb-list", content, batch)) == ["credited", "returned", "credited"]


def test_a_bare_zero_is_not_taken_for_done(batch: PaymentBatch) -> None:
    content = _changed(_bank_reply(batch, {}), 2, 0, 0)
    assert _outcomes(read("ccb-list", content, batch))[0] == "unknown"


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(data=st.data(), size=st.integers(1, 60))
def test_every_line_of_any_reply_comes_back_once(data: st.DataObject, size: int) -> None:
    batch = _many(size)
    results = data.draw(
        st.lists(
            st.sampled_from(["0000", "3031", "3028", "", "成功", "怪"]),
            min_size=size,
            max_size=size,
        )
    )
    reply = read("ccb-list", _bank_reply(batch, dict(enumerate(results))), batch)
    want = {"0000": "credited", "成功": "credited", "3031": "returned"}
    assert _outcomes(reply) == [want.get(result, "unknown") for result in results]
    assert sum(reply.total(outcome) for outcome in BankOutcome) == batch.total


def _many(size: int) -> PaymentBatch:
    payments = tuple(
        PaymentLine(f"R{n}", f"会员{n}", f"6217{n:015d}", "", None, Fen(100 + n), "")
        for n in range(size)
    )
    created_at = datetime(2026, 11, 23, tzinfo=UTC)
    payer = Payer("某某工会", "6227000000000012347", "吉林银行", None)
    return PaymentBatch("PC-1", created_at, created_at.date(), payer, payments)


# --- what does not fit

RESULT, SERIAL, ACCOUNT, NAME, AMOUNT, REFERENCE = 0, 1, 2, 3, 4, 9


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (ACCOUNT, "6222020000000000001", "第 3 行 账号：“6222****0001”与批次中的“6217****"),
        (NAME, "李秀荣", "第 3 行 户名：“李**”与批次中的“李**”不符"),
        (NAME, "", "第 3 行 户名：“*”与批次中的“李**”不符"),
        (AMOUNT, 4500.49, "第 3 行 金额：“4500.49”与批次中的“4500.50”不符"),
        (REFERENCE, "HZ2026-000009", "第 3 行 备注：“HZ2026-000009”不在本批次中"),
        (AMOUNT, "四千五百元", "第 3 行 金额：不是有效金额：四千五百元"),
        (AMOUNT, "", "第 3 行 金额：不是有效金额"),
        (AMOUNT, 4500.505, "第 3 行 金额：不是有效金额：4500.505"),
        (AMOUNT, True, "第 3 行 金额：不是有效金额"),
        (ACCOUNT, 6217000000000000026, "第 3 行 账号：是数字格式，位数已失真"),
    ],
)
def test_a_line_that_differs_from_the_batch_names_row_field_and_value(
    batch: PaymentBatch, column: int, value: object, words: str
) -> None:
    reply = read("ccb-list", _changed(_bank_reply(batch, {}), 3, column, value), batch)
    assert _references(reply) == ["HZ2026-000001", "HZ2026-000003"]
    assert reply.missing == ("HZ2026-000002",)
    [odd] = reply.odd
    assert odd.why.startswith(words)
    assert (odd.place, odd.outcome) == ("3", BankOutcome.CREDITED)
    assert "李秀" not in str(odd)


def test_two_amounts_exchanged_do_not_pass_because_the_sum_is_right(batch: PaymentBatch) -> None:
    sheet = _sheet(_bank_reply(batch, {}))
    sheet[1][AMOUNT], sheet[2][AMOUNT] = sheet[2][AMOUNT], sheet[1][AMOUNT]
    reply = read("ccb-list", _saved(sheet), batch)
    assert _references(reply) == ["HZ2026-000003"]
    assert [odd.place for odd in reply.odd] == ["2", "3"]


def test_a_payment_on_two_lines_is_told_by_neither(batch: PaymentBatch) -> None:
    sheet = _sheet(_bank_reply(batch, {}))
    reply = read("ccb-list", _saved([*sheet, sheet[1]]), batch)
    assert _references(reply) == ["HZ2026-000002", "HZ2026-000003"]
    assert [odd.why for odd in reply.odd] == [
        f"第 {row} 行 备注：第 2、5 行写的是同一笔付款" for row in (2, 5)
    ]


def test_a_reply_of_which_too_much_does_not_fit_is_refused() -> None:
    many = _many(MOST_ODD + 2)
    head, *lines = _sheet(_bank_reply(many, {}))
    in_fen = [[*line[:AMOUNT], line[AMOUNT] * 100, *line[AMOUNT + 1 :]] for line in lines]
    with pytest.raises(BadInput, match="有 101 行与批次 PC-1 不符，请先核对文件：第 3 行 金额"):
        read("ccb-list", _saved([head, lines[0], *in_fen[1:]]), many)


def test_a_reply_for_another_batch_is_refused(
    a_batch: Batch, a_payment: APayment, batch: PaymentBatch
) -> None:
    other = a_batch(a_payment(7), a_payment(8), a_payment(9), number="PC20261124-01")
    with pytest.raises(BadInput, match="回盘文件不属于批次 PC20261123-01"):
        read("ccb-list", _bank_reply(other, {}), batch)


@pytest.mark.parametrize("total", [5101.51, 5101.49])
def test_a_footer_that_does_not_add_up_is_refused(batch: PaymentBatch, total: float) -> None:
    sheet = _sheet(_bank_reply(batch, {}))
    with pytest.raises(BadInput, match=r"第 5 行 金额：合计与逐笔相加的 5101\.50 元不符"):
        read("ccb-list", _saved([*sheet, ["合计", "", "", "", total]]), batch)


def test_a_footer_without_a_sum_is_no_payment(batch: PaymentBatch) -> None:
    sheet = _sheet(_bank_reply(batch, {}))
    reply = read("ccb-list", _saved([*sheet, ["合计 3 笔"]]), batch)
    assert len(reply.lines) == 3


def test_a_sheet_without_the_result_column_is_refused(batch: PaymentBatch) -> None:
    with pytest.raises(BadInput, match="找不到表头，应有各列：处理结果、账号、户名、金额、备注"):
        read("ccb-list", formats.write("ccb-list", batch).content, batch)


def test_a_heading_that_stands_twice_is_refused(batch: PaymentBatch) -> None:
    head, *lines = _sheet(_bank_reply(batch, {}))
    doubled = _saved([[*head, "金额"], *([*line, 1.0] for line in lines)])
    with pytest.raises(BadInput, match="“金额”出现了两次"):
        read("ccb-list", doubled, batch)


def test_a_reply_with_headings_only_is_refused(batch: PaymentBatch) -> None:
    head, *_lines = _sheet(_bank_reply(batch, {}))
    with pytest.raises(BadInput, match="没有一笔结果"):
        read("ccb-list", _saved([head]), batch)


def test_what_went_out_as_iso_may_be_answered_by_a_sheet(batch: PaymentBatch) -> None:
    reply = read("pain.001.001.09", _bank_reply(batch, {1: "3031"}), batch)
    assert _outcomes(reply) == ["credited", "returned", "credited"]


def test_a_reply_is_as_large_as_the_settings_allow_and_no_larger(batch: PaymentBatch) -> None:
    reply = _bank_reply(batch, {})
    fits = Limits(max_bytes_file=len(reply))
    assert len(read("ccb-list", reply, batch, fits).lines) == 3
    with pytest.raises(BadInput, match="文件超过"):
        read("ccb-list", reply, batch, Limits(max_bytes_file=len(reply) - 1))
