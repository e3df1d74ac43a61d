"""A settlement file is shown row by row on the console, and taken in once a clerk says so."""

from sqlalchemy import func, select

from models import Claim
from models.people import Role
from tests.console.test_isolation import At
from tests.desk import Desk
from tests.workflows.claims.packets.test_settlements import a_file, row_of


def test_a_file_is_shown_first_and_taken_in_once(desk: Desk, at_desk: At) -> None:
    person = desk.member()
    content = a_file(row_of(person), row_of(person, "某医院", "不知"))
    screen = at_desk(Role.CLERK)
    html = screen.post("/settlements", files=[("file", ("三月.xlsx", content))]).text
    assert "新开案件" in html
    assert "不是日期" in html
    assert person.id_number not in html
    assert claims(desk) == 0
    entry = html.split('action="/settlements/', 1)[1].split('"', 1)[0]
    for _time in range(2):
        assert "新开案件 1" in screen.post(f"/settlements/{entry}").text or claims(desk) == 1
    assert claims(desk) == 1
    assert screen.post("/settlements/settlements-0").status_code == 409


def claims(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).select_from(Claim)) or 0
