"""Tells from a card number which bank issued it, and from a branch's name whose branch it is."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LONGEST, _SHORTEST = 10, 3
"""Of the prefixes in the table."""


@dataclass(frozen=True)
class Bank:
    """A bank as written on cards and forms."""

    code: str
    name: str
    names: tuple[str, ...]  # how people write it, the full name included
    prefixes: tuple[tuple[str, int], ...]
    """First digits of its debit cards, with the card's length, on which two lists agree; from these
    alone comes what a payment file says of banks, so that a newer table changes no old file."""


@cache
def known_banks() -> tuple[Bank, ...]:
    """The banks of banks.toml."""
    table = tomllib.loads((_FOLDER / "banks.toml").read_text("utf-8"))
    return tuple(
        Bank(
            code=code,
            name=entry["name"],
            names=(entry["name"], *entry["also"]),
            prefixes=tuple((p, int(n)) for n, group in entry["cards"].items() for p in group),
        )
        for code, entry in table.items()
    )


@cache
def _issuers() -> Mapping[tuple[str, int], Bank]:
    """The issuers of card_bins.csv by prefix and length of their cards."""
    banks = {bank.code: bank for bank in known_banks()}
    found = {}
    for row in _rows():
        names = tuple(row["names"].split())
        bank = banks.setdefault(row["issuer"], Bank(row["issuer"], names[0], names, ()))
        found.update(
            dict.fromkeys(((p, int(row["length"])) for p in row["prefixes"].split()), bank)
        )
    return found


def _rows() -> Iterator[dict[str, str]]:
    lines = (_FOLDER / "card_bins.csv").read_text("utf-8").splitlines()
    yield from csv.DictReader(line for line in lines if not line.startswith("#"))


@cache
def _banks_by_name() -> Mapping[str, Bank]:
    return {name: bank for bank in {*known_banks(), *_issuers().values()} for name in bank.names}


def bank_of_card(number: str) -> Bank | None:
    """The bank whose prefix and length fit this card, the longest prefix first; None if none."""
    prefixes = (number[:size] for size in range(_LONGEST, _SHORTEST - 1, -1))
    banks = (_issuers().get((prefix, len(number))) for prefix in prefixes)
    return next(filter(None, banks), None)


@lru_cache(maxsize=4096)
def bank_of_name(text: str) -> Bank | None:
    """The bank with the longest name that a branch's name begins with, as in 中国建设银行长春支行;
    None if not known."""
    fitting = [name for name in _banks_by_name() if text.startswith(name)]
    return _banks_by_name()[max(fitting, key=len)] if fitting else None


def bank_of_payee(bank_name: str, account: str) -> str:
    """The bank of an account by its card number, else by the bank's name as it was written."""
    bank = bank_of_card(account) or bank_of_name(bank_name)
    return bank.name if bank else bank_name


def is_own_bank(payer_bank_name: str, payee_bank_name: str, payee_account: str) -> bool | None:
    """Whether payer and payee use the same bank; None if unknown, or if card and name disagree."""
    ours = _named_in_files(payer_bank_name)
    theirs = {_card_in_files(payee_account), _named_in_files(payee_bank_name)} - {None}
    if ours is None or len(theirs) != 1:
        return None
    return theirs == {ours}


def _card_in_files(number: str) -> Bank | None:
    for bank in known_banks():
        if any(len(number) == n and number.startswith(p) for p, n in bank.prefixes):
            return bank
    return None


def _named_in_files(text: str) -> Bank | None:
    return next((bank for bank in known_banks() if text.startswith(bank.names)), None)
