"""Tells which payment a line of a reply is about: by our reference, else by payee and sum.

Some banks drop what the list said in its last column, and mask or group the accounts they print.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from banking.batch import PaymentBatch, PaymentLine
from banking.sheets import ListRow, shown
from documents.plain_text import with_one_dot
from language import _
from rules.money import yuan

_WORD = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")
_OURS = re.compile(r"HZ\d+(?:-\d+)+")
_MASK = "*xX•"
# As many digits of a masked account must be seen at its end.
_TAIL = 4


@dataclass(frozen=True)
class Matched:
    """The lines that are about a payment each, and a sentence for every line that is not."""

    pairs: Sequence[tuple[ListRow, PaymentLine]]
    faults: Sequence[str]
    by_sum: frozenset[str]
    """The references of payments that no line names: they were told by payee and sum."""


def references(rows: Iterable[ListRow]) -> set[str]:
    """What looks like a reference of ours, of whichever batch."""
    return {word for row in rows for word in _OURS.findall(str(row.cells["reference"]))}


def match(rows: Sequence[ListRow], batch: PaymentBatch) -> Matched:
    """Each line beside its payment; no payment stands beside two, and every value agrees."""
    payments = {payment.reference: payment for payment in batch.payments}
    found: dict[int, PaymentLine] = {}
    first_row: dict[str, ListRow] = {}
    faults: dict[int, list[str]] = defaultdict(list)
    for at, row in enumerate(rows):
        named = sorted({word for word in _words_of(row) if word in payments})
        if len(named) == 1:
            found[at] = payments[named[0]]
            faults[at] += _differences(row, found[at])
            _refuse_second(row, found[at], first_row, faults[at])
        elif named or (named := sorted(references([row]))):
            value = "、".join(named)[:40]
            why = (
                _("“%(value)s”不在本批次中")
                if named[0] not in payments
                else _("写有两笔付款的编号：%(value)s")
            )
            faults[at].append(row.fault("reference", why % {"value": value}))
    named_ones = frozenset(first_row)
    by_sum = _by_sum(payment for payment in batch.payments if payment.reference not in first_row)
    for at, row in enumerate(rows):
        if at in found or faults[at]:
            continue
        if isinstance(fitting := _fitting(row, by_sum), str):
            faults[at].append(fitting)
        else:
            found[at] = fitting
            _refuse_second(row, fitting, first_row, faults[at])
    sentences = [sentence for at in range(len(rows)) for sentence in faults[at]]
    guessed = frozenset(each.reference for each in found.values()) - named_ones
    return Matched([(rows[at], found[at]) for at in sorted(found)], sentences, guessed)


def _words_of(row: ListRow) -> list[str]:
    return _WORD.findall(str(row.cells["reference"]))


def _refuse_second(
    row: ListRow, payment: PaymentLine, first_row: dict[str, ListRow], faults: list[str]
) -> None:
    first = first_row.setdefault(payment.reference, row)
    if first is not row:
        words = {"first": first.place()}
        faults.append(row.fault("reference", _("与第 %(first)s 行重复") % words))


def _differences(row: ListRow, payment: PaymentLine) -> list[str]:
    account, name = row.text("account"), row.text("name")
    pairs = {
        "account": (account, payment.account, account_fits(account, payment.account)),
        "name": (name, payment.name, name_fits(name, payment.name)),
        "amount": (
            yuan(row.amount("amount")),
            yuan(payment.amount),
            row.amount("amount") == payment.amount,
        ),
    }
    return [
        row.fault(
            field,
            _("“%(have)s”与批次中的“%(want)s”不符")
            % {"have": shown(field, have), "want": shown(field, want)},
        )
        for field, (have, want, fits) in pairs.items()
        if not fits
    ]


def _by_sum(payments: Iterable[PaymentLine]) -> dict[tuple[int, str], list[PaymentLine]]:
    """By what a line without a reference always shows: the sum and the end of the account."""
    found: dict[tuple[int, str], list[PaymentLine]] = defaultdict(list)
    for payment in payments:
        found[payment.amount, payment.account[-_TAIL:]].append(payment)
    return found


def _fitting(row: ListRow, by_sum: dict[tuple[int, str], list[PaymentLine]]) -> PaymentLine | str:
    """The one payment that the line without our reference fits, or why there is no such one."""
    account, name = _digits(row.text("account")), row.text("name")
    fitting = [
        payment
        for payment in by_sum.get((row.amount("amount"), account[-_TAIL:]), ())
        if account_fits(account, payment.account) and name_fits(name, payment.name)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        why = _("没有业务编号，也没有户名、账号、金额都相符的付款")
        return row.fault("reference", why)
    why = _("没有业务编号，有 %(n)s 笔付款的户名、账号、金额都相符，分不清是哪一笔")
    return row.fault("reference", why % {"n": len(fitting)})


def account_fits(printed: str, account: str) -> bool:
    """Whether the bank printed this account, whole, in groups, or masked but for its end."""
    digits = _digits(printed)
    if digits.isdigit():
        return digits == account
    seen = re.split(rf"[{re.escape(_MASK)}]+", digits)
    if len(seen) < 2 or len(seen[-1]) < _TAIL or not all(part.isdigit() for part in seen if part):
        return False
    return re.fullmatch(r"\d+".join(seen), account) is not None


def _digits(printed: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", printed))


def name_fits(printed: str, name: str) -> bool:
    """Whether the bank printed this name, whole or with characters masked; dots are all alike."""
    have, want = _plain_name(printed), _plain_name(name)
    if "*" not in have:
        return have == want
    seen = [re.escape(part) for part in re.split(r"\*+", have)]
    return any(seen) and re.fullmatch(".+".join(seen), want) is not None


def _plain_name(name: str) -> str:
    return with_one_dot(unicodedata.normalize("NFKC", name))
