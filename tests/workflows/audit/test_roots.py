"""When the log is signed, what a root covers, and where it goes."""

import socket
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, text

from models import AuditEvent, AuditRoot
from tests.conftest import AS_OWNER
from tests.desk import Desk
from workflows.audit import roots
from workflows.audit.root_copies import copied
from workflows.audit.root_lines import EVENTS, Statement
from workflows.audit.roots import sign_if_due
from workflows.engine.history import record


def statements(desk: Desk) -> list[Statement]:
    with desk.office.sessions.read_only() as session:
        lines = session.scalars(select(AuditRoot.line).order_by(AuditRoot.number)).all()
    assert copied(desk.office.settings.roots_file) == list(lines)
    return [told for line in lines if (told := Statement.of_line(line))]


def counts(desk: Desk) -> list[int]:
    return [told.spans[EVENTS].count for told in statements(desk)]


def events(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_the_first_root_covers_all_there_is_and_the_next_comes_after_a_minute(desk: Desk) -> None:
    assert sign_if_due(desk.office) == 1
    assert sign_if_due(desk.office) == 0
    before = events(desk)
    desk.claim(desk.member())
    assert sign_if_due(desk.office) == 0
    desk.clock.pass_(seconds=60)
    assert sign_if_due(desk.office) == 1
    desk.clock.pass_(seconds=60)
    assert sign_if_due(desk.office) == 0
    assert counts(desk) == [before, events(desk) - before]


def test_enough_events_are_signed_at_once_and_no_root_covers_too_many(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_if_due(desk.office)
    desk.claim(desk.member())
    monkeypatch.setattr(roots, "DUE_ROWS", 2)
    monkeypatch.setattr(roots, "ROWS_AT_ONCE", 2)
    more = sign_if_due(desk.office)
    assert more > 1
    assert counts(desk)[1:-1] == [2] * (more - 1)


def test_no_event_appears_below_a_position_that_was_signed(desk: Desk) -> None:
    sign_if_due(desk.office)
    claim_id = desk.claim(desk.member())
    desk.clock.pass_(minutes=2)
    with desk.at(claim_id) as (session, claim):
        record(session, claim, "wave", desk.clock())
        session.flush()
        desk.claim(desk.member())
        assert sign_if_due(desk.office, patience=0) == 0
    assert sign_if_due(desk.office, patience=0) == 1
    assert sum(counts(desk)) == events(desk)


def test_a_syslog_server_gets_each_root_too(desk: Desk) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        address = f"127.0.0.1:{server.getsockname()[1]}"
        settings = desk.office.settings.model_copy(update={"audit_syslog": address})
        sign_if_due(replace(desk.office, settings=settings))
        [line] = copied(settings.roots_file)
        assert line in server.recv(8192).decode()


def test_nothing_is_signed_while_the_file_holds_what_the_database_does_not(desk: Desk) -> None:
    sign_if_due(desk.office)
    with desk.office.sessions.engine.begin() as connection:
        connection.execute(text(AS_OWNER))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(delete(AuditRoot))
    desk.clock.pass_(minutes=2)
    assert sign_if_due(desk.office) == 0


def test_a_line_that_a_crash_left_torn_is_written_again(desk: Desk) -> None:
    sign_if_due(desk.office)
    file = desk.office.settings.roots_file
    file.write_bytes(file.read_bytes()[:-9])
    sign_if_due(desk.office)
    assert len(statements(desk)) == 1
