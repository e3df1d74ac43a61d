"""Somebody has the program's password of the database and no key: he writes rows that fit together,
and no money leaves by them."""

import pytest
from sqlalchemy import text

from models import Batch, User
from models.people import Role
from rules.errors import Refused
from tests.desk import PASSWORD, Desk, handed_in, release_as_shown
from workflows.audit.verify_rows import rows_are_stamped
from workflows.claims.paying import payment_files
from workflows.people import passwords, sessions
from workflows.people.attempts import LogInSender
from workflows.people.sessions import Browser

MORE_MONEY = """
UPDATE decision SET amount = amount * 10;
UPDATE entitlement SET amount = amount * 10;
UPDATE payment SET amount = amount * 10;
"""
AGAINST_MONEY = {
    "all sums together": MORE_MONEY,
    "the right alone": "UPDATE entitlement SET amount = amount * 10",
    "the payee's fingerprint": "UPDATE payment SET card_print = decode('00', 'hex')",
    "what was approved": "UPDATE approval_item SET amount = amount * 10",
    "the approver's roles": "UPDATE app_user SET roles = '{clerk}' WHERE 'supervisor' = ANY(roles)",
}


def write(desk: Desk, statements: str) -> None:
    """As the program's own user of the database does, by hand."""
    with desk.office.sessions.engine.begin() as connection:
        for statement in filter(str.strip, statements.split(";")):
            connection.execute(text(statement))


@pytest.fixture
def approved(desk: Desk) -> Desk:
    """An office with one payment that waits."""
    handed_in(desk)
    desk.approve_all()
    return desk


def release(desk: Desk, batch_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        release_as_shown(session, desk.office, desk.user(Role.CASHIER), batch)


@pytest.mark.parametrize("statements", AGAINST_MONEY.values(), ids=AGAINST_MONEY)
def test_what_was_written_by_hand_is_not_put_into_a_batch(approved: Desk, statements: str) -> None:
    write(approved, statements)
    with pytest.raises(Refused, match="audit verify"):
        approved.frozen(approved.user(Role.CASHIER))


@pytest.mark.parametrize(
    "statements",
    [MORE_MONEY, "UPDATE batch SET sum = sum * 10", "UPDATE batch SET frozen_by = 1"],
    ids=["sums", "the batch's sum", "who froze it"],
)
def test_what_was_written_by_hand_is_not_released(approved: Desk, statements: str) -> None:
    batch_id = approved.frozen(approved.user(Role.CASHIER))
    write(approved, statements)
    with pytest.raises(Refused, match="audit verify"):
        release(approved, batch_id)


def test_what_was_written_by_hand_after_the_release_gets_no_file(approved: Desk) -> None:
    batch_id, cashier = approved.frozen(approved.user(Role.CASHIER)), approved.user(Role.CASHIER)
    release(approved, batch_id)
    write(approved, MORE_MONEY)
    with (
        pytest.raises(Refused, match="audit verify"),
        approved.office.sessions.unit_of_work() as session,
    ):
        batch = session.get_one(Batch, batch_id)
        payment_files.write_file(session, approved.office, cashier, batch)


def test_what_nobody_touched_is_paid(approved: Desk) -> None:
    release(approved, approved.frozen(approved.user(Role.CASHIER)))


@pytest.mark.parametrize("changed", ["roles = '{supervisor}'", "staff_number = 'x'"])
def test_an_account_changed_by_hand_lets_nobody_in(desk: Desk, changed: str) -> None:
    user = desk.user(Role.CLERK)
    assert passwords.log_in(desk.office, user.login, PASSWORD, LogInSender("here"))
    write(desk, f"UPDATE app_user SET {changed} WHERE id = {user.id}")  # noqa: S608
    with pytest.raises(Refused, match="audit verify"):
        passwords.log_in(desk.office, user.login, PASSWORD, LogInSender("here"))


def test_nobody_approves_by_roles_that_were_written_by_hand(desk: Desk) -> None:
    handed_in(desk)
    clerk = desk.user(Role.CLERK)
    write(desk, f"UPDATE app_user SET roles = '{{supervisor}}' WHERE id = {clerk.id}")  # noqa: S608
    with desk.office.sessions.read_only() as session:
        now_supervisor = session.get_one(User, clerk.id)
        session.expunge(now_supervisor)
    with pytest.raises(Refused, match="audit verify"):
        desk.approve_all(now_supervisor)


def test_an_older_stamp_cannot_be_given_again(desk: Desk) -> None:
    user = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, user.id).roles = [Role.SUPERVISOR]
    copied = "subject, columns, row_keys, stamps, key, hash"
    write(
        desk,
        f"UPDATE app_user SET roles = '{{clerk}}' WHERE id = {user.id};"  # noqa: S608
        f"INSERT INTO row_stamp ({copied}, nonce) SELECT {copied}, nonce || '\\x00'"
        f" FROM row_stamp WHERE subject = 'app_user' AND row_keys = '{user.id}'"
        " ORDER BY position LIMIT 1",
    )
    with pytest.raises(Refused, match="audit verify"):
        passwords.log_in(desk.office, user.login, PASSWORD, LogInSender("here"))
    with desk.office.sessions.read_only() as session:
        assert rows_are_stamped(session, desk.office).violations


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE web_session SET user_id = {other}",
        "UPDATE web_session SET needs_code = false",
        "UPDATE web_session SET token_print = sha256(convert_to('{token}', 'UTF8'))",
    ],
    ids=["another's", "without the second factor", "of a token of one's own"],
)
def test_a_session_written_by_hand_is_none(desk: Desk, statement: str) -> None:
    supervisor, clerk = desk.user(Role.SUPERVISOR), desk.user(Role.CLERK)
    person = supervisor if "needs_code" in statement else clerk
    with desk.office.sessions.unit_of_work() as session:
        user = session.get_one(User, person.id)
        token = sessions.begin_session(session, desk.office, user, Browser("here", "agent"))
    own = f"{supervisor.id}.{token.partition('.')[2]}"
    write(desk, statement.format(other=supervisor.id, token=own))
    with desk.office.sessions.read_only() as session:
        assert not any(sessions.session_of(session, desk.office, each) for each in (own, token))
