"""Collected rows are written before a query needs them, and only together with the rest."""

from dataclasses import dataclass, fields

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import AuditEvent, Base, Claim, Field, Page
from tests.desk import Desk
from workflows.claims.judging.decision_rows import NewDecisionLine, NewDecisionReason, NewRight
from workflows.claims.judging.limits import NewCounter
from workflows.claims.letters.letters import NewLetter
from workflows.claims.papers.papers_read import NewField
from workflows.claims.paying.payout import NewPayment
from workflows.engine.history import NewEvent, record
from workflows.engine.moves import start
from workflows.engine.rows import NewRow, NewWorked, insert_rows, inserted
from workflows.engine.run import NewStepRun
from workflows.sealed_values.members import NewMember


def said(session: Session, claim: Claim) -> list[str]:
    """The verbs of the claim's events, oldest first."""
    query = select(AuditEvent.verb).filter_by(subject="claim", subject_id=claim.id)
    return list(session.scalars(query.order_by(AuditEvent.seq)))


@dataclass(frozen=True)
class UnplacedField(NewRow):
    """A field that names no page: the columns left out are filled by the mapping."""

    table = Field

    claim_id: int
    name: str
    value: bytes = b"sealed"
    confidence: float = 0.5


def test_an_event_is_there_for_the_next_question_of_the_same_unit(desk: Desk) -> None:
    with desk.at(desk.claim(desk.member())) as (session, claim):
        record(session, claim, "wave", desk.clock())
        assert said(session, claim) == ["receive", "wave"]


def test_a_savepoint_rolled_back_takes_its_own_events_along_and_no_others(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    with desk.at(claim_id) as (session, claim):
        record(session, claim, "wave", desk.clock())
        twin = Claim(number=claim.number, digest="another", received_on=claim.received_on)
        twin.received_at, twin.id = claim.received_at, 10**6
        with pytest.raises(IntegrityError), session.begin_nested():
            start(session, twin, "receive", desk.office)
    with desk.office.sessions.read_only() as session:
        assert said(session, session.get_one(Claim, claim_id)) == ["receive", "wave"]
        assert not session.scalars(select(AuditEvent).filter_by(subject_id=10**6)).all()


def test_what_is_inserted_at_once_is_like_what_was_read(desk: Desk) -> None:
    with desk.at(desk.claim(desk.member())) as (session, claim):
        rows = [UnplacedField(claim.id, "phone"), UnplacedField(claim.id, "bank_name")]
        (first,), (second,) = inserted(session, insert(Field).returning(Field), rows)
        assert first.page_id is None
        assert session.scalars(select(Field).filter_by(name="phone")).one() is first
        first.confidence = 0.75
        session.delete(second)
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(Field)).one()
        assert (kept.name, kept.value, kept.confidence) == ("phone", b"sealed", 0.75)


def test_a_row_of_all_columns_is_inserted_with_each_of_them(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.at(claim_id) as (session, claim):
        page = session.scalars(select(Page)).first()
        assert page is not None
        new = NewField(claim.id, "phone", b"sealed", 0.5, page.id, (1, 2, 3, 4))
        [(field,)] = inserted(session, insert(Field).returning(Field), [new])
        assert session.scalars(select(Field).filter_by(name="phone")).one() is field
        field.confidence = 0.75
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(Field).filter_by(name="phone")).one()
        assert (kept.value, kept.confidence, kept.box) == (b"sealed", 0.75, [1, 2, 3, 4])


def test_what_is_appended_names_every_column_that_the_database_does_not_fill() -> None:
    for kind in (NewEvent, NewStepRun, NewDecisionLine, NewDecisionReason):
        columns = Base.metadata.tables[kind.table.__tablename__].columns
        filled = {column.name for column in columns if column.identity is not None}
        assert {field.name for field in fields(kind)} == {c.name for c in columns} - filled


def test_a_new_row_leaves_out_no_column_that_must_be_filled() -> None:
    kinds = {*NewRow.__subclasses__(), *NewWorked.__subclasses__()} - {NewWorked}
    assert {NewMember, NewPayment, NewLetter, NewRight, NewCounter} <= kinds
    for kind in kinds:
        columns = {
            column.name: column for column in Base.metadata.tables[kind.table.__tablename__].columns
        }
        given = {field.name for field in fields(kind)}
        must = {
            name
            for name, column in columns.items()
            if not column.nullable and column.default is None and column.identity is None
        }
        assert must <= given <= {*columns.keys()}, kind


def test_nothing_to_insert_inserts_nothing(desk: Desk) -> None:
    with desk.office.sessions.unit_of_work() as session:
        insert_rows(session, [])
        assert not inserted(session, insert(Field).returning(Field), [])
        assert not session.scalars(select(Field)).all()
