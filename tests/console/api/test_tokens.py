"""Who a program is, what its token lets it do, and when it ends."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import ApiToken, AuditEvent, Packet, User
from models.people import Role
from rules.errors import BadInput, Forbidden, Refused
from tests.console.api.conftest import Program, drawn
from tests.desk import Desk, a_picture
from workflows.engine.origin import Channel
from workflows.people import accounts, api_tokens, persons
from workflows.people.api_tokens import AskedToken
from workflows.people.rights import Act, may

At = Callable[..., Any]
Programs = Callable[..., Program]

PAPERS = [("files", ("a.jpg", a_picture()))]


def test_on_the_pages_two_administrators_agree_and_the_person_draws_it_once(
    desk: Desk, at_desk: At, visitor: At
) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    clerk, own = desk.user(Role.CLERK), visitor()
    own.log_in(clerk)
    last = (desk.office.today() + timedelta(days=30)).isoformat()
    form = {"user": clerk.id, "name": "扫描室", "expires_on": last, "acts": "hand_in"}
    assert "待安全管理员同意" in system.post("/people/tokens", form).text
    assert "取得令牌" not in own.get("/me").text
    with desk.office.sessions.read_only() as session:
        token = session.scalars(select(ApiToken)).one()
    assert system.post(f"/people/tokens/{token.id}/agree").status_code == 403
    assert "已同意" in security.post(f"/people/tokens/{token.id}/agree").text
    shown = own.post(f"/me/tokens/{token.id}/draw").text
    [secret] = re.findall(r"<code>(huzhu_\S+)</code>", shown)
    assert own.post(f"/me/tokens/{token.id}/draw").status_code == 409
    with desk.office.sessions.read_only() as session:
        found = api_tokens.bearer_of(session, desk.office, secret)
    assert found is not None
    assert may(found.person, Act.HAND_IN)
    assert not may(found.person, Act.CORRECT)
    assert "扫描室" in security.get("/people/tokens").text


def test_nobody_agrees_to_what_he_asked_for_or_to_his_own(desk: Desk) -> None:
    office, system = desk.office, desk.user(Role.SYSTEM_ADMIN)
    clerk, auditor = desk.user(Role.CLERK), desk.user(Role.AUDITOR)
    last = office.today()
    with office.sessions.unit_of_work() as session:
        asked = AskedToken(clerk, "x", [Act.HAND_IN], last)
        token_id = api_tokens.ask_for_token(session, office, system, asked).id
    for person in (system, clerk, auditor):
        with pytest.raises(Forbidden), office.sessions.unit_of_work() as session:
            api_tokens.agree_to_token(session, office, person, token_id)
    with pytest.raises(Refused, match="尚未同意"), office.sessions.unit_of_work() as session:
        api_tokens.draw_token(session, office, clerk, token_id)


@pytest.mark.parametrize("acts", [[], [Act.APPROVE], [Act.PAY]])
def test_no_token_gives_more_than_its_account_has(desk: Desk, acts: list[Act]) -> None:
    office, system = desk.office, desk.user(Role.SYSTEM_ADMIN)
    asked = AskedToken(desk.user(Role.CLERK), "x", acts, office.today())
    with pytest.raises(BadInput), office.sessions.unit_of_work() as session:
        api_tokens.ask_for_token(session, office, system, asked)


def test_a_token_ends_by_its_day_by_hand_and_with_its_account(
    desk: Desk, program: Programs
) -> None:
    by_day, by_hand, by_account = program(Role.CLERK), program(Role.CLERK), program(Role.CLERK)
    office, security = desk.office, desk.user(Role.SECURITY_ADMIN)
    for each in (by_day, by_hand, by_account):
        assert each.get("/packets/1").status_code == 404
    with office.sessions.unit_of_work() as session:
        api_tokens.end_token(session, office, security, by_hand.token_id)
        user = accounts.user_by_login(session, by_account.user.login)
        accounts.disable(session, office, security, user)
    assert by_hand.get("/packets/1").status_code == 401
    with office.sessions.unit_of_work() as session:
        user = accounts.user_by_login(session, by_account.user.login)
        accounts.enable(session, office, security, user, user.staff_number)
    assert by_account.get("/packets/1").status_code == 401
    desk.clock.pass_(days=31)
    assert by_day.get("/packets/1").status_code == 401


def test_a_token_ends_when_its_account_becomes_another_person_s(
    desk: Desk, program: Programs
) -> None:
    its = program(Role.CLERK)
    office = desk.office
    system, security = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.SECURITY_ADMIN)
    with office.sessions.unit_of_work() as session:
        persons.ask_staff_number(session, office, system, session.get_one(User, its.user.id), "N7")
    assert its.get("/packets/1").status_code == 404
    with office.sessions.unit_of_work() as session:
        user = session.get_one(User, its.user.id)
        persons.set_staff_number(session, office, security, user, "N7")
    assert its.get("/packets/1").status_code == 401


def test_a_secret_that_is_not_one_opens_nothing(desk: Desk, program: Programs) -> None:
    one = program(Role.CLERK)
    true = one.secret
    for text in ("", "x", "huzhu_1_", "huzhu_9999999999999999999_x", true[:-1], true + "\x00"):
        one.secret = text.encode("ascii", "ignore").decode()
        answer = one.get("/packets/1") if "\x00" not in text else one.get("/packets/2")
        assert answer.status_code in (401, 404), text
    one.secret = "huzhu_1_令牌".encode().decode("latin-1")
    with desk.office.sessions.read_only() as session:
        assert api_tokens.bearer_of(session, desk.office, "huzhu_1_令牌") is None
        assert api_tokens.bearer_of(session, desk.office, "huzhu_٣_x") is None


def test_a_token_whose_acts_or_day_were_changed_in_the_table_opens_nothing(
    desk: Desk, program: Programs
) -> None:
    one = program(Role.CLERK, Act.HAND_IN)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(ApiToken, one.token_id).acts = ["hand_in", "correct"]
    assert one.get("/packets/1").status_code == 401


def test_what_a_program_does_stands_in_the_log_with_its_account_and_token(
    desk: Desk, program: Programs
) -> None:
    one = program(Role.CLERK)
    answer = one.post("/packets", files=PAPERS)
    assert answer.status_code == 202, answer.text
    with desk.office.sessions.read_only() as session:
        events = session.scalars(select(AuditEvent).filter_by(subject="packet")).all()
        packet = session.scalars(select(Packet)).one()
    assert packet.sent_by == one.user.id
    assert {(each.channel, each.detail["token"]) for each in events} == {
        (Channel.API, one.token_id)
    }
    desk.work()
    told = one.get(f"/packets/{packet.id}").json()
    assert told["outcome"] == "taken"
    assert told["claim"].startswith("HZ")


def test_a_programs_own_password_is_not_enough(desk: Desk, program: Programs) -> None:
    one = program(Role.CLERK, Act.SEE_CLAIMS)
    answer = one.post("/packets", files=PAPERS)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "接口令牌不能用于此操作" in answer.json()["detail"]


def test_a_cookie_opens_no_route_of_the_api(desk: Desk, at_desk: At) -> None:
    assert at_desk(Role.CLERK).get("/api/v1/packets/1").status_code == 401


def test_a_unit_program_sees_only_its_own_packets(desk: Desk, program: Programs) -> None:
    office_packet = program(Role.CLERK).post("/packets", files=PAPERS).json()["packet"]
    unit = program(Role.UNIT_CLERK)
    assert unit.get(f"/packets/{office_packet}").status_code == 404
    own = unit.post("/packets", files=PAPERS).json()["packet"]
    assert unit.get(f"/packets/{own}").status_code == 200


def test_drawn_secrets_are_never_the_same(desk: Desk) -> None:
    user = desk.user(Role.CLERK)
    assert drawn(desk, user)[1] != drawn(desk, user)[1]
