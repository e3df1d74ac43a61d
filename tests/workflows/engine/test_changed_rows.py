"""Many rows that change together are written in one statement, as the flush would write each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Claim
from tests.desk import Desk
from workflows.engine.history import broken_links, record

MANY = 12


@pytest.fixture
def claims(desk: Desk) -> list[int]:
    return [desk.claim(desk.member()) for _ in range(MANY)]


@contextmanager
def updates(desk: Desk) -> Iterator[list[str]]:
    """The updates that are sent in the block, as statements."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        if statement.startswith("UPDATE"):
            sent.extend([statement] * (len(given) if isinstance(given, list) else 1))

    event.listen(desk.office.sessions.engine, "before_cursor_execute", note)
    yield sent
    event.remove(desk.office.sessions.engine, "before_cursor_execute", note)


def _rows(session: Session) -> list[Claim]:
    return list(session.scalars(select(Claim).order_by(Claim.id).with_for_update()))


def test_rows_that_changed_alike_go_in_one_update(desk: Desk, claims: list[int]) -> None:
    with updates(desk) as sent, desk.office.sessions.unit_of_work() as session:
        for number, claim in enumerate(_rows(session)):
            record(session, claim, "wave", desk.clock())
            claim.events, claim.card_print = [{"n": number}], b"\x00\xff"
            claim.look_again_on = None
    assert len(sent) == 1
    with desk.office.sessions.read_only() as session:
        assert [claim.events for claim in _rows(session)] == [[{"n": n}] for n in range(MANY)]
        assert {claim.card_print for claim in _rows(session)} == {b"\x00\xff"}
        assert list(broken_links(session)) == []


def test_what_is_written_is_not_written_again(desk: Desk, claims: list[int]) -> None:
    with updates(desk) as sent, desk.office.sessions.unit_of_work() as session:
        rows = _rows(session)
        for claim in rows:
            claim.received_on = date(2026, 1, 2)
        session.flush()
        rows[0].received_on = date(2026, 1, 3)
    assert len(sent) == 2
    with desk.office.sessions.read_only() as session:
        days = [claim.received_on for claim in _rows(session)]
    assert days == [date(2026, 1, 3)] + [date(2026, 1, 2)] * (MANY - 1)


def test_each_row_is_written_in_the_columns_that_it_changed(desk: Desk, claims: list[int]) -> None:
    with desk.office.sessions.unit_of_work() as session:
        rows = _rows(session)
        for claim in rows:
            claim.received_on = date(2026, 1, 2)
        rows[0].benefit = "death"
    with desk.office.sessions.read_only() as session:
        assert {claim.received_on for claim in _rows(session)} == {date(2026, 1, 2)}
        assert [claim.benefit for claim in _rows(session)].count("death") == 1


def test_rows_that_change_with_a_row_that_is_added_are_written_too(
    desk: Desk, claims: list[int]
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        rows = _rows(session)
        for claim in rows:
            claim.received_on = date(2026, 1, 2)
        twin = Claim(number="HZ2026999999", digest="another", received_on=date(2026, 1, 2))
        twin.received_at, twin.events, twin.state, twin.version = desk.clock(), [], "received", 0
        session.add(twin)
    with desk.office.sessions.read_only() as session:
        assert [claim.received_on for claim in _rows(session)] == [date(2026, 1, 2)] * (MANY + 1)


def test_a_savepoint_rolled_back_takes_the_changes_of_its_rows_along(
    desk: Desk, claims: list[int]
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        rows = _rows(session)
        before = [claim.received_on for claim in rows]
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            for claim in rows:
                claim.received_on = date(2026, 1, 2)
            session.flush()
            raise ZeroDivisionError
        assert [claim.received_on for claim in rows] == before
