"""A write that is sent again is answered again and done once."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ApiAnswer, ApiToken, Packet
from models.people import Role
from tests.console.api.conftest import Program
from tests.desk import Desk, a_picture
from workflows.claims.packets import uploads
from workflows.people.api_answers import KEPT, answer_once, forget_old_answers

Programs = Callable[..., Program]

PAPERS = [("files", ("a.jpg", a_picture()))]


def packets(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).select_from(Packet)) or 0


def test_the_same_request_again_is_answered_the_same_and_done_once(
    desk: Desk, program: Programs
) -> None:
    one = program(Role.CLERK)
    first = one.post("/packets", "key-of-mine", files=PAPERS)
    again = one.post("/packets", "key-of-mine", files=PAPERS)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert packets(desk) == 1


def test_the_same_key_with_another_request_is_refused(desk: Desk, program: Programs) -> None:
    one = program(Role.CLERK)
    one.post("/packets", "key-of-mine", files=PAPERS)
    for name, data in (("b.jpg", a_picture()), ("a.jpg", a_picture() + b"\0")):
        other = one.post("/packets", "key-of-mine", files=[("files", (name, data))])
        assert other.status_code == 422
        assert other.json()["field"] == "Idempotency-Key"
    assert packets(desk) == 1


def test_keys_of_two_programs_are_not_one_key(desk: Desk, program: Programs) -> None:
    for each in (program(Role.CLERK), program(Role.CLERK)):
        assert each.post("/packets", "key-of-mine", files=PAPERS).status_code == 202
    assert packets(desk) == 2


@pytest.mark.parametrize("key", ["short", "x" * 101, "with blank", "%E4%BB%A4"])
def test_a_write_without_a_usable_key_is_refused(desk: Desk, program: Programs, key: str) -> None:
    answer = program(Role.CLERK).post("/packets", key, files=PAPERS)
    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"
    assert packets(desk) == 0


def test_what_was_refused_may_be_sent_again_with_the_same_key(
    desk: Desk, program: Programs
) -> None:
    one = program(Role.CLERK)
    assert one.post("/claims/HZ1/papers", "key-of-mine", files=PAPERS).status_code == 404
    assert one.post("/packets", "key-of-mine", files=PAPERS).status_code == 202


def test_an_act_that_dies_before_its_answer_is_kept_is_not_done(
    desk: Desk, program: Programs
) -> None:
    one = program(Role.CLERK)

    def dies(session: Session) -> dict[str, object]:
        uploads.upload(session, desk.office, one.user, [("a.jpg", a_picture())])
        session.flush()
        raise ConnectionError

    with pytest.raises(ConnectionError), desk.office.sessions.unit_of_work() as session:
        token = session.get_one(ApiToken, one.token_id)
        answer_once(session, desk.office, token, "key-of-mine", ["x"], dies)
    assert packets(desk) == 0
    assert one.post("/packets", "key-of-mine", files=PAPERS).status_code == 202
    assert packets(desk) == 1


def test_two_that_come_at_once_are_one_act(desk: Desk, program: Programs) -> None:
    one, answers = program(Role.CLERK), []
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        answers.append(one.post("/packets", "key-of-mine", files=PAPERS).json())

    threads = [threading.Thread(target=send) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(answers) == 4
    assert all(each == answers[0] for each in answers)
    assert packets(desk) == 1


def test_old_answers_go(desk: Desk, program: Programs) -> None:
    program(Role.CLERK).post("/packets", files=PAPERS)
    assert forget_old_answers(desk.office) == 0
    desk.clock.pass_(days=KEPT.days + 1)
    assert forget_old_answers(desk.office) == 1
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(ApiAnswer)).all() == []
