"""What is held on people, at the console: holds by two persons, and one member's file."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from models.people import Role
from tests.console.conftest import Visitor
from tests.desk import Desk, number_of

AtDesk = Callable[[Role], Visitor]


def test_one_person_asks_for_a_hold_at_the_console_and_another_confirms_and_lifts_it(
    desk: Desk, at_desk: AtDesk
) -> None:
    number = number_of(desk, desk.claim(desk.member()))
    auditor, admin = at_desk(Role.AUDITOR), at_desk(Role.SECURITY_ADMIN)
    assert auditor.post("/records/holds", {"whose": "A", "reason": "诉讼"}).status_code == 409
    auditor.post("/records/holds", {"whose": number, "reason": "诉讼"})
    own, other = auditor.get("/records").text, admin.get("/records").text
    assert "holds/1/confirm" not in own
    assert all(word in other for word in (number, "诉讼", "holds/1/confirm"))
    admin.post("/records/holds/1/confirm")
    admin.post("/records/holds/1/ask-to-lift", {"reason": "结案"})
    assert "holds/1/lift" not in admin.get("/records").text
    auditor.post("/records/holds/1/lift")
    assert "没有生效中的保全" in admin.get("/records").text


def test_the_security_administrator_gets_everything_on_one_member_as_a_file(
    desk: Desk, at_desk: AtDesk
) -> None:
    person = desk.member()
    desk.claim(person, diagnosis="肺炎")
    told = {"whose": person.id_number, "purpose": "本人申请查阅"}
    assert at_desk(Role.AUDITOR).post("/records/export", told).status_code == 403
    answer = at_desk(Role.SECURITY_ADMIN).post("/records/export", told)
    with zipfile.ZipFile(BytesIO(answer.content)) as file:
        assert person.card in file.read("held.json").decode()
    assert person.name not in str(answer.headers)
