"""The frozen batch: what it refuses, and a digest that notices every change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from banking import formats
from banking.batch import PaymentBatch, PaymentLine
from rules.errors import BadInput
from rules.money import Fen

Batch = Callable[..., PaymentBatch]
APayment = Callable[..., PaymentLine]


def test_count_and_total_come_from_the_payments(a_batch: Batch, a_payment: APayment) -> None:
    batch = a_batch(a_payment(1, amount=1), a_payment(2, amount=99))
    assert (batch.count, batch.total) == (2, 100)


def test_two_batches_of_the_same_values_have_one_digest(a_batch: Batch) -> None:
    assert a_batch().digest() == a_batch().digest()


def test_a_batch_frozen_by_an_earlier_release_has_the_same_digest_today(a_batch: Batch) -> None:
    frozen = "fc4cceafdb59145d43aae41cbc660d180d082709690f37be1445312a6fe16045"
    assert a_batch().digest() == frozen


def test_every_value_changes_the_digest(a_batch: Batch, a_payment: APayment) -> None:
    batch, line = a_batch(a_payment(1), a_payment(2)), a_payment(1)
    lines = [
        replace(line, reference="OTHER"),
        replace(line, name="张建军"),
        replace(line, account="62170000"),
        replace(line, bank_name="吉林银行"),
        replace(line, cnaps="313241066661"),
        replace(line, amount=Fen(60001)),
        replace(line, purpose=""),
    ]
    others = [replace(batch, payments=(changed, a_payment(2))) for changed in lines]
    others += [
        replace(batch, payments=batch.payments[::-1]),
        replace(batch, number="PC20261123-02"),
        replace(batch, execute_on=batch.execute_on + timedelta(days=1)),
        replace(batch, created_at=batch.created_at + timedelta(seconds=1)),
        replace(batch, payer=replace(batch.payer, name="另一工会")),
        replace(batch, payer=replace(batch.payer, cnaps=None)),
    ]
    assert len({batch.digest(), *(other.digest() for other in others)}) == len(others) + 1


def test_a_doubled_reference_names_both_rows(a_batch: Batch, a_payment: APayment) -> None:
    with pytest.raises(BadInput, match="第 3 笔：业务编号与第 1 笔重复"):
        a_batch(a_payment(1), a_payment(2), replace(a_payment(3), reference="HZ2026-000001"))


@pytest.mark.parametrize("amount", [0, -1, 10**15])
def test_an_amount_that_is_no_payment_is_refused(
    a_batch: Batch, a_payment: APayment, amount: int
) -> None:
    with pytest.raises(BadInput, match="第 1 笔：金额必须大于零"):
        a_batch(a_payment(1, amount=amount))


@pytest.mark.parametrize(
    "name",
    ["张\n三", " 张三", "张\u200b三", "张\x00三", "张\ud800", "张\uffff", "张\ufdef", "张\u2029"],
)
def test_a_name_with_hidden_characters_is_refused(
    a_batch: Batch, a_payment: APayment, name: str
) -> None:
    with pytest.raises(BadInput, match="第 2 笔：户名中有不可见字符"):
        a_batch(a_payment(1), a_payment(2, name=name))


def test_a_fault_does_not_print_the_account(a_batch: Batch, a_payment: APayment) -> None:
    with pytest.raises(BadInput) as refusal:
        a_batch(a_payment(1, account="6217-0000-1234-5678"))
    assert "账号应为 8 至 32 位数字" in str(refusal.value)
    assert "1234" not in str(refusal.value)


def test_one_instant_is_one_batch_in_every_time_zone(a_batch: Batch) -> None:
    batch = a_batch()
    shanghai = timezone(timedelta(hours=8))
    same = replace(batch, created_at=batch.created_at.astimezone(shanghai))
    assert same.digest() == batch.digest()
    for code in formats.available():
        assert formats.write(code, same) == formats.write(code, batch)


def test_a_time_without_a_zone_and_an_empty_batch_are_refused(a_batch: Batch) -> None:
    batch = a_batch()
    with pytest.raises(BadInput, match="没有时区"):
        replace(batch, created_at=batch.created_at.replace(tzinfo=None))
    with pytest.raises(BadInput, match="没有付款"):
        replace(batch, payments=())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reference": "R" * 36}, "业务编号只能用字母、数字和连字符，至多 35 位"),
        ({"reference": "-R"}, "业务编号只能用字母"),
        ({"account": "6" * 7}, "账号应为 8 至 32 位数字"),
        ({"account": "6" * 33}, "账号应为 8 至 32 位数字"),
        ({"cnaps": "1" * 11}, "联行号应为 12 位数字"),
        ({"cnaps": "1" * 13}, "联行号应为 12 位数字"),
        ({"name": ""}, "户名为空"),
        ({"purpose": "互助金 "}, "摘要中有不可见字符或首尾空格"),
    ],
)
def test_a_value_just_past_its_bound_is_refused(
    a_batch: Batch, a_payment: APayment, changes: dict[str, Any], fault: str
) -> None:
    with pytest.raises(BadInput, match=f"第 1 笔：{fault}"):
        a_batch(replace(a_payment(1), **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "R" * 35},
        {"account": "6" * 8},
        {"account": "6" * 32},
        {"cnaps": "1" * 12},
        {"name": "张\ufdf0"},  # the first character behind those that Unicode says are none
    ],
)
def test_a_value_at_its_bound_passes(
    a_batch: Batch, a_payment: APayment, changes: dict[str, Any]
) -> None:
    assert a_batch(replace(a_payment(1), **changes)).count == 1


def test_a_batch_number_and_a_payer_the_bank_would_refuse_are_named(a_batch: Batch) -> None:
    batch = a_batch(number="P" * 35)
    with pytest.raises(BadInput, match="批次号只能用字母、数字和连字符，至多 35 位"):
        replace(batch, number="P" * 36)
    with pytest.raises(BadInput, match="付款方：行名为空"):
        replace(batch, payer=replace(batch.payer, bank_name=""))
    with pytest.raises(BadInput, match="付款方：账号应为 8 至 32 位数字"):
        replace(batch, payer=replace(batch.payer, account="6217"))
