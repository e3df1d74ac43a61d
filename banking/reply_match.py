"""Tells which payment a line of a reply is about: by our reference, else by payee and sum.

Some banks drop what the list said in its last column, and mask or group the accounts they print.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from banking.batch import PaymentBatch, PaymentLine
from banking.sheets import ListRow, shown
from documents.plain_text import with_one_dot
from language import _
from rules.errors import BadInput
from rules.money import yuan

_WORD = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")
OURS = re.compile(r"HZ\d+(?:-\d+)+")
_MASK = "*xX•"
_SHOWN = {"account", "name", "amount"}
# As many digits of a masked account must be seen at its end.
_TAIL = 4


@dataclass(frozen=True)
class Misfit:
    """A line that answers no payment: why, and the payment that it is about where it names one."""

    row: ListRow
    payment: PaymentLine | None
    why: str


@dataclass(frozen=True)
class Matched:
    """The lines that are about a payment each, and the lines that do not fit."""

    pairs: Sequence[tuple[ListRow, PaymentLine]]
    misfits: Sequence[Misfit]
    by_sum: frozenset[str]
    """The references of payments that no line names: they were told by payee and sum."""


def references(rows: Iterable[ListRow]) -> set[str]:
    """What looks like a reference of ours, of whichever batch."""
    return {word for row in rows for word in OURS.findall(str(row.cells["reference"]))}


def match(rows: Sequence[ListRow], batch: PaymentBatch) -> Matched:
    """Each line beside its payment, every value of which agrees; a payment that several lines fit
    is told by none of them."""
    found: dict[int, PaymentLine] = {}
    faults: dict[int, list[str]] = defaultdict(list)
    _by_reference(rows, batch, found, faults)
    named = {payment.reference for payment in found.values()}
    by_sum = _by_sum(payment for payment in batch.payments if payment.reference not in named)
    for at, row in enumerate(rows):
        if at in found or faults[at]:
            continue
        if isinstance(fitting := _fitting(row, by_sum), str):
            faults[at].append(fitting)
        else:
            found[at] = fitting
    _refuse_several(rows, found, faults)
    sure = [at for at in sorted(found) if not faults[at]]
    return Matched(
        [(rows[at], found[at]) for at in sure],
        [
            Misfit(row, found.get(at), "；".join(faults[at]))
            for at, row in enumerate(rows)
            if faults[at]
        ],
        frozenset(found[at].reference for at in sure) - named,
    )


def _by_reference(
    rows: Sequence[ListRow],
    batch: PaymentBatch,
    found: dict[int, PaymentLine],
    faults: dict[int, list[str]],
) -> None:
    """Find the payments that lines name, and what in these lines differs from them."""
    payments = {payment.reference: payment for payment in batch.payments}
    for at, row in enumerate(rows):
        faults[at] += _unreadable(row)
        named = sorted({word for word in _words_of(row) if word in payments})
        all_named = sorted(references([row]) | set(named))
        if len(named) == 1:
            found[at] = payments[named[0]]
        if len(named) == len(all_named) == 1:
            faults[at] += [] if faults[at] else _differences(row, found[at])
        elif all_named:
            value = "、".join(all_named)[:40]
            why = _("“%(value)s”不在本批次中") if not named else _("写有两笔付款的编号：%(value)s")
            faults[at].append(row.fault("reference", why % {"value": value}))


def _words_of(row: ListRow) -> list[str]:
    return _WORD.findall(str(row.cells["reference"]))


def _unreadable(row: ListRow) -> list[str]:
    """That the line has no sum, or an account of which digits are lost."""
    try:
        if "amount" in row.cells:
            row.amount("amount")
        row.text("account"), row.text("name")
    except BadInput as fault:
        return [str(fault)]
    return []


def _refuse_several(
    rows: Sequence[ListRow], found: Mapping[int, PaymentLine], faults: dict[int, list[str]]
) -> None:
    """Doubt every line of a payment that several lines fit: the bank may have paid it twice."""
    fitting: dict[str, list[int]] = defaultdict(list)
    for at, payment in found.items():
        if not faults[at]:
            fitting[payment.reference].append(at)
    for places in fitting.values():
        if len(places) > 1:
            words = {"places": "、".join(rows[at].place() for at in sorted(places))}
            why = _("第 %(places)s 行写的是同一笔付款") % words
            for at in places:
                faults[at].append(rows[at].fault("reference", why))


def _differences(row: ListRow, payment: PaymentLine) -> list[str]:
    account, name = row.text("account"), row.text("name")
    have = yuan(row.amount("amount")) if "amount" in row.cells else ""
    want = yuan(payment.amount)
    pairs = {
        "account": (account, payment.account, account_fits(account, payment.account)),
        "name": (name, payment.name, name_fits(name, payment.name)),
        "amount": (have, want, have == want),
    }
    return [
        row.fault(
            field,
            _("“%(have)s”与批次中的“%(want)s”不符")
            % {"have": shown(field, have), "want": shown(field, want)},
        )
        for field, (have, want, fits) in pairs.items()
        # What a message does not tell, its line does not have.
        if not fits and field in row.cells
    ]


def _by_sum(payments: Iterable[PaymentLine]) -> dict[tuple[int, str], list[PaymentLine]]:
    """By what a line without a reference always shows: the sum and the end of the account."""
    found: dict[tuple[int, str], list[PaymentLine]] = defaultdict(list)
    for payment in payments:
        found[payment.amount, payment.account[-_TAIL:]].append(payment)
    return found


def _fitting(row: ListRow, by_sum: dict[tuple[int, str], list[PaymentLine]]) -> PaymentLine | str:
    """The one payment that the line without our reference fits, or why there is no such one."""
    if not row.cells.keys() >= _SHOWN:
        return row.fault("reference", _("没有业务编号，户名、账号、金额也不全"))
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
