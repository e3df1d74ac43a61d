"""Reads what a bank says in ISO 20022 messages as the lines of a reply (pain.002, camt.05x).

A statement has many other entries: of these only what names a payment of ours is read here.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from banking.reply_match import OURS
from banking.sheets import ListRow
from documents.handed_in_sheets import TableSheet
from language import _
from rules.errors import BadInput

_HEADINGS = {
    "reference": "业务编号",
    "name": "户名",
    "account": "账号",
    "amount": "金额",
    "result": "处理结果",
    "reason": "原因",
}
_STATUS_REPORT = "pain.002"


def is_iso(sheet: TableSheet) -> bool:
    """Whether the table was an ISO 20022 message."""
    return sheet.name.startswith((_STATUS_REPORT, "camt.05"))


def iso_rows(sheet: TableSheet) -> Sequence[ListRow]:
    """The lines about payments of ours; BadInput where the bank speaks of the batch as a whole."""
    told = told_lines(sheet)
    if sheet.name.startswith(_STATUS_REPORT):
        return list(_statuses(told))
    return list(_entries(told))


def told_lines(sheet: TableSheet) -> Sequence[tuple[int, Mapping[str, str]]]:
    """Each line of the message with its number, by the names that stand in its first one."""
    head, *lines = sheet.lines
    names = [str(cell) for cell in head.cells]
    return [(line.row, dict(zip(names, map(str, line.cells), strict=False))) for line in lines]


def payments_named(one: Mapping[str, str | float]) -> list[str]:
    """The references of payments of ours that an entry of a statement names, of whichever batch."""
    return OURS.findall(f"{one['reference']} {one['words']}")


def _statuses(told: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[ListRow]:
    for number, one in told:
        if one["reference"]:
            yield _row(number, one, _codes()["status"].get(one["status"], one["status"]))
        elif len(told) == 1:
            words = {"status": one["status"], "words": f"{one['reason']} {one['words']}".strip()}
            sentence = _("银行只对整批答复 %(status)s %(words)s；没有受理的，由两人作废批次")
            raise BadInput(sentence % words)


def _entries(told: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[ListRow]:
    for number, one in told:
        if payments_named(one):
            yield _row(number, one, _result_of_entry(one))


def _result_of_entry(one: Mapping[str, str]) -> str:
    """Money that left and is booked arrived; what comes in under our reference came back."""
    if one["status"] != "BOOK":
        return _codes()["status"].get(one["status"], one["status"])
    if one["reversal"] == "true":
        return "已冲正"
    return "成功" if one["direction"] == "DBIT" and not one["reason"] else "退票"


def _row(number: int, one: Mapping[str, str], result: str) -> ListRow:
    """The line with what the message tells; of money that comes back the other side is no payee."""
    told = {
        "reference": f"{one['reference']}\n{one['words']}",
        # A sum in another currency is no sum.
        "amount": " ".join(filter(None, (one["amount"], one["currency"].removeprefix("CNY")))),
    }
    if one["direction"] != "CRDT":
        told |= {"name": one["name"], "account": one["account"]}
    reason = one["reason"] and _codes()["reason"].get(one["reason"], one["reason"])
    cells = {field: text for field, text in told.items() if text}
    return ListRow(number, {**cells, "result": result, "reason": reason}, _HEADINGS)


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("iso_results.toml").read_text("utf-8"))
