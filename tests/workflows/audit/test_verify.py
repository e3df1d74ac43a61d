"""What a superuser of the database does to the log, with this code at hand but no key, is found."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from documents.signing import Signer, new_signing_key
from models import AuditEvent, AuditRoot, Claim
from models.people import Role
from tests.desk import Desk
from workflows.audit.root_copies import copied
from workflows.audit.root_lines import Statement, hash_of
from workflows.audit.roots import sign_if_due
from workflows.audit.verify import Copies, verify
from workflows.engine.history import record

Deed = Callable[[Connection], None]


REMOVE_USER = "DELETE FROM app_user WHERE id = (SELECT max(id) FROM app_user)"
LAST = "subject = 'claim' AND seq = (SELECT max(seq) FROM audit_event WHERE subject = 'claim')"


def broken(desk: Desk) -> set[str]:
    """The checks that find something."""
    settings = desk.office.settings
    keys = Signer.from_text(settings.audit_key.get_secret_value()).public
    copies = Copies("roots", copied(settings.roots_file))
    with desk.office.sessions.read_only() as session:
        found = verify(session, desk.office, keys, copies)
        return {each.code for each in found if each.violations}


def do_as_owner(desk: Desk, deed: Deed) -> None:
    """The guards of the tables do not bind a superuser."""
    with desk.office.sessions.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        deed(connection)


def sql(*statements: str) -> Deed:
    def deed(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement.replace("THE_LAST", LAST)))

    return deed


def chain_anew(connection: Connection, change: Callable[[AuditEvent], None]) -> None:
    """Change the claim's events and hash them anew as far as that goes without the key: as events
    from before the log had one."""
    with Session(connection) as session:
        events = session.scalars(
            select(AuditEvent).filter_by(subject="claim").order_by(AuditEvent.seq)
        ).all()
        before = b""
        for event in events:
            change(event)
            event.person = event.role = event.channel = event.address = None
            event.correlation = event.key = None
            told = [event.subject, event.subject_id, event.seq]
            told += [event.at.astimezone(UTC).isoformat()]
            told += [event.actor_id, event.verb, event.source, event.target, event.detail]
            content = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
            event.hash = before = hashlib.sha256(before + content).digest()
        session.scalars(select(Claim)).one().chain = before
        session.flush()


def note_amount(event: AuditEvent) -> None:
    event.detail = {"amount": 1}


def sign_anew(connection: Connection) -> None:
    """All roots with a key of his own, and with what the log holds now."""
    signer = Signer.from_text(new_signing_key())
    before = ""
    with Session(connection) as session:
        for root in session.scalars(select(AuditRoot).order_by(AuditRoot.number)):
            told = Statement.of_line(root.line)
            assert told
            anew = Statement(
                told.number, told.at, hash_of(before) if before else "", signer.name, told.spans
            )
            root.line = before = anew.line(signer)
        session.flush()


DEEDS: dict[str, tuple[Deed, set[str]]] = {
    "changed": (sql("UPDATE audit_event SET verb = 'x' WHERE seq = 2"), {"whole_chains"}),
    "changed_and_chained_anew_as_old": (
        lambda connection: chain_anew(connection, note_amount),
        {"as_signed"},
    ),
    "last_event_cut_off_with_its_row": (
        sql(
            "DELETE FROM audit_event WHERE THE_LAST",
            "UPDATE claim SET version = version - 1,"
            " chain = (SELECT hash FROM audit_event WHERE THE_LAST)",
        ),
        {"as_signed"},
    ),
    "removed_user_with_his_events": (
        sql(
            REMOVE_USER,
            "DELETE FROM audit_event WHERE subject = 'app_user'"
            " AND subject_id NOT IN (SELECT id FROM app_user)",
        ),
        {"as_signed"},
    ),
    "removed_user": (sql(REMOVE_USER), {"whole_histories"}),
    "reordered_in_the_log": (
        sql(
            "UPDATE audit_event SET position = -position",
            "UPDATE audit_event SET position = 1 + (SELECT max(-position) FROM audit_event)"
            " + position",
        ),
        {"as_signed"},
    ),
    "reordered_in_the_chain": (
        sql(
            "UPDATE audit_event SET seq = -seq WHERE subject = 'claim' AND seq IN (1, 2)",
            "UPDATE audit_event SET seq = 3 + seq WHERE subject = 'claim' AND seq < 0",
        ),
        {"whole_chains"},
    ),
    "backdated": (
        sql("UPDATE audit_event SET at = at - interval '1 day' WHERE THE_LAST"),
        {"whole_chains"},
    ),
    "added_as_old": (
        sql(
            "INSERT INTO audit_event (subject, subject_id, seq, at, verb, detail, hash)"
            " SELECT 'claim', 99, 1, at, verb, detail, hash FROM audit_event LIMIT 1"
        ),
        {"as_signed", "whole_chains", "whole_histories"},
    ),
    "last_root_deleted": (
        sql("DELETE FROM audit_root WHERE number = (SELECT max(number) FROM audit_root)"),
        {"kept_elsewhere"},
    ),
    "first_root_deleted": (
        sql("DELETE FROM audit_root WHERE number = 1"),
        {"signed_roots", "kept_elsewhere"},
    ),
    "roots_signed_anew": (sign_anew, {"signed_roots", "kept_elsewhere"}),
    "root_dated_anew": (
        sql("UPDATE audit_root SET at = at - interval '1 day'"),
        {"signed_roots"},
    ),
}


@pytest.fixture
def signed(desk: Desk) -> Desk:
    """An office whose log is signed by two roots, and which wrote one more event."""
    desk.user(Role.CLERK)
    desk.clock.pass_(minutes=2)
    assert sign_if_due(desk.office) == 1
    claim_id = desk.claim(desk.member())
    for _each in range(3):
        with desk.at(claim_id) as (session, claim):
            record(session, claim, "wave", desk.clock())
    desk.clock.pass_(minutes=2)
    assert sign_if_due(desk.office) == 1
    with desk.at(claim_id) as (session, claim):
        record(session, claim, "wave", desk.clock())
    desk.clock.pass_(minutes=2)
    assert sign_if_due(desk.office) == 1
    return desk


def test_a_log_that_nobody_touched_is_as_signed(signed: Desk) -> None:
    assert broken(signed) == set()


@pytest.mark.parametrize("name", DEEDS)
def test_what_the_owner_of_the_database_does_is_found(signed: Desk, name: str) -> None:
    deed, finds = DEEDS[name]
    do_as_owner(signed, deed)
    assert finds <= broken(signed)


def test_an_event_with_a_time_long_past_is_found_even_if_the_program_wrote_it(
    signed: Desk,
) -> None:
    claim_id = signed.claim(signed.member())
    with signed.at(claim_id) as (session, claim):
        record(session, claim, "wave", signed.clock().replace(year=2020))
    assert broken(signed) == {"as_signed"}


def test_events_that_stay_unsigned_are_found(signed: Desk) -> None:
    signed.claim(signed.member())
    signed.clock.pass_(minutes=9)
    assert broken(signed) == set()
    signed.clock.pass_(minutes=2)
    assert broken(signed) == {"as_signed"}


def test_without_any_root_that_is_found(desk: Desk) -> None:
    assert "signed_roots" in broken(desk)


def test_a_file_that_is_gone_is_found(signed: Desk) -> None:
    signed.office.settings.roots_file.unlink()
    assert broken(signed) == {"kept_elsewhere"}
