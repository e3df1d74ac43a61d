"""What a card number tells: all numbers here are made up, with a valid check digit."""

import re
from collections.abc import Callable

import pytest

from banking.cards import (
    bank_of_card,
    bank_of_name,
    is_own_bank,
    known_banks,
)
from settings import ROOT

Card = Callable[..., str]


@pytest.mark.parametrize(
    ("prefix", "length", "bank"),
    [
        ("621700", 19, "CCB"),
        ("622202", 19, "ICBC"),
        ("622848", 19, "ABC"),
        ("621661", 19, "BOC"),
        ("622260", 19, "COMM"),
        ("621799", 19, "PSBC"),
        ("622588", 16, "CMB"),
        ("622865", 19, "JLBANK"),
    ],
)
def test_a_bank_is_known_by_its_first_digits_and_length(
    a_card: Card, prefix: str, length: int, bank: str
) -> None:
    found = bank_of_card(a_card(prefix, length))
    assert found is not None
    assert found.code == bank
    assert bank_of_card(a_card(prefix, length - 1)) is None


def test_an_unknown_card_is_no_banks(a_card: Card) -> None:
    assert bank_of_card(a_card("999999")) is None


def test_no_prefix_belongs_to_two_banks_or_hides_another() -> None:
    prefixes = [(p, n) for bank in known_banks() for p, n in bank.prefixes]
    clashes = [
        (p, q) for p, n in prefixes for q, m in prefixes if n == m and p != q and q.startswith(p)
    ]
    assert clashes == []
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("中国建设银行长春人民大街支行", "CCB"),
        ("建行长春西安大路支行", "CCB"),
        ("中国银行吉林省分行", "BOC"),
        ("中国邮政储蓄银行长春市分行", "PSBC"),
        ("吉林银行", "JLBANK"),
    ],
)
def test_a_branch_name_tells_its_bank(text: str, code: str) -> None:
    bank = bank_of_name(text)
    assert bank is not None
    assert bank.code == code


def test_a_name_that_only_contains_a_bank_is_not_that_bank() -> None:
    assert bank_of_name("长春市建设银行家属院") is None


def test_own_bank_is_said_only_when_card_and_name_do_not_disagree(a_card: Card) -> None:
    payer = "中国建设银行长春某支行"
    ours, theirs, unknown = a_card("621700"), a_card("622848"), a_card("999999")
    assert is_own_bank(payer, "", ours) is True
    assert is_own_bank(payer, "", theirs) is False
    assert is_own_bank(payer, "建设银行某支行", unknown) is True
    assert is_own_bank(payer, "某农商银行", unknown) is None
    assert is_own_bank(payer, "中国农业银行某支行", ours) is None
    assert is_own_bank("某农商银行", "", ours) is None


def test_the_table_of_issuers_is_large_and_says_whence_and_when_it_is() -> None:
    head = (ROOT / "banking/card_bins.csv").read_text("utf-8").split("\nissuer,")[0]
    assert "Source: https://" in head
    assert re.search(r"taken over on \d{4}-\d\d-\d\d; MIT licence", head)
    assert (ROOT / "banking/card_bins.licence.txt").read_text("utf-8").startswith("MIT License")


@pytest.mark.parametrize(
    ("prefix", "length", "name"),
    [
        ("622630", 16, "华夏银行"),
        ("621462", 19, "广发银行"),
        ("621260", 19, "常熟农商银行"),
        ("621260001", 19, "咸丰常农商村镇银行"),
        ("622208", 19, "中国工商银行"),
    ],
)
def test_cards_of_smaller_banks_are_known_by_the_longest_prefix(
    a_card: Card, prefix: str, length: int, name: str
) -> None:
    found = bank_of_card(a_card(prefix, length))
    assert found is not None
    assert name in found.names


def test_the_longest_name_that_a_branch_begins_with_is_its_bank() -> None:
    found = {name: bank_of_name(name) for name in ("交通银行香港分行", "交通银行长春分行")}
    assert [bank.code if bank else None for bank in found.values()] == ["COMMHK", "COMM"]


def test_a_newer_table_changes_nothing_in_a_file(a_card: Card) -> None:
    """The mark of another bank comes from the few prefixes on which two lists agree."""
    card = a_card("622630", 16)
    assert bank_of_card(card) is not None
    assert is_own_bank("中国建设银行长春某支行", "华夏银行长春分行", card) is None
