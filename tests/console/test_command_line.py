"""Acts at the command line: the person's password, and whose command it was in every event."""

import getpass
import io
import json
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import pytest
import typer
from sqlalchemy import select
from typer.main import get_command

from console import bank_cli, batch_cli, claims_cli, people_cli, retention_cli
from models import AuditEvent, Batch, User
from models.people import Role
from rules.errors import Refused
from tests.desk import PASSWORD, Desk, handed_in, number_of, promises_hold
from workflows.people.accounts import user_by_login
from workflows.people.attempts import LogInSender
from workflows.people.second_factor import code_of, give_code, new_secret, take_up


class Terminal(io.StringIO):
    """An input at which a person sits."""

    def isatty(self) -> bool:
        return True


SECRET = new_secret()


def with_telephone(desk: Desk, role: Role) -> User:
    """A person who has set his second factor up."""
    user = desk.user(role)
    with desk.office.sessions.unit_of_work() as session:
        take_up(session, desk.office, session.get_one(User, user.id), SECRET)
    return user


@pytest.fixture
def asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person at a terminal is asked for; he types the usual password, and the code that his
    telephone shows."""
    prompts: list[str] = []

    def typed(prompt: str) -> str:
        prompts.append(prompt)
        if not prompt.endswith("动态口令："):
            return PASSWORD
        with desk.office.sessions.read_only() as session:
            user = user_by_login(session, prompt.split()[0])
            return code_of(session, desk.office, user, SECRET)

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", typed)
    return prompts


@dataclass(frozen=True)
class Line:
    """A command line of this office."""

    desk: Desk
    output: pytest.CaptureFixture[str]

    def run(self, commands: typer.Typer, *words: str) -> str:
        """What the command says."""
        opening = partial(nullcontext, self.desk.office)
        get_command(commands).main(words, obj=opening, standalone_mode=False)
        return self.output.readouterr().out


@pytest.fixture
def line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(desk, capsys)


def commands_told(desk: Desk, verb: str) -> list[object]:
    with desk.office.sessions.read_only() as session:
        events = session.scalars(select(AuditEvent).filter_by(verb=verb))
        return [event.detail.get("command_of") for event in events]


def test_an_approval_asks_for_the_password_and_says_that_it_was_a_command(
    desk: Desk, line: Line, asked: list[str]
) -> None:
    claim_id, person = desk.claim(desk.member()), with_telephone(desk, Role.SUPERVISOR)
    desk.work()
    number = number_of(desk, claim_id)
    said = line.run(claims_cli.commands, "approve", "--as", person.login, number)
    assert "已审批 1 件" in said
    assert asked == [f"{person.login} 的密码：", f"{person.login} 的动态口令："]
    assert commands_told(desk, "approve") == [getpass.getuser()]
    assert commands_told(desk, "receive") == [None], "what steps do is nobody's command"
    desk.work()
    cashier = with_telephone(desk, Role.CASHIER)
    said = line.run(batch_cli.commands, "batch", "freeze", "--as", cashier.login)
    assert "1 笔，合计 600.00 元" in said
    assert set(commands_told(desk, "freeze")) == {getpass.getuser()}
    number = said.split("批次 ")[1].split("：")[0]
    own = desk.office.settings.data / "a cashier's"
    of_his = ("--as", cashier.login, "--to", str(own))
    line.run(batch_cli.commands, "batch", "draft", number, *of_his)
    assert len(list(own.iterdir())) == 1
    assert not desk.office.settings.out_folder.exists()
    assert commands_told(desk, "make_draft") == [getpass.getuser()]
    promises_hold(desk)


@pytest.mark.usefixtures("asked")
def test_a_simulated_bank_answers_a_released_batch_the_same_for_each_seed(
    desk: Desk, line: Line
) -> None:
    handed_in(desk)
    desk.approve_all()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Batch, desk.released()).number
    login, found = with_telephone(desk, Role.CASHIER).login, []
    for name in ("one", "two"):
        folder = desk.office.settings.data / name
        folder.mkdir()
        asked = ("--as", login, "--seed", "3", "--to", str(folder))
        said = line.run(bank_cli.commands, "bank", "simulate", number, *asked)
        assert f"放行后 0 天：{folder}" in said
        found.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert found[0] == found[1]


@pytest.mark.usefixtures("asked")
def test_what_a_command_begins_says_that_it_was_a_command(desk: Desk, line: Line) -> None:
    """The letter of a denial is wanted in the transaction of its approval."""
    claim_id = desk.claim(desk.member(), discharged="2026-03-03")
    desk.work()
    login = with_telephone(desk, Role.SUPERVISOR).login
    line.run(claims_cli.commands, "approve", "--as", login, number_of(desk, claim_id))
    assert commands_told(desk, "want") == [getpass.getuser()]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    "words", [("approve",), ("claims", "retry", "HZ2026000001"), ("batch", "freeze")]
)
def test_a_wrong_password_and_a_shut_or_new_account_act_in_nothing(
    desk: Desk, line: Line, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    commands = (batch_cli if words[0] == "batch" else claims_cli).commands
    shut, new, known = (with_telephone(desk, Role.SUPERVISOR) for _ in range(3))
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, shut.id).disabled_at = desk.clock()
        session.get_one(User, new.id).must_change_password = True
    for person, why in ((shut, "用户名或密码不对"), (new, "把初始密码改成")):
        with pytest.raises(Refused, match=why):
            line.run(commands, *words, "--as", person.login)
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: "a wrong password")
    with pytest.raises(Refused, match="用户名或密码不对"):
        line.run(commands, *words, "--as", known.login)
    assert commands_told(desk, "fail_log_in") == [getpass.getuser()] * 2


def test_without_a_terminal_nobody_acts(
    desk: Desk, line: Line, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    person = desk.user(Role.SUPERVISOR)
    with pytest.raises(Refused, match="没有终端，不能办理"):
        line.run(claims_cli.commands, "approve", "--as", person.login)
    assert asked == []


def test_the_people_of_the_demonstration_need_not_type_but_the_file_alone_lets_nobody_in(
    desk: Desk, line: Line, asked: list[str]
) -> None:
    person = with_telephone(desk, Role.SUPERVISOR)
    file = desk.office.settings.sample_log_ins
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({person.login: PASSWORD, f"{person.login} totp": SECRET}))
    assert "已审批 0 件" in line.run(claims_cli.commands, "approve", "--as", person.login)
    assert asked == []
    file.write_text(json.dumps({person.login: "what an insider writes there"}))
    with pytest.raises(Refused, match="用户名或密码不对"):
        line.run(claims_cli.commands, "approve", "--as", person.login)


def test_who_is_asked_for_a_second_factor_and_has_none_or_gives_a_wrong_one_acts_in_nothing(
    desk: Desk, line: Line, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("approve", "--as", desk.user(Role.SUPERVISOR).login)
    with pytest.raises(Refused, match="设置动态口令"):
        line.run(claims_cli.commands, *words)
    person = with_telephone(desk, Role.SUPERVISOR)
    answers = {f"{person.login} 的密码：": PASSWORD, f"{person.login} 的动态口令：": "000000"}
    monkeypatch.setattr(getpass, "getpass", answers.__getitem__)
    with pytest.raises(Refused, match="动态口令不对"):
        line.run(claims_cli.commands, "approve", "--as", person.login)


def test_the_code_of_the_demonstration_is_what_the_persons_telephone_would_show(
    desk: Desk, line: Line
) -> None:
    person = with_telephone(desk, Role.SUPERVISOR)
    assert "没有演示用的动态口令" in line.run(people_cli.commands, "demo-code", person.login)
    file = desk.office.settings.sample_log_ins
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({f"{person.login} totp": SECRET}))
    said = line.run(people_cli.commands, "demo-code", person.login).strip()
    with desk.office.sessions.unit_of_work() as session:
        sender = LogInSender("192.0.2.7")
        assert give_code(session, desk.office, person, said, sender)


def test_one_person_asks_for_a_hold_at_the_terminal_and_another_confirms_it(
    desk: Desk, line: Line, asked: list[str]
) -> None:
    desk.claim(desk.member())
    auditor, admin = (with_telephone(desk, role) for role in (Role.AUDITOR, Role.SECURITY_ADMIN))
    hold = ("retention", "hold", "--member", "1", "--reason", "诉讼", "--as", auditor.login)
    assert "等另一人确认" in line.run(retention_cli.commands, *hold)
    with pytest.raises(Refused, match="另一人"):
        line.run(retention_cli.commands, "retention", "confirm", "1", "--as", auditor.login)
    line.run(retention_cli.commands, "retention", "confirm", "1", "--as", admin.login)
    assert "会员 1" in (held := line.run(retention_cli.commands, "retention", "holds"))
    assert "已确认" in held
    assert len(asked) == 6
