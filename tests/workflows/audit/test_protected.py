"""Protected rows carry a stamp of what the program wrote: whoever writes otherwise is found."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models import Member, PayingAccount, Payment, ReplyCase, User
from models.people import Role
from rules.money import yuan
from tests.banking.statements import entry, statement_of
from tests.conftest import AS_OWNER
from tests.desk import Desk, a_card_number, handed_in
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.audit.verify_rows import (
    WORDS,
    cards_open,
    rows_are_stamped,
    stamp_what_is_there,
)
from workflows.books import statements
from workflows.claims.paying import bank_reply, reply_cases
from workflows.engine.protected import PROTECTED
from workflows.people.second_factor import new_secret, take_up
from workflows.sealed_values.places import PLACES

TRIES = {
    "releaser": "UPDATE batch SET released_by = :other",
    "approver": "UPDATE approval SET approver_id = :other",
    "added approval": "INSERT INTO approval (id, approver_id, approved_at, count, sum, digest)"
    " OVERRIDING SYSTEM VALUE"
    " SELECT 99, approver_id, approved_at, count, sum, digest FROM approval",
    "role": "UPDATE app_user SET roles = '{supervisor}' WHERE 'clerk' = ANY(roles)",
    "password hash": "UPDATE app_user SET password_hash = 'x' WHERE id = 1",
    "person": "UPDATE app_user SET staff_number = 'x' WHERE id = 1",
    "removed user": "DELETE FROM app_user WHERE id = :other",
    "card": "UPDATE member SET card_print = (SELECT max(card_print) FROM payment) || '1'",
    "sealed card": "UPDATE member SET card = (SELECT card FROM member ORDER BY id LIMIT 1)",
    "older card": "UPDATE member SET card = :old WHERE id = :last",
    "payee": "UPDATE payment SET payee = (SELECT payee FROM payment ORDER BY id LIMIT 1)",
    "amount of a payment": "UPDATE payment SET amount = amount + 1",
    "amount of a decision": "UPDATE decision SET amount = amount + 1",
    "amount of a right": "UPDATE entitlement SET amount = amount + 1",
    "removed payment": "DELETE FROM payment WHERE id = 1",
    "maker": "DELETE FROM maker",
    "paying account": "UPDATE paying_account SET account = '1'",
    "second factor": "DELETE FROM second_factor",
    "security key": "INSERT INTO security_key"
    " (id, user_id, name, credential, public_key, signed, added_at)"
    " OVERRIDING SYSTEM VALUE SELECT 99, 1, 'x', '\\x61', '\\x62', 0, now()",
    "fee": "UPDATE fee_receipt SET amount = amount + 1",
    "stamp": "DELETE FROM row_stamp WHERE subject = 'payment'",
    "odd line": "UPDATE reply_case SET answer = 'left', reason = 'x', answered_by = 1,"
    " answered_at = now()",
    "word of the bank": "UPDATE bank_word SET agreed = true, dealt_by = :other, dealt_at = now()",
    "late return": "INSERT INTO late_return (id, payment_id, noted_by, noted_at)"
    " OVERRIDING SYSTEM VALUE SELECT 99, id, 1, now() FROM payment LIMIT 1",
    "line of a statement": "UPDATE statement_line SET amount = amount + 1",
}


def faults(session: Session, desk: Desk) -> tuple[str, ...]:
    stamped, cards = rows_are_stamped(session, desk.office), cards_open(session, desk.office)
    return stamped.violations + cards.violations


@pytest.fixture
def paid(desk: Desk) -> Desk:
    """An office that has released two payments."""
    first, _second = handed_in(desk), handed_in(desk)
    desk.correct(desk.user(Role.CLERK), first, discharged_on="2026-03-13")
    desk.work()
    desk.approve_all()
    desk.work()
    desk.released()
    return desk


def told_by_the_bank(desk: Desk) -> None:
    """A word of the bank that was taken from an odd line, and a line of a statement."""
    office, cashier = desk.office, desk.user(Role.CASHIER)
    with office.sessions.unit_of_work() as session:
        payment = session.scalars(select(Payment).order_by(Payment.id)).first()
        account = session.scalars(select(PayingAccount.account)).one()
        assert payment
        assert payment.batch
        line = f"处理结果,账号,户名,金额,备注\n0000,1,某,{yuan(payment.amount)},{payment.reference}"
        bank_reply.load_reply(session, office, cashier, payment.batch, line.encode())
        case = session.scalars(select(ReplyCase)).one()
        reply_cases.match_line(session, office, cashier, case, payment.reference, "已核实")
        content = statement_of(account, entry("3.21", "结息"))
        statements.load_statement(session, office, cashier, content)


def test_what_is_written_past_the_program_is_found(paid: Desk) -> None:
    Hall.of(paid, unit="第二厅机关工会").covered([Worker("张三"), Worker("李四"), Worker("王五")])
    person = paid.member()
    with paid.office.sessions.unit_of_work() as session:
        take_up(session, paid.office, session.get_one(User, 1), new_secret())
    with paid.office.sessions.read_only() as session:
        last = session.scalars(select(Member).order_by(Member.id.desc())).first()
        assert last is not None
        values = {"old": last.card, "last": last.id, "other": paid.user(Role.CLERK).id}
    paid.change_card(person, a_card_number())
    told_by_the_bank(paid)
    with paid.office.sessions.read_only() as session:
        assert faults(session, paid) == ()
        found = {}
        for name, statement in TRIES.items():
            session.execute(text(AS_OWNER))
            session.execute(text("SET LOCAL session_replication_role = replica"))
            assert session.execute(text(statement), values).rowcount  # type: ignore[attr-defined]
            found[name] = bool(faults(session, paid))
            session.rollback()
    assert found == dict.fromkeys(TRIES, True)


def test_rows_from_before_are_stamped_once_as_they_are_found(paid: Desk) -> None:
    with paid.office.sessions.engine.begin() as connection:
        connection.execute(text(AS_OWNER))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM row_stamp"))
    stamp_what_is_there(paid.office)
    with paid.office.sessions.unit_of_work() as session:
        assert faults(session, paid) == ()
        session.connection().execute(text("UPDATE app_user SET name = 'x'"))
    stamp_what_is_there(paid.office)
    with paid.office.sessions.read_only() as session:
        assert faults(session, paid)


def test_a_savepoint_that_is_rolled_back_leaves_no_stamp(desk: Desk) -> None:
    user_id = desk.user(Role.CLERK).id
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, user_id).name = "kept"
        with session.begin_nested() as savepoint:
            session.get_one(User, user_id).name = "undone"
            session.flush()
            savepoint.rollback()
    with desk.office.sessions.read_only() as session:
        assert session.get_one(User, user_id).name == "kept"
        assert faults(session, desk) == ()


def test_a_statement_that_would_not_be_stamped_is_a_bug(desk: Desk) -> None:
    with (
        pytest.raises(TypeError, match="app_user"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.execute(update(User).values(name="x"))


def test_no_value_that_is_sealed_anew_with_another_key_is_stamped() -> None:
    sealed = {(place.table, place.column) for place in PLACES}
    assert sealed.isdisjoint((table, name) for table, names in PROTECTED.items() for name in names)


def test_every_protected_table_has_a_word_also_while_it_is_empty() -> None:
    assert WORDS.keys() == PROTECTED.keys()
