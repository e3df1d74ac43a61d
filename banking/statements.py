"""Reads a bank's statement or notice (对账单, camt.052, .053, .054): what moved on our accounts
and what they held at the end of a day."""

import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from banking.iso_replies import payments_named, told_lines
from banking.sheets import ListRow, bounds
from documents.handed_in_sheets import TableSheet, sheets_of
from documents.packets.file_limits import USUAL_LIMITS, Limits
from language import _
from rules.errors import BadInput
from rules.money import Fen

_BOOKED = "BOOK"
_CLOSING = "CLBD"
_NOTHING = ("0", "0.0", "0.00")
_SIGNS = {"CRDT": 1, "DBIT": -1}


@dataclass(frozen=True)
class StatedLine:
    """Money that moved on the account `own`; `amount` is above zero where it came in.

    `number` is the bank's own of the entry and `kind` the voucher that its words ask for, each
    empty where there is none. `name` and `account` are those of the other side. `payments` are the
    references in it that have the form of ours.
    """

    place: str
    own: str
    day: date
    amount: Fen
    name: str
    account: str
    words: str
    number: str
    kind: str
    payments: frozenset[str]


@dataclass(frozen=True)
class ClosingBalance:
    """What the account `own` held at the end of a day."""

    own: str
    day: date
    balance: Fen


@dataclass(frozen=True)
class ToldStatement:
    """All that a statement says of yuan; `payments` are the references in it that have the form of
    ours, `foreign` are the other currencies in it."""

    lines: Sequence[StatedLine]
    balances: Sequence[ClosingBalance]
    payments: Collection[str]
    foreign: Collection[str]


def read_statement(content: bytes, limits: Limits = USUAL_LIMITS) -> ToldStatement:
    """What the statement says; BadInput if it is none, or if a sum or day of it is not readable."""
    return statement_in(list(sheets_of(content, bounds(limits))))


def statement_in(sheets: Sequence[TableSheet]) -> ToldStatement:
    """The same of a message that was opened."""
    if not sheets or not sheets[0].name.startswith("camt.05"):
        raise BadInput(_("不是银行对账单（camt.052、camt.053、camt.054）"))
    told = list(_rows(sheets[0]))
    rows = [each for each in told if _is_of_yuan(each)]
    lines = [_line(each) for each in rows if _moved(each)]
    payments = {reference for each in rows for reference in payments_named(each.cells)}
    closing = [
        each for sheet in sheets[1:] for each in _rows(sheet) if each.text("status") == _CLOSING
    ]
    foreign = {each.text("currency") for each in (*told, *closing) if not _is_of_yuan(each)}
    balances = [_balance(each) for each in closing if _is_of_yuan(each)]
    return ToldStatement(lines, balances, payments, foreign)


def _rows(sheet: TableSheet) -> Iterator[ListRow]:
    for number, told in told_lines(sheet):
        yield ListRow(number, told, {"amount": _("金额"), "day": _("日期"), "currency": _("币种")})


def _is_of_yuan(row: ListRow) -> bool:
    """A sum whose currency is not told is left in, and refused where it is read."""
    return row.text("currency") in ("CNY", "")


def _moved(row: ListRow) -> bool:
    return row.text("status") == _BOOKED and row.text("amount") not in _NOTHING


def _line(row: ListRow) -> StatedLine:
    amount, words = Fen(_sign(row) * row.amount("amount")), row.text("words")
    if row.text("reversal") == "true":
        words = f"{_('冲正')} {words}".strip()
    return StatedLine(
        place=row.place(),
        own=row.text("own"),
        day=_day(row),
        amount=amount,
        name=unicodedata.normalize("NFKC", row.text("name")),
        account=row.text("account"),
        words=unicodedata.normalize("NFKC", " ".join(filter(None, (row.text("reference"), words)))),
        number=row.text("number"),
        kind=_kind(row.text("kind"), words, amount),
        payments=frozenset(payments_named(row.cells)),
    )


def _balance(row: ListRow) -> ClosingBalance:
    held = Fen(0) if row.text("amount") in _NOTHING else row.amount("amount")
    return ClosingBalance(row.text("own"), _day(row), Fen(_sign(row) * held))


def _sign(row: ListRow) -> int:
    sign = _SIGNS.get(row.text("direction"))
    if sign is None or row.text("currency") != "CNY":
        raise BadInput(row.fault("currency", _("不是人民币，或没有写明收付方向")))
    return sign


def _day(row: ListRow) -> date:
    try:
        return date.fromisoformat(row.text("day"))
    except ValueError as error:
        why = _("不是日期：%(value)s") % {"value": row.text("day")[:30]}
        raise BadInput(row.fault("day", why)) from error


def _kind(code: str, words: str, amount: Fen) -> str:
    """Money that moves the other way asks for none by itself, as a fee that is given back."""
    for kind, told in kinds().items():
        is_told = code in told["codes"] or any(word in words for word in told["words"])
        if is_told and (amount > 0) == ("CRDT" in told["directions"]):
            return kind
    return ""


@cache
def kinds() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By the voucher that they ask for, the codes and words of lines."""
    return tomllib.loads(Path(__file__).with_name("statement_kinds.toml").read_text("utf-8"))
