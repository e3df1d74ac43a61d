"""Replies of every shape, changed at random, crash nothing and answer no other payment; `make fuzz`
tries 20,000."""

import os
from datetime import UTC, datetime
from random import Random

import pytest

from banking.batch import Payer, PaymentBatch, PaymentLine
from banking.formats import layout
from banking.replies import Reply, read_reply
from banking.reply_match import account_fits, name_fits
from banking.reply_table import reply_rows
from banking.sheets import bounds
from banking.simulated_days import Fate, bank_days, fates_of
from documents.handed_in_sheets import SheetCell, SheetLine, TableSheet, sheets_of
from documents.packets.file_limits import USUAL_LIMITS
from rules.errors import BadInput
from rules.money import Fen, yuan

REPLIES = int(os.environ.get("REPLIES", "400"))
SEED = int(os.environ.get("SEED", "1"))
AT = datetime(2026, 11, 23, tzinfo=UTC)
NAMES = ("张三", "李四", "阿依古丽·买买提", "张三", "王芳", "赵六")
PAYMENTS = tuple(
    # Two people have one name and one sum, and accounts that end alike.
    PaymentLine(f"HZ2026{n:06d}-1", name, f"62170000{n}0004321", "", None, Fen(60000 + n % 3), "")
    for n, name in enumerate(NAMES)
)
PAYER = Payer("某某工会", "6227000000000012347", "吉林银行", None)
BATCH = PaymentBatch("B20261123-01", AT, AT.date(), PAYER, PAYMENTS)
ODD: list[SheetCell] = [
    *("", "成功", "失败", "处理中", "3031", "合计", "1,2", "-600.00", "6217****4321", "张*", 600.0),
    *(1e20, float("nan"), "\x00", "账号", "金额", "HZ2026000099-1", "*", "."),
    *(cell for each in PAYMENTS for cell in (each.reference, each.account, yuan(each.amount))),
]

Table = list[list[SheetCell]]


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    """Every layout and day of the bank in the box, and one without references."""
    found: list[Table] = []
    for seed in range(3):
        fates = (
            fates_of(PAYMENTS, seed)
            if seed
            else dict.fromkeys((each.reference for each in PAYMENTS), Fate.CREDITED)
        )
        for day in bank_days(PAYMENTS, fates, seed, AT):
            for sheet in sheets_of(day.content, bounds(USUAL_LIMITS)):
                found.append([line.cells for line in sheet.lines])
    return [*found, [line[:-1] for line in found[0]]]


def changed(table: Table, dice: Random) -> Table:
    """The table after some accidents."""
    table = [list(line) for line in table]
    for _accident in range(dice.randint(0, 4)):
        line = dice.choice(table)
        at = dice.randrange(len(line)) if line else 0
        match dice.randrange(9):
            case 0 if line:
                line[at] = dice.choice(ODD)
            case 1:
                table.insert(dice.randrange(len(table)), list(line))
            case 2 if len(table) > 1:
                table.remove(line)
            case 3:
                other = dice.choice(table)
                if line and at < len(other):
                    line[at], other[at] = other[at], line[at]
            case 4 if line:
                for each in table:
                    del each[at : at + 1]
            case 5:
                dice.shuffle(line)
            case 6:
                dice.shuffle(table)
            case 7 if line and isinstance(line[at], str) and line[at]:
                text = str(line[at])
                place = dice.randrange(len(text))
                line[at] = text[:place] + dice.choice("0123456789*Xx 张·-") + text[place + 1 :]
            case _:
                line.append(dice.choice(ODD))
    return table


def as_sheets(table: Table, dice: Random) -> list[TableSheet]:
    """On one sheet or on two, the second one with the headings again or without."""
    parts = [table]
    if dice.random() < 0.2:
        cut = dice.randint(0, len(table))
        head = table[:1] if dice.random() < 0.5 else []
        parts = [table[:cut], head + table[cut:]]
    return [
        TableSheet(f"Sheet{n}", lines=[SheetLine(at, cells) for at, cells in enumerate(part, 1)])
        for n, part in enumerate(parts, 1)
    ]


def tells(cells: list[SheetCell], payment: PaymentLine) -> bool:
    """Whether a line shows the account, the name and the sum of the payment."""
    texts = [str(cell).strip() for cell in cells]
    sums = {yuan(payment.amount), yuan(payment.amount).rstrip("0").rstrip(".")}
    return (
        any(account_fits(text, payment.account) for text in texts)
        and any(name_fits(text, payment.name) for text in texts)
        and any(text.replace(",", "").strip("¥￥元") in sums for text in texts + _floats(cells))
    )


def _floats(cells: list[SheetCell]) -> list[str]:
    return [f"{cell:.2f}" for cell in cells if isinstance(cell, float) and cell < 1e15]


def assert_true(reply: Reply, sheets: list[TableSheet]) -> None:
    by_reference = {each.reference: each for each in PAYMENTS}
    answered = [line.reference for line in reply.lines]
    assert len(set(answered)) == len(answered)
    assert {*reply.missing} == by_reference.keys() - {*answered}
    for answer in reply.lines:
        payment = by_reference[answer.reference]
        shown = [
            line.cells
            for sheet in sheets
            for line in sheet.lines
            if answer.place in (str(line.row), f"{sheet.name}!{line.row}")
        ]
        assert any(
            tells(cells, payment)
            and (answer.is_told_by_sum or any(payment.reference in str(c) for c in cells))
            for cells in shown
        )


def test_no_changed_reply_crashes_or_answers_another_payment(tables: list[Table]) -> None:
    dice = Random(SEED)
    read = 0
    for _reply in range(REPLIES):
        sheets = as_sheets(changed(dice.choice(tables), dice), dice)
        try:
            reply = read_reply(reply_rows(sheets, layout("ccb-list").columns), BATCH)
        except BadInput:
            continue
        read += 1
        assert_true(reply, sheets)
    assert read > REPLIES / 4, "many of them are read in spite of it"


def test_the_same_seed_gives_the_same_bank() -> None:
    first, second = (bank_days(PAYMENTS, fates_of(PAYMENTS, 7), 7, AT) for _time in range(2))
    assert first == second
    assert [day.after_days for day in first] == sorted({day.after_days for day in first})
