"""Tells from a card number which bank issued it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Bank:
    """A bank as written on cards and forms."""

    code: str
    name: str
    names: tuple[str, ...]  # how people write it, the full name included
    prefixes: tuple[tuple[str, int], ...]  # first digits of its debit cards, with the card's length


@cache
def known_banks() -> tuple[Bank, ...]:
    """The banks of banks.toml."""
    table = tomllib.loads(Path(__file__).with_name("banks.toml").read_text("utf-8"))
    return tuple(
        Bank(
            code=code,
            name=entry["name"],
            names=(entry["name"], *entry["also"]),
            prefixes=tuple((p, int(n)) for n, group in entry["cards"].items() for p in group),
        )
        for code, entry in table.items()
    )


def bank_of_card(number: str) -> Bank | None:
    """The bank whose prefix and length fit this card; None if the table has none."""
    for bank in known_banks():
        if any(len(number) == n and number.startswith(p) for p, n in bank.prefixes):
            return bank
    return None


def bank_of_name(text: str) -> Bank | None:
    """The bank a branch's name begins with, as in 中国建设银行长春支行; None if not known."""
    for bank in known_banks():
        if text.startswith(bank.names):
            return bank
    return None


def bank_of_payee(bank_name: str, account: str) -> str:
    """The bank of an account by its card number, else by the bank's name as it was written."""
    bank = bank_of_card(account) or bank_of_name(bank_name)
    return bank.name if bank else bank_name


def is_own_bank(payer_bank_name: str, payee_bank_name: str, payee_account: str) -> bool | None:
    """Whether payer and payee use the same bank; None if unknown, or if card and name disagree."""
    ours = bank_of_name(payer_bank_name)
    theirs = {bank_of_card(payee_account), bank_of_name(payee_bank_name)} - {None}
    if ours is None or len(theirs) != 1:
        return None
    return theirs == {ours}
