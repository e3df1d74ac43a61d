"""The constraints that guard money, tried against real PostgreSQL."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import (
    Answer,
    Approval,
    ApprovalItem,
    Base,
    Coverage,
    CoverYear,
    Entitlement,
    LimitCounter,
    Maker,
    Member,
    Payment,
    Recovery,
    migrations,
)
from models.people import Role
from servers.embedded import Addresses
from tests.conftest import AS_OWNER
from tests.desk import Desk
from workflows.claims.approving import approval, approval_queue
from workflows.engine.session import Sessions

NOW = datetime(2026, 6, 15, tzinfo=UTC)


@pytest.fixture
def approved(desk: Desk) -> int:
    """A claim whose payment is queued, and the person who approved it."""
    claim_id = desk.claim(desk.member())
    desk.work()
    supervisor = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, supervisor, items, items)
    desk.work()
    return claim_id


def constraint_of(error: IntegrityError) -> str | None:
    assert isinstance(error.orig, psycopg.Error)
    return error.orig.diag.constraint_name


def refused_by(database: Sessions, name: str, *rows: Base) -> None:
    with pytest.raises(IntegrityError) as clash, Session(database.engine) as session:
        session.add_all(rows)
        session.commit()
    assert constraint_of(clash.value) == name


def test_a_person_cannot_confirm_his_own_answer(
    database: Sessions, desk: Desk, approved: int
) -> None:
    person = desk.user(Role.SUPERVISOR).id
    row = Answer(
        claim_id=approved,
        event=0,
        about=b"",
        about_print=b"",
        question="EXCLUSION_SUSPECTED",
        answer="not_excluded",
        reason=b"",
        answered_by=person,
        answered_at=NOW,
        confirmed_by=person,
        confirmed_at=NOW,
    )
    refused_by(database, "ck_claim_answer_confirmer_is_not_answerer", row)


def test_a_person_cannot_confirm_his_own_answer_by_another_account(
    database: Sessions, desk: Desk, approved: int
) -> None:
    one = desk.user(Role.SUPERVISOR)
    row = Answer(
        claim_id=approved,
        event=0,
        about=b"",
        about_print=b"",
        question="EXCLUSION_SUSPECTED",
        answer="not_excluded",
        reason=b"",
        answered_by=one.id,
        answered_at=NOW,
        confirmed_by=desk.user(Role.SUPERVISOR, of=one).id,
        confirmed_at=NOW,
    )
    refused_by(database, "confirmer_is_not_answerer", row)


def a_payment(database: Sessions, **facts: object) -> Payment:
    """A second payment for the right of the first one."""
    with Session(database.engine) as session:
        live = session.query(Payment).one()
    same = {each: getattr(live, each) for each in ("entitlement_id", "decision_id", "claim_id")}
    same["amount"] = 1
    own = {"reference": "another", "payee": b"x", "queued_at": NOW}
    return Payment(**{"state": "queued", "version": 0} | same | own | facts)


def test_one_live_payment_for_each_entitlement(
    database: Sessions, desk: Desk, approved: int
) -> None:
    refused_by(database, "uq_payment_one_live", a_payment(database))


def test_the_payments_of_a_right_never_exceed_it(
    database: Sessions, desk: Desk, approved: int
) -> None:
    refused_by(database, "payments_within_the_right", a_payment(database, round=1))


def test_a_payment_that_was_cancelled_takes_nothing_of_the_right(
    database: Sessions, desk: Desk, approved: int
) -> None:
    with Session(database.engine) as session:
        session.add(a_payment(database, state="cancelled", round=1))
        session.commit()
    with Session(database.engine) as session, pytest.raises(IntegrityError) as clash:
        session.query(Payment).filter_by(reference="another").one().state = "queued"
        session.commit()
    assert constraint_of(clash.value) == "payments_within_the_right"


def test_a_counter_never_passes_its_limit(database: Sessions, desk: Desk, approved: int) -> None:
    with Session(database.engine) as session, pytest.raises(IntegrityError) as clash:
        session.query(LimitCounter).one().times = 3
        session.commit()
    assert constraint_of(clash.value) == "ck_limit_counter_times_within_limit"


def test_no_member_is_covered_twice_on_one_day(database: Sessions, desk: Desk) -> None:
    desk.member()
    with Session(database.engine) as session:
        member, year = session.query(Member).one(), session.query(CoverYear).one()
    second = Coverage(
        member_id=member.id,
        cover_year_id=year.id,
        plan="main-2025",
        family="main",
        starts_on=date(2026, 12, 31),
        ends_on=date(2027, 12, 30),
    )
    refused_by(database, "ex_coverage_one_at_a_time", second)


def test_cover_may_follow_on_the_next_day(database: Sessions, desk: Desk) -> None:
    person = desk.member()
    desk.member(on_roster=person, covered=(date(2027, 1, 1), date(2027, 12, 31)))
    with Session(database.engine) as session:
        assert session.query(Coverage).count() == 2


def test_the_database_itself_refuses_a_maker_who_approves(database: Sessions, desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    supervisor = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        session.add(Maker(claim_id=claim_id, user_id=supervisor.id, about="papers"))
        [item] = approval_queue.queue(session, desk.office)
    by_hand = Approval(approver_id=supervisor.id, approved_at=NOW, count=1, sum=1, digest="x")
    by_hand.items = [
        ApprovalItem(
            claim_id=claim_id,
            decision_id=item.decision_id,
            claim_version=item.version,
            amount=item.amount,
        )
    ]
    refused_by(database, "approver_is_not_maker", by_hand)


@pytest.mark.parametrize("act", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"])
def test_the_audit_trail_cannot_be_rewritten(database: Sessions, desk: Desk, act: str) -> None:
    desk.claim(desk.member())
    with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(AS_OWNER))
        connection.execute(text(act))


def test_the_schema_goes_down_and_up_again_and_matches_the_models(addresses: Addresses) -> None:
    from alembic import command
    from sqlalchemy import create_engine

    engine = create_engine(addresses.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE up_and_down"))
    url = addresses.owner_url.replace("/postgres?", "/up_and_down?")
    try:
        migrations.upgrade(url)
        migrations.downgrade(url)
        migrations.upgrade(url)
        command.check(migrations.config(url))
    finally:
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE up_and_down WITH (FORCE)"))
        engine.dispose()


def test_no_payee_is_asked_back_more_than_he_was_paid(
    database: Sessions, desk: Desk, approved: int
) -> None:
    """Nothing has arrived yet: the payment waits for its batch."""
    with Session(database.engine) as session:
        right = session.query(Entitlement).one()
        facts = {
            "claim_id": right.claim_id,
            "entitlement_id": right.id,
            "decision_id": right.decision_id,
        }
    asked = Recovery(
        number="ZH1", amount=1, state="open", version=0, due_on=date(2026, 7, 15), **facts
    )
    refused_by(database, "recovery_within_payments", asked)
