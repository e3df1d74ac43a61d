"""A cashier shapes the next batches; what is left out goes on waiting."""

from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy import select

from banking import formats
from banking.shaping import BatchShape, Split
from models import Batch, Payment, User
from models.people import Role
from rules.errors import Refused
from rules.money import Fen
from tests.desk import Desk, promises_hold
from tests.workflows.claims.judging.test_adjudication import a_stay_and_an_illness
from workflows.claims.paying import batches
from workflows.sealed_values.claims import payee_of, seal_payee

FORM = "ccb-list"


@pytest.fixture
def cashier(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def payable(desk: Desk, *names: str) -> list[str]:
    """The reference of the payment of each, oldest first."""
    claims = [desk.claim(desk.member(name)) for name in names]
    desk.work()
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        own = select(Payment.reference).where(Payment.claim_id.in_(claims)).order_by(Payment.id)
        return list(session.scalars(own))


def frozen(desk: Desk, cashier: User, asked: BatchShape) -> list[list[str]]:
    """The references of each batch that is made."""
    with desk.office.sessions.unit_of_work() as session:
        made = batches.freeze(session, desk.office, cashier, FORM, asked)
        ids = [batch.id for batch in made]
    with desk.office.sessions.read_only() as session:
        return [
            [payment.reference for payment in session.get_one(Batch, id_).payments] for id_ in ids
        ]


def waiting(desk: Desk) -> list[str]:
    with desk.office.sessions.read_only() as session:
        queued = select(Payment.reference).filter_by(state="queued").order_by(Payment.id)
        return list(session.scalars(queued))


def test_single_payments_are_chosen_or_left_out_and_the_rest_goes_on_waiting(
    desk: Desk, cashier: User
) -> None:
    first, second, third = payable(desk, "张三", "李四", "王五")
    assert frozen(desk, cashier, BatchShape(only=frozenset({second}))) == [[second]]
    assert frozen(desk, cashier, BatchShape(without=frozenset({first}))) == [[third]]
    assert waiting(desk) == [first]
    with pytest.raises(Refused, match=f"付款 {third} 已不在待组批之列"):
        frozen(desk, cashier, BatchShape(only=frozenset({first, third})))
    promises_hold(desk)
    assert frozen(desk, cashier, BatchShape()) == [[first]]


def test_a_batch_keeps_within_rows_and_yuan_and_the_oldest_go_first(
    desk: Desk, cashier: User
) -> None:
    references = payable(desk, "张三", "李四", "王五", "赵六")
    assert frozen(desk, cashier, BatchShape(sum=Fen(120_000))) == [references[:2]]
    assert frozen(desk, cashier, BatchShape(rows=1)) == [[references[2]]]
    with pytest.raises(Refused, match=r"一笔就有 600.00 元，超过每批的限额"):
        frozen(desk, cashier, BatchShape(sum=Fen(59_999)))
    with pytest.raises(Refused, match="每批至少一笔"):
        frozen(desk, cashier, BatchShape(rows=0))
    assert waiting(desk) == references[3:]
    promises_hold(desk)


def test_a_file_has_no_more_rows_than_its_format_carries(
    desk: Desk, cashier: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = payable(desk, "张三", "李四", "王五")
    small = replace(formats.layout(FORM), max_rows=2)
    monkeypatch.setattr("banking.formats._AVAILABLE", {FORM: small})
    assert frozen(desk, cashier, BatchShape()) == [references[:2]]
    assert frozen(desk, cashier, BatchShape(rows=9)) == [references[2:]]


def test_batches_are_parted_by_plan_and_by_the_bank_of_the_payee(desk: Desk, cashier: User) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="illness-2020")
    claim_id = a_stay_and_an_illness(desk, person, "2026-05-06", "malignant_tumour")
    desk.approve_all()
    [other] = payable(desk, "李四")
    with desk.office.sessions.unit_of_work() as session:
        payment = session.scalars(select(Payment).filter_by(reference=other)).one()
        payee = payee_of(desk.office.keys, payment)
        elsewhere = type(payee)(payee.name, "1" * 16, "某某村镇银行")
        payment.payee = seal_payee(desk.office.keys, other, elsewhere)
    with desk.office.sessions.read_only() as session:
        own = select(Payment.reference).filter_by(claim_id=claim_id).order_by(Payment.id)
        references = list(session.scalars(own))
    made = frozen(desk, cashier, BatchShape(split_by=frozenset(Split)))
    assert sorted(map(len, made)) == [1, 1, 2]
    assert [other] in made
    assert sorted(chain.from_iterable(made)) == sorted([*references, other])
