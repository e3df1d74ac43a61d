"""Copies of ID cards come with a roster; a row that differs holds it up until it is explained."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import AuditEvent, IdCopy, IdCopyAnswer, User
from models.people import Role
from rules.errors import BadInput, Refused
from tests.desk import Desk, a_page, an_id_number
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.enrolment import id_copies, rosters

SAMPLES = Path(__file__).parents[3] / "samples"
PEOPLE = [Worker("张三"), Worker("李四"), Worker("王五")]


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall.of(desk)


@pytest.fixture
def number(hall: Hall) -> str:
    [made] = hall.hand_in(PEOPLE)
    return made


def front(desk: Desk, name: str, id_number: str) -> bytes:
    """A picture of a card, which the reader has seen already."""
    return desk.scan(a_page(Kind.ID_CARD_FRONT, f"姓名 {name}", f"公民身份号码 {id_number}"))


def bring(hall: Hall, number: str, *pictures: bytes) -> None:
    files = [(f"{at}.jpg", picture) for at, picture in enumerate(pictures, 1)]
    hall.desk.clock.pass_(seconds=1)
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        id_copies.hand_in_copies(session, hall.desk.office, hall.clerk, found, files)
    hall.desk.work()


def answer(hall: Hall, number: str, row: int, reason: str, person: User | None = None) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        clerk = person or hall.clerk
        id_copies.answer_copy(session, hall.desk.office, clerk, found, row, reason)


def copies(hall: Hall) -> list[bytes]:
    return [front(hall.desk, each.name, each.id_number) for each in PEOPLE]


def test_a_roster_that_agrees_with_its_copies_is_accepted(hall: Hall, number: str) -> None:
    bring(hall, number, *copies(hall))
    assert hall.state(number) == "checked"
    assert hall.accept(number).joining == 3


def test_a_roster_cannot_be_accepted_while_its_copies_are_read(hall: Hall, number: str) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        files = [("1.jpg", front(hall.desk, "张三", PEOPLE[0].id_number))]
        id_copies.hand_in_copies(session, hall.desk.office, hall.clerk, found, files)
    assert hall.state(number) == "copied"
    with pytest.raises(Refused, match="复印件待识读"):
        hall.accept(number)
    hall.desk.work()
    assert hall.accept(number).joining == 3


def test_rows_that_differ_are_named_until_each_is_explained(hall: Hall, number: str) -> None:
    wrong = replace(PEOPLE[1], id_number=an_id_number(sequence=1))
    bring(
        hall,
        number,
        front(hall.desk, "张山", PEOPLE[0].id_number),
        front(hall.desk, wrong.name, wrong.id_number),
    )
    with pytest.raises(Refused, match="名册第 2、3 行与身份证复印件不一致"):
        hall.accept(number)
    answer(hall, number, 2, "已改名，户口簿在案")
    with pytest.raises(Refused, match="名册第 3 行与身份证复印件不一致"):
        hall.accept(number)
    answer(hall, number, 3, "复印件模糊，已当面核对")
    assert hall.accept(number).joining == 3
    with hall.desk.office.sessions.read_only() as session:
        said = select(AuditEvent.detail).filter_by(verb="answer_copy").order_by(AuditEvent.seq)
        assert [each["row"] for each in session.scalars(said)] == [2, 3]


def test_a_better_copy_clears_the_row(hall: Hall, number: str) -> None:
    bring(hall, number, front(hall.desk, "张", PEOPLE[0].id_number))
    with pytest.raises(Refused, match="第 2 行"):
        hall.accept(number)
    bring(hall, number, front(hall.desk, "张三", PEOPLE[0].id_number))
    assert hall.accept(number).joining == 3


def test_a_reason_counts_for_the_difference_it_was_given_for(hall: Hall, number: str) -> None:
    other = an_id_number(sequence=1)
    bring(hall, number, front(hall.desk, "张三", other))
    answer(hall, number, 2, "号码已更正")
    bring(hall, number, front(hall.desk, "张山", PEOPLE[0].id_number))
    with pytest.raises(Refused, match="第 2 行"):
        hall.accept(number)


def test_a_reason_counts_for_the_copy_it_was_given_for(hall: Hall, number: str) -> None:
    bring(hall, number, front(hall.desk, "张", PEOPLE[0].id_number))
    answer(hall, number, 2, "印刷不清，已当面核对")
    bring(hall, number, front(hall.desk, "赵六", PEOPLE[0].id_number))
    with pytest.raises(Refused, match="第 2 行"):
        hall.accept(number)
    with hall.desk.office.sessions.read_only() as session:
        [kept] = session.scalars(select(IdCopyAnswer))
    assert PEOPLE[0].id_number.encode() not in kept.compared


def test_the_units_own_clerk_does_not_wave_a_difference_through(hall: Hall, number: str) -> None:
    bring(hall, number, front(hall.desk, "张山", PEOPLE[0].id_number))
    own = hall.desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id)
    with pytest.raises(Refused, match="经办"):
        answer(hall, number, 2, "好", own)
    with pytest.raises(Refused, match="或由办事处经办写明原因"):
        hall.accept(number, own)
    answer(hall, number, 2, "已改名，户口簿在案")
    assert hall.accept(number, own).joining == 3


def test_only_a_row_that_differs_can_be_explained_and_only_in_words(
    hall: Hall, number: str
) -> None:
    bring(hall, number, front(hall.desk, "张山", PEOPLE[0].id_number))
    with pytest.raises(Refused, match="名册第 3 行没有不一致的复印件"):
        answer(hall, number, 3, "好")
    with pytest.raises(Refused, match="请写明原因"):
        answer(hall, number, 2, " ")


def test_what_is_no_picture_or_came_before_is_refused(hall: Hall, number: str) -> None:
    picture = front(hall.desk, "张三", PEOPLE[0].id_number)
    with pytest.raises(BadInput, match=r"1\.jpg"):
        bring(hall, number, b"no picture")
    with pytest.raises(Refused, match="请先选择要上传的文件"):
        bring(hall, number)
    bring(hall, number, picture)
    with pytest.raises(Refused, match="已经交过"):
        bring(hall, number, picture)


def test_another_units_clerk_hands_in_nothing(hall: Hall, number: str) -> None:
    stranger = hall.desk.user(Role.UNIT_CLERK, unit_id=hall.desk.unit("别的单位工会"))
    with hall.desk.office.sessions.unit_of_work() as session, pytest.raises(Refused):
        found = rosters.locked(session, number)
        id_copies.hand_in_copies(session, hall.desk.office, stranger, found, [("1.jpg", b"x")])


def test_what_is_read_on_a_copy_is_kept_sealed(hall: Hall, number: str) -> None:
    bring(hall, number, front(hall.desk, "张三", PEOPLE[0].id_number))
    with hall.desk.office.sessions.read_only() as session:
        [copy] = session.scalars(select(IdCopy))
    assert copy.cards is not None
    assert PEOPLE[0].id_number.encode() not in copy.cards
    assert "张三".encode() not in copy.cards


def a_sample(packet: str) -> tuple[Worker, bytes]:
    """A made-up person of the samples, and the scan of his card."""
    truth = json.loads((SAMPLES / "truth" / f"{packet}.json").read_text("utf-8"))["fields"]
    picture = (SAMPLES / "packets" / packet / "02.jpg").read_bytes()
    return Worker(truth["member_name"], truth["id_number"]), picture


@pytest.mark.notice("7.2", "与职工个人提供的身份证复印件信息完全一致")
def test_uploaded_pictures_of_cards_are_read_and_lead_to_a_refusal_with_the_row(
    desk: Desk,
) -> None:
    hall = Hall.of(desk)
    (one, first), (two, second) = a_sample("01-clean-stay"), a_sample("05-elsewhere")
    [number] = hall.hand_in([one, replace(two, name="王晓样"), Worker("张三")])
    bring(hall, number, first, second)
    assert hall.state(number) == "checked"
    with pytest.raises(Refused, match="名册第 3 行与身份证复印件不一致"):
        hall.accept(number)
