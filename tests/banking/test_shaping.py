"""Shaping batches: nothing is lost or taken twice, limits hold, the oldest go first."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from banking.shaping import EVERYTHING, BatchShape, Split, WaitingPayment, shape
from rules.money import Fen

parts = st.tuples(
    st.integers(1, 5_000), st.integers(1, 2), st.sampled_from("AB"), st.sampled_from(["", "X", "Y"])
)
waiting_lists = st.lists(parts, max_size=25).map(
    lambda rows: [
        WaitingPayment(f"P{at}", Fen(amount), account, plan, bank)
        for at, (amount, account, plan, bank) in enumerate(rows)
    ]
)
references = st.frozensets(st.integers(0, 24).map("P{}".format))
shapes = st.builds(
    BatchShape,
    only=st.none() | references,
    without=references,
    rows=st.none() | st.integers(1, 6),
    sum=st.none() | st.integers(1, 12_000).map(Fen),
    split_by=st.frozensets(st.sampled_from(list(Split))),
)


@given(waiting_lists, shapes)
def test_every_payment_is_in_one_batch_or_goes_on_waiting(
    waiting: list[WaitingPayment], asked: BatchShape
) -> None:
    taken = [payment for batch in shape(waiting, asked) for payment in batch]
    assert len(set(taken)) == len(taken)
    assert set(taken) <= set(waiting)
    assert all(map(asked.takes, taken))


@given(waiting_lists, shapes)
def test_no_batch_is_empty_or_passes_a_limit(
    waiting: list[WaitingPayment], asked: BatchShape
) -> None:
    for batch in shape(waiting, asked):
        assert 1 <= len(batch) <= (asked.rows or len(batch))
        total = sum(payment.amount for payment in batch)
        assert asked.sum is None or total <= asked.sum


@given(waiting_lists, shapes)
def test_a_batch_has_one_account_and_one_plan_and_bank_where_these_are_kept_apart(
    waiting: list[WaitingPayment], asked: BatchShape
) -> None:
    keys = []
    for batch in shape(waiting, asked):
        assert len({payment.account for payment in batch}) == 1
        for split in asked.split_by:
            assert len({getattr(payment, split) for payment in batch}) == 1
        of = batch[0]
        keys.append((of.account, *(getattr(of, split) for split in sorted(asked.split_by))))
    assert len(set(keys)) == len(keys), "what belongs together is in one batch"


@given(waiting_lists, shapes)
def test_no_chosen_payment_is_passed_by_a_younger_one_of_its_group(
    waiting: list[WaitingPayment], asked: BatchShape
) -> None:
    batches = shape(waiting, asked)
    taken = {payment for batch in batches for payment in batch}
    for batch in batches:
        places = [waiting.index(payment) for payment in batch]
        assert all(one < other for one, other in pairwise(places))
        passed = [
            payment
            for payment in waiting
            if payment not in taken
            and asked.takes(payment)
            and payment.account == batch[0].account
            and all(getattr(payment, s) == getattr(batch[0], s) for s in asked.split_by)
            and waiting.index(payment) < places[-1]
        ]
        assert passed == []


@given(waiting_lists)
def test_without_a_wish_everything_is_taken(waiting: list[WaitingPayment]) -> None:
    batches = shape(waiting, EVERYTHING)
    assert sum(map(len, batches)) == len(waiting)
    assert len(batches) == len({payment.account for payment in waiting})


def test_a_limit_ends_a_batch_before_the_payment_that_passes_it() -> None:
    waiting = [WaitingPayment(f"P{at}", Fen(300), 1, "main", "") for at in range(4)]
    by_sum = shape(waiting, BatchShape(sum=Fen(600)))
    assert [payment.reference for payment in by_sum[0]] == ["P0", "P1"]
    assert shape(waiting, BatchShape(sum=Fen(599))) == (tuple(waiting[:1]),)
    assert shape(waiting, BatchShape(sum=Fen(299))) == ()
    assert shape(waiting, BatchShape(rows=3)) == (tuple(waiting[:3]),)
