"""Vouchers for the office's accounting software, in columns that are data."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import LedgerAccount, Posting, Unit, User, Voucher
from models.ledger import AccountKind
from rules.money import Fen, yuan
from workflows.books.causes import RULES, Cause
from workflows.books.chart import KINDS

_FORMATS = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class ExportFormat:
    """One form of file: the headings of its columns with the fields under them, in this order."""

    name: str
    encoding: str
    separator: str
    word: str
    columns: list[tuple[str, str]]


@dataclass(frozen=True)
class _Exports:
    accounts: dict[AccountKind, str]
    formats: dict[str, ExportFormat]


@cache
def _exports() -> _Exports:
    return TypeAdapter(_Exports).validate_python(tomllib.loads(_FORMATS.read_text("utf-8")))


def formats() -> Mapping[str, ExportFormat]:
    """Every format by its code."""
    return _exports().formats


def write(session: Session, form: ExportFormat, month: date) -> bytes:
    """The vouchers of the month that begins on this day, in this form."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=form.separator)
    rows.writerow([heading for heading, _field in form.columns])
    for line in _lines(session, month):
        rows.writerow([(line | {"word": form.word})[field] for _heading, field in form.columns])
    return text.getvalue().encode(form.encoding, "replace")


def _lines(session: Session, month: date) -> Iterator[dict[str, str]]:
    codes = _exports().accounts
    rows = session.execute(
        select(Voucher, LedgerAccount, Unit.name, User.name, func.sum(Posting.amount))
        .join(Posting, Posting.voucher_id == Voucher.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .outerjoin(Unit, Unit.id == LedgerAccount.unit_id)
        .outerjoin(User, User.id == Voucher.author_id)
        .where(Voucher.month == month)
        .group_by(Voucher.id, LedgerAccount.id, Unit.name, User.name)
        .order_by(Voucher.number, func.min(Posting.line))
    )
    for _number, of_voucher in groupby(rows, key=lambda row: row[0].number):
        for line, (voucher, account, unit, author, amount) in enumerate(of_voucher, 1):
            kind = AccountKind(account.kind)
            yield {
                "day": voucher.day.isoformat(),
                "month": f"{month:%Y-%m}",
                "number": str(voucher.number),
                "line": str(line),
                "summary": _(RULES[Cause(voucher.cause)].word),
                "account_code": codes[kind],
                "account_name": _(KINDS[kind].word),
                "plan": account.family or "",
                "unit": unit or "",
                "debit": yuan(Fen(max(0, int(amount)))),
                "credit": yuan(Fen(max(0, -int(amount)))),
                "author": author or "",
            }
