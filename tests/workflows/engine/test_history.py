"""The log's chains are keyed: who owns the database and knows this code cannot make one anew."""

import hashlib
import json
from datetime import UTC

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEvent, Claim
from models.people import Role
from tests.conftest import AS_OWNER
from tests.desk import Desk
from workflows.engine.history import broken_links, record
from workflows.engine.origin import Channel, Origin, coming_from


@pytest.fixture
def claim_id(desk: Desk) -> int:
    return desk.claim(desk.member())


def the_owner_writes(session: Session, statement: str, **values: object) -> None:
    """What a superuser can do: the guards of the table do not bind him."""
    session.execute(text(AS_OWNER))
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text(statement), values)
    session.expire_all()


def chained_by_the_owner(event: AuditEvent, *more: str) -> bytes:
    """The hash of a first event as far as it can be made without the key."""
    told = [event.subject, event.subject_id, event.seq, event.at.astimezone(UTC).isoformat()]
    told += [event.actor_id, event.verb, event.source, event.target, event.detail, *more]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).digest()


def events_of(session: Session, claim_id: int) -> list[AuditEvent]:
    asked = select(AuditEvent).filter_by(subject="claim", subject_id=claim_id)
    return list(session.scalars(asked.order_by(AuditEvent.seq)))


def test_an_event_tells_who_as_what_from_where_and_by_which_id(desk: Desk, claim_id: int) -> None:
    clerk = desk.user(Role.CLERK)
    with coming_from(Origin(Channel.CONSOLE, "10.0.0.7")) as where, desk.at(claim_id) as (s, claim):
        record(s, claim, "wave", desk.clock(), clerk.id)
    with desk.office.sessions.read_only() as session:
        event = events_of(session, claim_id)[-1]
        assert (event.person, event.role) == (clerk.staff_number, Role.CLERK)
        assert (event.channel, event.address) == (Channel.CONSOLE, "10.0.0.7")
        assert event.correlation == where.correlation
        assert event.key == desk.office.log_key.name
        assert list(broken_links(session)) == []


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'x'",
        "at = at - interval '1 day'",
        "person = 'x'",
        "role = 'x'",
        "channel = 'x'",
        "address = 'x'",
        "correlation = 'x'",
        "key = 'x'",
        "detail = '{\"amount\": 1}'",
    ],
)
def test_a_change_of_any_column_breaks_the_chain(desk: Desk, claim_id: int, change: str) -> None:
    with desk.office.sessions.read_only() as session:
        told = f"UPDATE audit_event SET {change} WHERE subject = 'claim'"  # noqa: S608
        the_owner_writes(session, told)
        assert [event.subject_id for event in broken_links(session)] == [claim_id]


@pytest.mark.parametrize("key", ["kept", "NULL"])
def test_who_has_no_key_cannot_make_a_chain_anew(desk: Desk, claim_id: int, key: str) -> None:
    with desk.at(claim_id) as (session, claim):
        record(session, claim, "wave", desk.clock())
    with desk.office.sessions.read_only() as session:
        first = events_of(session, claim_id)[0]
        first.verb = "take"
        made = chained_by_the_owner(first)
        session.expire_all()
        name = "key" if key == "kept" else key
        the_owner_writes(
            session,
            f"UPDATE audit_event SET verb = 'take', hash = :made, key = {name}"  # noqa: S608
            " WHERE subject = 'claim' AND seq = 1",
            made=made,
        )
        assert list(broken_links(session))


def test_events_from_before_the_key_still_hold_and_none_may_follow_a_keyed_one(
    desk: Desk, claim_id: int
) -> None:
    with desk.office.sessions.read_only() as session:
        [first] = events_of(session, claim_id)
        plain = "UPDATE audit_event SET key = NULL, person = NULL, role = NULL, channel = NULL,"
        plain += " address = NULL, correlation = NULL, hash = :made WHERE subject = 'claim'"
        the_owner_writes(session, plain, made=chained_by_the_owner(first))
        assert list(broken_links(session)) == []
        claim = session.get_one(Claim, claim_id)
        assert claim.chain != events_of(session, claim_id)[0].hash
