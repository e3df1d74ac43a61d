"""The calendar of reminders, its pauses, and who gets which papers."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from docx import Document
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from console.app import build
from console.queries.renewals import AHEAD, coming_reminders, notices_for_unit, weeks_of_reminders
from models import AuditEvent, CoverYear, Renewal, User
from models.people import Role
from rules.renewal import due_on
from tests.console.conftest import Visitor
from tests.desk import Desk
from tests.renewals import END, a_year, an_enrolment, rungs_of, set_day
from workflows.engine.office import Office
from workflows.engine.row_stamps import execute_stamped
from workflows.renewal.reminders import look

At = Callable[..., Visitor]
UNIT, OTHER = "吉林省样例厅机关工会", "吉林省另一厅机关工会"


@pytest.fixture
def year(desk: Desk) -> CoverYear:
    """A unit whose notice of sixty days before the end is on its page; the next is to come."""
    found = a_year(desk, unit=UNIT)
    set_day(desk, due_on(END, -60))
    look(desk.office)
    desk.work()
    set_day(desk, due_on(END, -50))
    look(desk.office)
    return found


@pytest.fixture
def of_unit(visitor: Callable[[], Visitor], desk: Desk) -> Callable[[int], Visitor]:
    """A browser in which a clerk of this unit is logged in."""

    def logged_in(unit_id: int) -> Visitor:
        user = desk.user(Role.UNIT_CLERK)
        with desk.office.sessions.unit_of_work() as session:
            execute_stamped(session, update(User).where(User.id == user.id).values(unit_id=unit_id))
        found = visitor()
        found.log_in(user)
        return found

    return logged_in


def only_id(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(Renewal.id)).one()


def bare(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_calendar_tells_what_comes_on_which_day(at_desk: At, year: CoverYear) -> None:
    text = bare(at_desk(Role.CLERK).get("/renewals").text)
    assert "今后 90 天将发出 6 份" in text
    assert "2026-12-01 周二 20 天后 到期前 30 天 在职职工住院津贴综合互助保障计划 1" in text
    assert "互助续保〔2026〕1号 已公布" in text
    assert "请系统管理员补全" in text
    assert "HUZHU_" not in text


def test_a_unit_that_has_renewed_is_not_on_the_calendar(
    at_desk: At, desk: Desk, year: CoverYear
) -> None:
    an_enrolment(desk, year)
    assert "今后 90 天将发出 0 份" in bare(at_desk(Role.CLERK).get("/renewals").text)


def test_the_sheet_of_days_counts_what_goes_out_and_what_is_held(
    desk: Desk, year: CoverYear
) -> None:
    with desk.office.sessions.read_only() as session:
        rows = coming_reminders(session, desk.office)
    squares = [each for week in weeks_of_reminders(rows, desk.office) for each in week.squares]
    assert squares[0].on.weekday() == 0
    assert {each.on for each in squares if each.out} == {
        due_on(END, rung) for rung in (-30, -15, -7, 0, 15, 29)
    }
    assert [each.on for each in squares if each.is_today] == [desk.office.today()]
    assert squares[-1].on >= desk.office.today() + AHEAD


def test_the_page_can_be_narrowed_to_a_unit(at_desk: At, desk: Desk, year: CoverYear) -> None:
    other = a_year(desk, END + timedelta(days=10), unit=OTHER)
    clerk = at_desk(Role.CLERK)
    assert "今后 90 天将发出 12 份" in bare(clerk.get("/renewals").text)
    narrowed = bare(clerk.get(f"/renewals?unit={other.unit_id}").text)
    assert "今后 90 天将发出 6 份" in narrowed
    assert clerk.get("/renewals?unit=nonsense").status_code == 200


def test_a_supervisor_pauses_and_lifts(at_desk: At, desk: Desk, year: CoverYear) -> None:
    boss = at_desk(Role.SUPERVISOR)
    form = {"unit": str(year.unit_id), "rung": "-30", "reason": "另行通知"}
    text = bare(boss.post("/renewals/pauses", form).text)
    assert "今后 90 天将发出 5 份" in text
    assert "到期前 30 天 另行通知" in text
    set_day(desk, due_on(END, -30))
    look(desk.office)
    assert rungs_of(desk, year)[-30] == "held"
    assert "已解除暂停，补发 1 份提醒" in bare(boss.post("/renewals/pauses/1/lift").text)
    assert rungs_of(desk, year)[-30] == "wanted"


def test_a_pause_of_nothing_or_of_nonsense_is_refused_in_words(
    at_desk: At, year: CoverYear
) -> None:
    boss = at_desk(Role.SUPERVISOR)
    assert boss.post("/renewals/pauses", {"reason": "x"}).status_code == 409
    assert boss.post("/renewals/pauses", {"reason": "x", "rung": "5"}).status_code == 422
    assert boss.post("/renewals/pauses", {"reason": " ", "rung": "0"}).status_code == 409
    assert boss.post("/renewals/pauses/99/lift").status_code == 409


def test_who_cannot_pause_sees_no_form_for_it(at_desk: At, year: CoverYear) -> None:
    assert "/renewals/pauses" not in at_desk(Role.CLERK).get("/renewals").text


def test_the_notice_is_for_the_office_and_the_unit_alone(
    at_desk: At, of_unit: Callable[[int], Visitor], desk: Desk, year: CoverYear
) -> None:
    path = f"/renewals/{only_id(desk)}/notice.docx"
    for reader in (at_desk(Role.CLERK), at_desk(Role.AUDITOR), of_unit(year.unit_id)):
        answer = reader.get(path)
        assert UNIT in "".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    stranger = of_unit(a_year(desk, unit=OTHER).unit_id)
    for answer in (stranger.get(path), stranger.post(path.replace("notice.docx", "roster"))):
        assert answer.status_code == 404
        assert UNIT not in answer.text
    assert at_desk(Role.CASHIER).get(path).status_code == 403


def test_taking_a_roster_with_whole_numbers_stands_in_the_history(
    of_unit: Callable[[int], Visitor], desk: Desk, year: CoverYear
) -> None:
    answer = of_unit(year.unit_id).post(f"/renewals/{only_id(desk)}/roster")
    assert answer.content.startswith(b"PK")
    assert answer.headers["content-disposition"].endswith(f"-{only_id(desk)}.xlsx")
    with desk.office.sessions.read_only() as session:
        verbs = session.scalars(
            select(AuditEvent.verb).filter_by(subject="renewal").order_by(AuditEvent.seq)
        ).all()
    assert verbs[-1] == "take_roster"


def test_one_takes_so_many_rosters_with_whole_numbers_a_day(
    desk: Desk, year: CoverYear, office: Office
) -> None:
    settings = office.settings.model_copy(update={"rosters_a_day": 1})
    app = build(replace(office, settings=settings))
    clerk = Visitor(office, TestClient(app, raise_server_exceptions=False))
    clerk.log_in(desk.user(Role.CLERK))
    path = f"/renewals/{only_id(desk)}/roster"
    assert clerk.post(path).content.startswith(b"PK")
    answer = clerk.post(path)
    assert answer.status_code == 409
    assert "已下载 1 份" in answer.text


def test_a_notice_that_is_not_written_is_not_there(
    at_desk: At, desk: Desk, year: CoverYear
) -> None:
    assert at_desk(Role.CLERK).get("/renewals/99/notice.docx").status_code == 404
    set_day(desk, due_on(END, -30))
    look(desk.office)
    with desk.office.sessions.read_only() as session:
        newest = session.scalars(select(Renewal.id).order_by(Renewal.id.desc())).first()
    assert at_desk(Role.CLERK).get(f"/renewals/{newest}/notice.docx").status_code == 404


def test_a_unit_is_offered_its_own_notices_however_old(desk: Desk, year: CoverYear) -> None:
    a_year(desk, unit=OTHER)
    desk.clock.pass_(days=400)
    with desk.office.sessions.read_only() as session:
        [notice] = notices_for_unit(session, desk.office, year.unit_id)
    assert (notice.unit, notice.number, notice.has_papers) == (UNIT, "互助续保〔2026〕1号", True)


def test_a_failed_notice_is_on_the_failed_list_in_words(
    at_desk: At, desk: Desk, year: CoverYear
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.scalars(select(Renewal)).one()
        row.parked_at, row.parked_step, row.parked_cause = desk.clock(), "mail_renewal", "x"
    text = bare(at_desk(Role.CLERK).get("/failures").text)
    assert "续保提醒 · 发送续保通知" in text
    assert "未送达" in at_desk(Role.CLERK).get("/renewals").text
