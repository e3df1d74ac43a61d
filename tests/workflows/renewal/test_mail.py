"""Notices go out by a real mail server: once, or again as the very same message, or not at all."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import CoverYear, Member, Renewal, Unit
from models.states import EnrolmentState
from rules.renewal import due_on
from tests.desk import STEP_BY_NAME, Desk
from tests.renewals import END, a_year, an_enrolment, rungs_of, set_day
from tests.smtp import PASSWORD, MailServer, a_certificate, knows_password, mail_server
from workflows.engine.run import run
from workflows.engine.steps import Lease
from workflows.renewal.mail import gather, work
from workflows.renewal.reminders import look
from workflows.sealed_values.members import card_of, id_number_of
from workflows.sweep import sweep

UNIT_MAIL = "gonghui@unit.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


def at_server(desk: Desk, port: int, **settings: object) -> Desk:
    """The same office, with this mail server."""
    changed = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "smtp_seconds": 280.0,
        "mail_from": "huzhu@office.example",
        **settings,
    }
    settings_now = desk.office.settings.model_copy(update=changed)
    return Desk(replace(desk.office, settings=settings_now), desk.clock, desk.bells)


def reminded(desk: Desk, email: str | None = UNIT_MAIL) -> CoverYear:
    """A unit whose notice of sixty days before the end has just come due, and was worked on."""
    year = a_year(desk, email=email)
    set_day(desk, due_on(END, -60))
    look(desk.office)
    desk.work()
    return year


def only_row(desk: Desk) -> Renewal:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Renewal)).one()


def an_hour_later(desk: Desk) -> None:
    desk.clock.pass_(hours=1, seconds=1)
    sweep(desk.office)
    desk.work()


def test_the_notice_and_a_masked_roster_reach_the_unit(desk: Desk, server: MailServer) -> None:
    desk = at_server(desk, server.port)
    reminded(desk)
    row = only_row(desk)
    [message] = server.kept
    assert (row.state, row.message_id) == ("sent", message["Message-ID"])
    assert row.mailed_at == desk.clock()
    assert server.recipients == [[UNIT_MAIL]]
    assert (
        message["Subject"]
        == "关于在职职工住院津贴综合互助保障计划续保的通知（互助续保〔2026〕1号）"
    )
    assert message["From"].addresses[0].addr_spec == "huzhu@office.example"
    letter, roster = message.iter_attachments()
    assert letter.get_filename() == "续保通知.docx"
    assert letter.get_content() == desk.office.store.get(row.letter_sha256 or "")
    assert roster.get_content() == desk.office.store.get(row.mailed_roster_sha256 or "")
    body = message.get_body(("plain",))
    assert body is not None
    assert "2026年12月31日" in body.get_content()


def test_no_number_of_a_member_goes_by_mail_but_the_roster_to_download_has_them(
    desk: Desk, server: MailServer
) -> None:
    desk = at_server(desk, server.port)
    reminded(desk)
    row, keys = only_row(desk), desk.office.keys
    with desk.office.sessions.read_only() as session:
        members = session.scalars(select(Member)).all()
        numbers = {id_number_of(keys, m) for m in members} | {card_of(keys, m) for m in members}
    _letter, roster = server.kept[0].iter_attachments()
    mailed = cells(roster.get_content())
    assert not numbers & mailed
    assert numbers <= cells(desk.office.store.get(row.roster_sha256 or ""))
    over_age = "2027-01-01 已超过 60 周岁"
    assert over_age in mailed
    assert over_age in cells(desk.office.store.get(row.roster_sha256 or ""))


def cells(content: bytes) -> set[object]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return {cell for line in sheet.to_python() for cell in line}


def test_without_mail_address_or_mail_server_the_notice_is_on_the_units_page(
    desk: Desk, server: MailServer
) -> None:
    reminded(desk)
    assert only_row(desk).state == "posted"
    year = a_year(at_server(desk, server.port))
    set_day(desk, due_on(END, -30))
    look(desk.office)
    at_server(desk, server.port).work()
    assert rungs_of(desk, year)[-30] == "posted"


def test_a_server_that_is_busy_is_asked_again_later(desk: Desk, server: MailServer) -> None:
    server.on_rcpt = ["451 try again later"]
    desk = at_server(desk, server.port)
    reminded(desk)
    row = only_row(desk)
    assert (row.state, row.parked_at, row.attempts) == ("written", None, 1)
    an_hour_later(desk)
    assert only_row(desk).state == "sent"
    assert len(server.kept) == 1


def test_a_server_that_cannot_be_reached_is_asked_again_later(
    desk: Desk, server: MailServer
) -> None:
    reminded(at_server(desk, 1))
    assert only_row(desk).state == "written"
    an_hour_later(at_server(desk, server.port))
    assert only_row(desk).state == "sent"


@pytest.mark.parametrize(
    ("on_rcpt", "on_data", "cause"),
    [
        (["550 no such user"], [], "邮件服务器拒收该收件地址（550）"),
        ([], ["554 looks like spam"], "邮件服务器拒收邮件（554）"),
    ],
)
def test_a_refusal_for_good_is_on_the_failed_list_at_once_and_names_no_address(
    desk: Desk, server: MailServer, on_rcpt: list[str], on_data: list[str], cause: str
) -> None:
    server.on_rcpt, server.on_data = on_rcpt, on_data
    reminded(at_server(desk, server.port))
    row = only_row(desk)
    assert row.parked_cause == cause
    assert UNIT_MAIL not in row.parked_cause
    assert server.kept == []


@pytest.mark.parametrize("address", ["nobody", "a@", "张三@单位.cn", "a@b.cn\r\nBcc: c@d.cn", "<>"])
def test_an_address_that_is_none_is_on_the_failed_list(
    desk: Desk, server: MailServer, address: str
) -> None:
    reminded(at_server(desk, server.port), email=address)
    assert only_row(desk).parked_cause == "邮箱地址无法使用"
    assert server.kept == []


def test_without_an_address_of_its_own_the_office_is_told_what_to_set(
    desk: Desk, server: MailServer
) -> None:
    reminded(at_server(desk, server.port, mail_from=""))
    assert "HUZHU_MAIL_FROM" in (only_row(desk).parked_cause or "")


def test_a_server_that_dies_before_it_kept_the_message_gets_it_once_more(
    desk: Desk, server: MailServer
) -> None:
    server.on_data = ["die"]
    desk = at_server(desk, server.port)
    reminded(desk)
    assert only_row(desk).state == "written"
    an_hour_later(desk)
    assert only_row(desk).state == "sent"
    assert len(server.kept) == 1


def test_a_server_that_kept_the_message_and_died_gets_the_very_same_one(
    desk: Desk, server: MailServer
) -> None:
    server.on_data = ["keep and die"]
    desk = at_server(desk, server.port)
    reminded(desk)
    an_hour_later(desk)
    assert only_row(desk).state == "sent"
    first, second = server.raw
    assert first == second
    assert server.message_ids == {only_row(desk).message_id}


def test_a_worker_that_dies_between_sending_and_recording_sends_the_very_same_message(
    desk: Desk, server: MailServer
) -> None:
    desk = at_server(desk, server.port)
    year = a_year(desk, email=UNIT_MAIL)
    set_day(desk, due_on(END, -60))
    look(desk.office)
    run(desk.office, STEP_BY_NAME["write_renewal"], only_row(desk).id)
    step = STEP_BY_NAME["mail_renewal"]
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Renewal, only_row(desk).id, with_for_update=True)
        parcel = gather(session, row, desk.office)
    assert parcel is not None
    work(parcel, desk.office, Lease(desk.office, step, row.id, row.fence))  # type: ignore[arg-type]
    desk.clock.pass_(days=2)
    desk.work()
    assert rungs_of(desk, year) == {-60: "sent"}
    assert server.raw[0] == server.raw[1]
    assert server.message_ids == {only_row(desk).message_id}


def test_who_renews_while_the_server_is_away_gets_no_mail(desk: Desk, server: MailServer) -> None:
    year = reminded(at_server(desk, 1))
    an_enrolment(desk, year, EnrolmentState.ACCEPTED)
    an_hour_later(at_server(desk, server.port))
    assert rungs_of(desk, year) == {-60: "stopped"}
    assert server.kept == []


def test_a_notice_kept_back_by_the_server_gives_way_to_the_next(
    desk: Desk, server: MailServer
) -> None:
    year = reminded(at_server(desk, 1))
    set_day(desk, due_on(END, -30))
    look(desk.office)
    sweep(desk.office)
    at_server(desk, server.port).work()
    assert rungs_of(desk, year) == {-60: "overtaken", -30: "sent"}
    assert len(server.kept) == 1


def test_log_in_goes_over_an_encrypted_connection(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with mail_server(
        tls_context=context, require_starttls=True, authenticator=knows_password, auth_required=True
    ) as server:
        secret = {"smtp_user": "huzhu@office.example", "smtp_password": SecretStr(PASSWORD)}
        reminded(at_server(desk, server.port, smtp_security="starttls", mail_from="", **secret))
    assert only_row(desk).state == "sent"
    assert server.was_encrypted


def test_a_wrong_password_is_on_the_failed_list(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with mail_server(
        ssl_context=context, authenticator=knows_password, auth_require_tls=False
    ) as found:
        secret = {"smtp_user": "huzhu", "smtp_password": SecretStr("wrong")}
        reminded(at_server(desk, found.port, smtp_security="tls", **secret))
    assert "邮件服务器不接受用户名或密码（535）" in (only_row(desk).parked_cause or "")


def test_a_server_without_a_trusted_certificate_is_told_nothing(desk: Desk, tmp_path: Path) -> None:
    _path, context = a_certificate(tmp_path)
    with mail_server(tls_context=context) as server:
        reminded(at_server(desk, server.port, smtp_security="starttls"))
    assert "证书无法验证" in (only_row(desk).parked_cause or "")
    assert server.kept == []


def test_a_server_that_cannot_encrypt_is_told_nothing(desk: Desk, server: MailServer) -> None:
    reminded(at_server(desk, server.port, smtp_security="starttls"))
    assert "不支持所设的加密" in (only_row(desk).parked_cause or "")
    assert server.kept == []


def test_a_corrected_address_is_used_when_the_notice_is_tried_again(
    desk: Desk, server: MailServer
) -> None:
    server.on_rcpt = ["550 no such user"]
    desk = at_server(desk, server.port)
    year = reminded(desk)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(Unit, year.unit_id).contact_email = "new@unit.example"
        row = session.scalars(select(Renewal).with_for_update()).one()
        row.parked_at = row.parked_step = row.parked_cause = None
        row.due_at = desk.clock() - timedelta(seconds=1)
    sweep(desk.office)
    desk.work()
    assert server.recipients == [["new@unit.example"]]
