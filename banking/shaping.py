"""Which of the payments that wait go into which batch: as a cashier chooses, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.money import Fen


class Split(StrEnum):
    """By what batches are parted, besides the account that pays."""

    PLAN = "plan"
    BANK = "bank"


@dataclass(frozen=True)
class WaitingPayment:
    """A payment that waits for a batch, with what batches are parted by.

    `account` is the id of the account that pays it, `plan` the family of its plan, `bank` that of
    the payee, empty where it is not known.
    """

    reference: str
    amount: Fen
    account: int
    plan: str
    bank: str


@dataclass(frozen=True)
class BatchShape:
    """What a cashier asks of the next batches.

    `only` are the references to take, None: all; `without` those to leave. `rows` and `sum` are the
    most that one batch may have, None: no limit.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    rows: int | None = None
    sum: Fen | None = None
    split_by: frozenset[Split] = frozenset()

    def takes(self, payment: WaitingPayment) -> bool:
        """Whether the payment is one of those that were chosen."""
        chosen = self.only is None or payment.reference in self.only
        return chosen and payment.reference not in self.without


EVERYTHING = BatchShape()


def shape(
    waiting: Sequence[WaitingPayment], asked: BatchShape
) -> tuple[tuple[WaitingPayment, ...], ...]:
    """One batch for each account, plan and bank that are kept apart, in order of their oldest
    payments; `waiting` is oldest first. What is in none goes on waiting.

    A batch ends before the first payment that passes a limit: no younger payment of its group goes
    before an older one. All that follows waits for the next batch.
    """
    groups: dict[tuple[object, ...], list[WaitingPayment]] = {}
    for payment in filter(asked.takes, waiting):
        groups.setdefault(_group(payment, asked), []).append(payment)
    return tuple(filter(None, (_within(group, asked) for group in groups.values())))


def _group(payment: WaitingPayment, asked: BatchShape) -> tuple[object, ...]:
    plan = payment.plan if Split.PLAN in asked.split_by else ""
    bank = payment.bank if Split.BANK in asked.split_by else ""
    return payment.account, plan, bank


def _within(group: Sequence[WaitingPayment], asked: BatchShape) -> tuple[WaitingPayment, ...]:
    """The oldest payments of the group that are within both limits together."""
    total = 0
    for count, payment in enumerate(group):
        total += payment.amount
        is_full = asked.rows is not None and count >= asked.rows
        if is_full or (asked.sum is not None and total > asked.sum):
            return tuple(group[:count])
    return tuple(group)
