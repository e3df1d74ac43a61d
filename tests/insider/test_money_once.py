"""A dishonest person tries to have one right paid twice, or from an account that is nobody's; each
try ends in a refusal, or in a question that names it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from models import Batch, PayingAccount, Payment, User
from models.people import Role
from rules.errors import Refused
from rules.verdict import Code
from settings import SAMPLE_PAYER
from tests import as_shown
from tests.conftest import AS_OWNER
from tests.desk import BANK_PAPER, Desk, a_card_number, handed_in, promises_hold, release_as_shown
from tests.insider.test_payee_swaps import keyed_and_waived, paid_to
from tests.workflows.claims.acts.test_answers import asked
from tests.workflows.claims.test_every_question import an_accident, say
from workflows.claims.paying import batches, payment_files, sent_batches


def file_of(desk: Desk, cashier: User, batch_id: int) -> bytes:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        return payment_files.write_file(session, desk.office, cashier, batch).content


def test_a_cashier_never_holds_two_files_for_one_right(desk: Desk) -> None:
    """No file before the release; after it none of another batch, whatever she says of the first
    one: her word that the bank did not take it needs another person's."""
    claim_id, cashier = handed_in(desk, desk.member()), desk.user(Role.CASHIER)
    again, second = desk.user(Role.CASHIER, of=cashier), desk.user(Role.CASHIER)
    desk.approve_all()
    batch_id = desk.frozen(cashier)
    with pytest.raises(Refused, match="尚未放行"):
        file_of(desk, cashier, batch_id)
    with desk.office.sessions.unit_of_work() as session:
        release_as_shown(session, desk.office, second, session.get_one(Batch, batch_id))
    first = file_of(desk, cashier, batch_id)
    assert file_of(desk, cashier, batch_id) == first
    with pytest.raises(Refused, match="银行文件"), desk.office.sessions.unit_of_work() as session:
        batches.discard(session, desk.office, cashier, session.get_one(Batch, batch_id))
    with desk.office.sessions.unit_of_work() as session:
        [reference] = session.scalars(select(Payment.reference)).all()
        batch, word = session.get_one(Batch, batch_id), "柜台答复未受理"
        told = (word, [reference], BANK_PAPER)
        sent_batches.ask_discard(session, desk.office, cashier, batch, *told)
    with pytest.raises(Refused, match="另一人"), desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        as_shown.agree_discard(session, desk.office, again, batch)
    with pytest.raises(Refused, match="没有待组批"):
        desk.frozen(cashier)
    assert desk.payments(claim_id) == ["sent"]
    promises_hold(desk)


def test_nothing_is_frozen_for_the_sample_account(desk: Desk) -> None:
    handed_in(desk, desk.member())
    desk.approve_all()
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        session.delete(session.get_one(PayingAccount, 1))
    sample = desk.office.settings.model_copy(update={"payer_account": SAMPLE_PAYER})
    desk.office = replace(desk.office, settings=sample)
    desk.settle_in()
    with pytest.raises(Refused, match="没有付款账户"):
        desk.frozen(desk.user(Role.CASHIER))


def test_a_payee_that_one_of_his_accounts_keyed_is_not_confirmed_by_the_other(desk: Desk) -> None:
    claim_id, insider, mine = (
        handed_in(desk, desk.member()),
        desk.user(Role.CLERK),
        a_card_number(),
    )
    keyed_and_waived(desk, insider, claim_id, mine)
    for role in (Role.CLERK, Role.SUPERVISOR):
        with pytest.raises(Refused, match="经手过"):
            desk.confirm_payee(claim_id, desk.user(role, of=insider))
    assert desk.state_of(claim_id) == "in_question"
    desk.approve_all()
    assert paid_to(desk, claim_id) == set()


def test_an_accident_moved_by_a_day_is_asked_about_and_paid_as_one(desk: Desk) -> None:
    person = desk.member()
    an_accident(desk, person, "2026-03-02")
    moved = an_accident(desk, person, "2026-03-03")
    assert asked(desk, moved) == [Code.ACCIDENT_NEAR]
    assert desk.approve_all().sum == 12_000_00
    assert desk.payments(moved) == [], "it waits for the answer"
    say(desk, moved, Code.ACCIDENT_NEAR, "same")
    assert desk.decision(moved).amount == 8_000_00
    promises_hold(desk)
