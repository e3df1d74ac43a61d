"""The second factor: codes that count once, recovery codes, and a reset by two administrators."""

from contextlib import nullcontext

import pyotp
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from console.people_cli import commands
from models import AuditEvent, RecoveryCode, SecondFactor, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk
from workflows.people import accounts, second_factor
from workflows.people.attempts import LogInSender, TryLater
from workflows.people.passwords import log_in

HERE = LogInSender("192.0.2.7")


def paired(desk: Desk, user: User) -> tuple[str, list[str]]:
    """The secret on his telephone and his recovery codes."""
    with desk.office.sessions.unit_of_work() as session:
        shown = second_factor.pairing(session, desk.office, user)
    with desk.office.sessions.unit_of_work() as session:
        code = pyotp.TOTP(shown.secret).at(desk.clock())
        codes = second_factor.confirm_pairing(session, desk.office, user, code, HERE)
    assert codes is not None
    desk.clock.pass_(minutes=2)
    return shown.secret, codes


def gives(desk: Desk, user: User, code: str, sender: LogInSender = HERE) -> bool:
    with desk.office.sessions.unit_of_work() as session:
        return second_factor.give_code(session, desk.office, user, code, sender)


def test_a_code_counts_once_and_half_a_minute_early_or_late(desk: Desk) -> None:
    user = desk.user(Role.CASHIER)
    secret, _codes = paired(desk, user)
    maker, now = pyotp.TOTP(secret), int(desk.clock().timestamp())
    assert not gives(desk, user, maker.at(now - 60))
    assert not gives(desk, user, maker.at(now + 60))
    assert gives(desk, user, maker.at(now - 30))
    assert not gives(desk, user, maker.at(now - 30)), "it was used"
    assert gives(desk, user, maker.at(now + 30))
    assert not gives(desk, user, maker.at(now)), "an older one than the last does not count"


def test_the_secret_is_sealed_and_recovery_codes_are_kept_as_hashes(desk: Desk) -> None:
    user = desk.user(Role.SUPERVISOR)
    secret, codes = paired(desk, user)
    with desk.office.sessions.read_only() as session:
        assert secret.encode() not in session.get_one(SecondFactor, user.id).secret
        kept = session.scalars(select(RecoveryCode.code_print)).all()
    assert len(set(kept)) == len(set(codes)) == 10
    assert gives(desk, user, codes[3].lower().replace("-", " "))
    assert not gives(desk, user, codes[3]), "each counts once"
    assert gives(desk, user, codes[4])
    assert not gives(desk, desk.user(Role.SUPERVISOR), codes[5]), "another person's"


def test_wrong_codes_make_strangers_wait_wherever_they_are_but_not_the_person_at_his_desk(
    desk: Desk,
) -> None:
    user = desk.user(Role.SUPERVISOR)
    secret, _codes = paired(desk, user)
    for at in range(5):
        assert not gives(desk, user, "000000", LogInSender(f"192.0.2.{at}"))
    right = pyotp.TOTP(secret).at(desk.clock())
    with pytest.raises(TryLater):
        gives(desk, user, right)
    assert gives(desk, user, right, LogInSender("192.0.2.7", "his own browser"))


def test_two_administrators_reset_a_second_factor(desk: Desk) -> None:
    user, office = desk.user(Role.CASHIER), desk.office
    system, security = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.SECURITY_ADMIN)
    paired(desk, user)
    paired(desk, system)
    for admin, whose in ((system, system), (desk.user(Role.CLERK), user)):
        with pytest.raises(Refused), office.sessions.unit_of_work() as session:
            second_factor.ask_reset(session, office, admin, session.get_one(User, whose.id))
    with office.sessions.unit_of_work() as session:
        second_factor.ask_reset(session, office, system, session.get_one(User, user.id))
    with pytest.raises(Refused, match="提出人以外"), office.sessions.unit_of_work() as session:
        second_factor.agree_reset(session, office, system, session.get_one(User, user.id))
    with office.sessions.unit_of_work() as session:
        second_factor.agree_reset(session, office, security, session.get_one(User, user.id))
    with office.sessions.read_only() as session:
        assert not second_factor.has_factor(session, user)
        assert second_factor.codes_left(session, user) == 0
        verbs = set(session.scalars(select(AuditEvent.verb).filter_by(subject_id=user.id)))
    assert {"ask_factor_reset", "reset_factor"} <= verbs


def test_the_only_security_administrator_comes_in_again_by_a_code_from_the_machine(
    desk: Desk,
) -> None:
    user = desk.user(Role.SECURITY_ADMIN)
    paired(desk, user)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, user.id).disabled_at = desk.clock()
    result = CliRunner().invoke(
        commands, ["setup", user.login], obj=lambda: nullcontext(desk.office)
    )
    code = result.output.split("：")[1].split("（")[0]
    found = log_in(desk.office, user.login, code, HERE)
    assert found is not None
    assert found.must_change_password
    with desk.office.sessions.read_only() as session:
        assert not second_factor.has_factor(session, found)
        event = session.scalars(select(AuditEvent).filter_by(verb="set_up_again")).one()
    assert event.detail["command_of"]
    desk.clock.pass_(days=1)
    assert log_in(desk.office, user.login, code, HERE) is None, "it holds for a day"


def test_nobody_but_an_administrator_is_set_up_at_the_machine(desk: Desk) -> None:
    login = desk.user(Role.CASHIER).login
    with pytest.raises(Refused, match="只为管理员"), desk.office.sessions.unit_of_work() as session:
        accounts.set_up_again(session, desk.office, login)
