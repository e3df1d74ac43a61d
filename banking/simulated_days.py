"""A bank in the box: answers a batch over several days as a bank does, the same for each seed.

It works from the payments of the file alone, as a real bank does. What it does with each payment is
its fate; on which day which lines come in which layout follows from that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

from banking.batch import PaymentLine
from banking.replies import RESULT
from banking.sheet_rows import ListCell
from banking.sheets import ListColumn, amount_cell, write_table
from documents.masks import mask_card
from rules.money import Fen, yuan


class Fate(StrEnum):
    """What the bank does with a payment."""

    CREDITED = "credited"
    REFUSED = "refused"
    DELAYED = "delayed"  # no word on the first day, credited on the second
    UNCLEAR = "unclear"  # 处理中 on the first day, credited on the second
    TWICE = "twice"  # two lines about it
    WRONG_SUM = "wrong_sum"
    LATE_RETURN = "late_return"  # credited at first, returned weeks later


_LIKELY = {Fate.CREDITED: 60, Fate.REFUSED: 10, Fate.DELAYED: 10, Fate.UNCLEAR: 5}
_LIKELY |= {Fate.TWICE: 3, Fate.WRONG_SUM: 4, Fate.LATE_RETURN: 8}
_REASONS = ("账号户名不符", "账户已销户", "无效卡号", "超出限额")
_LATER = {Fate.DELAYED: "成功", Fate.UNCLEAR: "成功"}
_DAYS = (0, 1, 20)


@dataclass(frozen=True)
class BankDay:
    """A reply that comes so many days after the batch left, as a file of this name."""

    after_days: int
    name: str
    content: bytes


@dataclass(frozen=True)
class _Said:
    payment: PaymentLine
    amount: Fen
    result: str
    reason: str = ""


def fates_of(payments: Sequence[PaymentLine], seed: int) -> dict[str, Fate]:
    """A fate for each payment, by its reference."""
    dice = Random(seed)  # noqa: S311 - no secret: the same seed is to give the same bank
    drawn = dice.choices(list(_LIKELY), list(_LIKELY.values()), k=len(payments))
    return {payment.reference: fate for payment, fate in zip(payments, drawn, strict=True)}


def bank_days(
    payments: Sequence[PaymentLine], fates: Mapping[str, Fate], seed: int, sent_at: datetime
) -> list[BankDay]:
    """What the bank says of these payments: a file for each day on which it says something."""
    dice = Random(seed)  # noqa: S311 - as above
    days = []
    for number, after in enumerate(_DAYS):
        said = [each for p in payments for each in _said(number, p, fates[p.reference], dice)]
        if said:
            write, ending = _LAYOUTS[dice.randrange(len(_LAYOUTS))]
            days.append(BankDay(after, f"回盘_{number + 1}.{ending}", write(said, sent_at)))
    return days


def _said(day: int, payment: PaymentLine, fate: Fate, dice: Random) -> Iterator[_Said]:
    """The lines about this payment on the day of this number."""
    if day == 0:
        if fate is Fate.REFUSED:
            yield _Said(payment, payment.amount, "失败", dice.choice(_REASONS))
        elif fate is Fate.UNCLEAR:
            yield _Said(payment, payment.amount, "处理中")
        elif fate is Fate.WRONG_SUM:
            yield _Said(payment, Fen(payment.amount + 1), "成功")
        elif fate is not Fate.DELAYED:
            yield from [_Said(payment, payment.amount, "成功")] * (2 if fate is Fate.TWICE else 1)
    elif day == 1 and fate in _LATER:
        yield _Said(payment, payment.amount, _LATER[fate])
    elif day == 2 and fate is Fate.LATE_RETURN:
        yield _Said(payment, payment.amount, "退票")


def _as_sheet(said: Sequence[_Said], sent_at: datetime) -> bytes:
    """A sheet with our own headings and the result in front."""
    names = {"account": "账号", "name": "户名", "amount": "金额", "reference": "备注"}
    columns = [RESULT, *(ListColumn(heading, field) for field, heading in names.items())]
    lines: list[list[ListCell]] = [
        [
            f"{each.result} {each.reason}".strip(),
            each.payment.account,
            each.payment.name,
            amount_cell(each.amount),
            each.payment.reference,
        ]
        for each in said
    ]
    return write_table(columns, lines, RESULT.heading, sent_at)


def _as_export(said: Sequence[_Said], sent_at: datetime) -> bytes:
    """Text as banks export it: a title, other headings, masked accounts, and a sum below."""
    lines = [
        ["代发业务明细查询"],
        ["序号", "收款账号", "收款人姓名", "交易金额(元)", "交易状态", "失败原因", "附言"],
        *(
            [
                str(number),
                mask_card(each.payment.account),
                each.payment.name,
                yuan(each.amount),
                each.result,
                each.reason,
                each.payment.reference,
            ]
            for number, each in enumerate(said, 1)
        ),
        ["合计", "", "", yuan(Fen(sum(each.amount for each in said))), "", "", ""],
    ]
    return "\r\n".join("|".join(line) for line in lines).encode("gb18030")


_LAYOUTS = ((_as_sheet, "xlsx"), (_as_export, "txt"))
