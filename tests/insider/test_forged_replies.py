"""A dishonest cashier loads a reply that the bank never gave: money that arrived is said to have
come back, so that the same right would be paid a second time."""

import pytest

from banking import simulator
from models import Batch, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, handed_in
from tests.insider.test_money_once import file_of
from tests.workflows.claims.approving.test_second_look import approved, queued
from workflows.claims.paying import bank_reply, paid_again

FORM = "ccb-list"


@pytest.fixture
def insider(desk: Desk) -> User:
    return desk.user(Role.CASHIER, Role.CLERK)


def reply_loaded(desk: Desk, cashier: User, batch_id: int, results: dict[str, str]) -> None:
    reply = simulator.answer(file_of(desk, cashier, batch_id), FORM, results, (), desk.clock())
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        bank_reply.load_reply(session, desk.office, cashier, batch, reply)


def forged(desk: Desk, insider: User) -> int:
    """A claim whose money arrived, and that his reply calls returned."""
    person = desk.member()
    claim_id = handed_in(desk, person)
    desk.approve_all()
    reply_loaded(desk, insider, desk.released(), {person.card: "3008"})
    return claim_id


def again(desk: Desk, person: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, person, claim, "已核实")


def test_who_loaded_the_return_has_it_not_paid_again(desk: Desk, insider: User) -> None:
    claim_id = forged(desk, insider)
    for person in (insider, desk.user(Role.CLERK, of=insider)):
        with pytest.raises(Refused, match="载入"):
            again(desk, person, claim_id)
    again(desk, desk.user(Role.CLERK), claim_id)


def test_the_supervisor_sees_whose_reply_it_was_and_asks_the_statement(
    desk: Desk, insider: User
) -> None:
    claim_id = forged(desk, insider)
    again(desk, desk.user(Role.CLERK), claim_id)
    [item] = queued(desk)
    [told] = [look.sentence for look in item.looks if "银行流水" in look.sentence]
    assert insider.name in told
    assert "3008" in told
    assert approved(desk, desk.user(Role.SUPERVISOR), [item]) == 0
    assert desk.payments(claim_id) == ["returned"]
