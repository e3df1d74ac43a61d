"""A bank's words: done only when certainly done, returned only when certainly not paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.results import BankOutcome, advice_on, known_results, understand


@pytest.mark.parametrize(
    ("text", "outcome", "code"),
    [
        ("0000", "credited", "0000"),
        ("4000", "credited", "4000"),
        (" 成功 ", "credited", "0000"),
        ("0000 交易成功", "credited", "0000"),
        ("4000跨行交易已发送银行", "credited", "4000"),
        ("3031", "returned", "3031"),
        ("3031 账号户名不符", "returned", "3031"),
        ("[3031]账号户名不符", "returned", "3031"),
        ("失败-3031", "returned", "3031"),
        ("失败(3009:无此账户)", "returned", "3009"),
        ("失败:账号户名不符", "returned", "3031"),
        ("户名不符", "returned", "3031"),
        ("退票", "returned", "3056"),
        ("失败", "returned", ""),
        ("3028", "unknown", "3028"),
        ("失败:系统忙", "unknown", "3028"),
        ("3051", "unknown", "3051"),
        ("3999", "unknown", "3999"),
        ("", "unknown", ""),
        ("不成功", "unknown", ""),
        ("未成功", "unknown", ""),
        ("成功?", "unknown", ""),
        ("已受理", "unknown", ""),
        ("处理中", "unknown", ""),
        ("失败:核心响应超时", "unknown", ""),
        ("失败:超过单笔限额5000元", "unknown", ""),
        ("0000 失败", "unknown", ""),
        ("3031 成功", "unknown", ""),
        ("3065 户名有误", "returned", "3065"),
        ("3031 处理中", "unknown", ""),
        ("3031 付款已到账", "unknown", ""),
        ("3031 0000", "unknown", ""),
        ("3018 重复业务", "unknown", ""),
        ("3031 系统忙", "unknown", ""),
        ("3056 退票失败", "unknown", ""),
        ("3019 冲正失败", "unknown", ""),
        ("非3031", "unknown", ""),
        ("3031?", "unknown", ""),
        ("尾号3018的账户已到账", "unknown", ""),
        ("实付3008.00元", "unknown", ""),
        ("转账3040元成功", "unknown", ""),
        ("第3031笔成功", "unknown", ""),
        ("处理完成", "unknown", ""),
        ("失败:已入账", "unknown", ""),
        ("9999", "unknown", ""),
        ("00000", "unknown", ""),
        ("03031", "unknown", ""),
        ("30310", "unknown", ""),
    ],
)
def test_a_result_is_understood(text: str, outcome: str, code: str) -> None:
    result = understand(text)
    assert (result.outcome.value, result.code) == (outcome, code)


def test_every_code_of_the_scheme_is_in_the_table() -> None:
    listed = (
        "0000 4000 3004 3009 3030 3031 3065 3006 3007 3010 3037 3017 3018 3020 3039 3057 3069 3019 "
        "3034 3068 3012 3013 3014 3040 3042 3008 3028 3044 3059 3066 3071 0397 3051 3056 3999"
    )
    assert set(known_results()) == set(listed.split())


def test_line_trouble_and_duplicates_are_never_taken_for_not_paid() -> None:
    doubtful = ["3028", "3044", "3059", "3066", "3071", "0397", "3051", "3999"]
    assert {understand(code).outcome for code in doubtful} == {BankOutcome.UNKNOWN}


def test_every_result_that_is_not_done_says_what_to_do() -> None:
    assert [r.code for r in known_results().values() if not r.words] == []
    without = [r.code for r in known_results().values() if not r.advice]
    assert without == ["0000", "4000"]


@given(st.text(max_size=40))
def test_no_other_text_counts_as_paid(text: str) -> None:
    if understand(text).outcome is BankOutcome.CREDITED:
        assert text.strip().startswith(("0000", "4000"))


def test_what_the_office_does_next_is_told_of_any_answer_that_was_kept() -> None:
    assert "不得重发" in advice_on("3059", "通讯失败")
    assert "不得自行重发" in advice_on("", "处理中")
    assert advice_on("", "") == advice_on("0000", "已入账") == ""
