"""What is kept no longer is erased, what the books need stays, and nobody erases what is held."""

import os
from contextlib import nullcontext
from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from typer.main import get_command

from console import claims_cli, retention_cli
from console.queries.one_claim import claim_numbered
from models import (
    AuditEvent,
    Claim,
    CoverYear,
    Document,
    LegalHold,
    Member,
    Packet,
    Payment,
    Renewal,
    StoredReading,
    User,
)
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person, handed_in
from tests.kept_files import scan_at, store_folder
from tests.workflows.audit.test_verify import broken
from tests.workflows.enrolment.rosters import Hall, workers
from tests.workflows.test_held_on_person import exported
from tests.workflows.test_personal_data import everything_kept
from tests.workflows.test_proof import answered
from workflows.audit.roots import sign_if_due
from workflows.claims.acts import correction
from workflows.claims.approving import approval
from workflows.engine.history import record
from workflows.engine.moves import start
from workflows.engine.sealed_column import ERASED
from workflows.engine.turns import OneAtATime, wait_for
from workflows.enrolment import rosters
from workflows.key_rotation import kinds
from workflows.nightly import erase_old
from workflows.proof import prove
from workflows.retention import holds, persons
from workflows.retention.due import due_members, due_vouchers, last_day
from workflows.retention.erasing import counted, erase_due
from workflows.sealed_values.files import seal_packet_name

ILLNESS, REASON = "结节性甲状腺囊肿", "家属说另有病情"
THIRTY_YEARS = 31 * 366


def paid(desk: Desk, name: str) -> Person:
    """A member whose stay was paid after a supervisor had sent it back, and who got an export."""
    person = desk.member(name)
    claim_id = desk.claim(person, diagnosis=ILLNESS)
    desk.work()
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, desk.user(Role.SUPERVISOR), claim, REASON + name)
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()
    desk.approve_all()
    answered(desk, desk.released(), {})
    assert desk.state_of(claim_id) == "paid"
    return person


def kept_of(desk: Desk, person: Person) -> list[str]:
    """The tables in which name or numbers stand in clear, and what an opened export tells."""
    with desk.office.sessions.read_only() as session:
        rows = list(everything_kept(session))
    words = (person.name, person.id_number, person.card)
    return [table for table, row in rows if any(word in row for word in words)]


def files(desk: Desk) -> int:
    return len([p for p in store_folder(desk.office.settings).rglob("*") if p.is_file()])


def held(desk: Desk, claim_id: int) -> LegalHold:
    auditor = desk.user(Role.AUDITOR)
    with desk.at(claim_id) as (session, claim):
        return holds.ask_for_hold(session, desk.office, auditor, claim, "诉讼")


def said(desk: Desk, output: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says, without blanks."""
    opening = partial(nullcontext, desk.office)
    command = get_command(retention_cli.commands)
    command.main(["retention", *words], obj=opening, standalone_mode=False)
    return "".join(output.readouterr().out.split())


def due_ids(desk: Desk) -> list[int]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(due_members(desk.office.today())))


def test_after_thirty_years_a_person_is_erased_and_sums_and_the_chain_of_the_log_stay(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = paid(desk, "欧阳清涟"), paid(desk, "司马文")
    exported(desk, 1)
    held(desk, 2)
    assert counted(desk.office).total() == 0
    desk.clock.pass_(days=THIRTY_YEARS)
    due, there = counted(desk.office), files(desk)
    assert due["member"] == due["claim"] == 1
    assert due["field"] > 5
    assert erase_old(desk.office) == 0
    assert "member1" in said(desk, capsys)
    assert kept_of(desk, gone)
    with pytest.raises(Refused, match="--as"):
        said(desk, capsys, "--erase")
    auditor, admin = desk.user(Role.AUDITOR), desk.user(Role.SECURITY_ADMIN)
    monkeypatch.setattr(retention_cli, "acting", lambda _office, _login: auditor)
    with pytest.raises(Refused, match="岗位"):
        said(desk, capsys, "--erase", "--as", "auditor")
    monkeypatch.setattr(retention_cli, "acting", lambda _office, _login: admin)
    assert f"共{due.total()}行" in said(desk, capsys, "--erase", "--as", "admin")
    assert kept_of(desk, gone) == []
    assert "member" in kept_of(desk, kept)
    assert files(desk) < there
    sign_if_due(desk.office)
    assert broken(desk) == set()
    with desk.office.sessions.read_only() as session:
        assert [found.code for found in prove(session, desk.office) if found.violations] == []
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.sum(Payment.amount))) == 2 * 60000
        erased, other = session.scalars(select(Claim).order_by(Claim.id))
        assert (erased.erased_at, other.erased_at) == (desk.clock(), None)
        with pytest.raises(Refused, match="已抹去"):
            claim_numbered(session, desk.user(Role.CLERK), erased.number)
        with pytest.raises(Refused, match="已抹去"):
            claims_cli._claim(session, erased.number)
        by = select(AuditEvent.actor_id).filter_by(subject="member", subject_id=1, verb="erase")
        assert session.scalars(by).all() == [admin.id]
    with pytest.raises(Refused, match="已抹去"):
        exported(desk, 1)
    assert sum(kind.marks.total() for kind in kinds(desk.office)) > 0
    assert counted(desk.office).total() == 0


def test_killed_after_the_files_are_gone_the_next_night_erases_the_rest(desk: Desk) -> None:
    paid(desk, "欧阳清涟")
    desk.clock.pass_(days=THIRTY_YEARS)
    with pytest.raises(KeyboardInterrupt), desk.office.sessions.unit_of_work() as session:
        assert persons.erase(session, desk.office, Member, 1, None)
        raise KeyboardInterrupt
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Member, 1).erased_at is None
    assert erase_due(desk.office)["member"] == 1
    assert erase_due(desk.office).total() == 0


def test_a_hold_takes_one_person_to_begin_and_two_to_confirm_and_to_end(desk: Desk) -> None:
    paid(desk, "欧阳清涟")
    asked = held(desk, 1)
    auditor, admin = desk.user(Role.AUDITOR), desk.user(Role.SECURITY_ADMIN)
    desk.clock.pass_(days=THIRTY_YEARS)
    with desk.office.sessions.unit_of_work() as session:
        with pytest.raises(Refused, match="另一人"):
            holds.confirm_hold(
                session, desk.office, session.get_one(User, asked.asked_by), asked.id
            )
        holds.confirm_hold(session, desk.office, admin, asked.id)
        holds.ask_to_lift(session, desk.office, admin, asked.id, "结案")
        with pytest.raises(Refused, match="另一人"):
            holds.lift(session, desk.office, admin, asked.id)
    assert erase_due(desk.office).total() == 0
    with desk.office.sessions.unit_of_work() as session:
        holds.lift(session, desk.office, auditor, asked.id)
    assert erase_due(desk.office)["member"] == 1


def test_nobody_is_erased_who_is_on_his_way_to_cover_or_was_so_lately(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    [person] = workers(1)
    hall.covered([person])
    desk.clock.pass_(days=7 * 366)
    assert due_ids(desk) == [1]
    again = hall.enrolled([person], desk.office.today())
    desk.clock.pass_(days=7 * 366)
    assert due_ids(desk) == []
    with desk.office.sessions.unit_of_work() as session:
        rosters.withdraw(session, desk.office, hall.clerk, rosters.locked(session, again))
    assert due_ids(desk) == [1]
    with desk.office.sessions.unit_of_work() as session:
        member = session.get_one(Member, 1, with_for_update=True)
        record(session, member, "change_card", desk.clock())
    assert due_ids(desk) == []


def test_what_was_read_of_a_paper_stays_while_another_claim_names_it(desk: Desk) -> None:
    paid(desk, "欧阳清涟")
    other = handed_in(desk)
    with desk.office.sessions.unit_of_work() as session:
        papers = select(Document).order_by(Document.id).limit(1)
        paper = session.scalars(papers.where(Document.claim_id == 1)).one()
        twin = session.scalars(papers.where(Document.claim_id == other)).one()
        shared = twin.sha256 = paper.sha256
    held(desk, other)
    desk.clock.pass_(days=THIRTY_YEARS)
    assert erase_due(desk.office)["member"] == 1
    assert desk.office.store.verify(shared)
    with desk.office.sessions.read_only() as session:
        readings = session.scalars(select(StoredReading.reading).filter_by(sha256=shared)).all()
    assert readings
    assert ERASED not in readings


def test_the_name_of_a_stack_goes_with_the_first_whose_papers_lay_in_it(desk: Desk) -> None:
    paid(desk, "欧阳清涟")
    with desk.office.sessions.unit_of_work() as session:
        part = session.scalars(select(Packet)).one()
        stack = Packet(folder="inbox", fingerprint="", noticed_at=desk.clock(), notes=["欧阳"])
        seal_packet_name(desk.office.keys, stack, "欧阳清涟 李四.pdf".encode())
        start(session, stack, "notice", desk.office)
        session.flush()
        part.part_of, stack_id = stack.id, stack.id
    desk.clock.pass_(days=THIRTY_YEARS)
    assert erase_due(desk.office)["member"] == 1
    with desk.office.sessions.read_only() as session:
        stack = session.get_one(Packet, stack_id)
        assert (stack.name, stack.notes) == (ERASED, [])


def test_a_file_that_is_stored_again_meanwhile_keeps_its_claim_for_a_later_run(desk: Desk) -> None:
    paid(desk, "欧阳清涟")
    desk.clock.pass_(days=THIRTY_YEARS)
    with desk.office.sessions.read_only() as session:
        [sha256, *_others] = session.scalars(select(Document.sha256))
    now = desk.clock().timestamp()
    os.utime(scan_at(desk.office.settings, sha256), (now, now))
    assert erase_due(desk.office)["member"] == 0
    assert desk.office.store.verify(sha256)
    desk.clock.pass_(hours=2)
    assert erase_due(desk.office)["member"] == 1
    assert not desk.office.store.verify(sha256)


def test_a_hold_waits_for_the_erasing_that_is_at_it(desk: Desk) -> None:
    desk.claim(desk.member())
    with desk.office.sessions.unit_of_work() as erasing:
        wait_for(erasing, OneAtATime.HOLD_OR_ERASE)
        with desk.office.sessions.unit_of_work() as session, pytest.raises(DBAPIError):
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            claim = session.get_one(Claim, 1)
            holds.ask_for_hold(session, desk.office, desk.user(Role.AUDITOR), claim, "诉讼")


def test_a_hold_keeps_the_reminder_of_his_cover(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    hall.covered(workers(1))
    with desk.office.sessions.unit_of_work() as session:
        year = session.scalars(select(CoverYear)).one()
        reminder = Renewal(
            unit_id=year.unit_id, cover_year_id=year.id, rung=0, due_on=year.ends_on, state="sent"
        )
        session.add(reminder)
    desk.clock.pass_(days=THIRTY_YEARS)
    with desk.office.sessions.unit_of_work() as session:
        due = due_vouchers(Renewal, desk.office.today())
        assert len(session.scalars(due).all()) == 1
        member = session.get_one(Member, 1)
        holds.ask_for_hold(session, desk.office, desk.user(Role.AUDITOR), member, "诉讼")
        assert session.scalars(due).all() == []


def test_full_years_are_over_the_day_before_their_day_comes_again() -> None:
    assert last_day("roster", date(2026, 6, 15)) == date(2025, 6, 14)
    assert last_day("roster", date(2024, 2, 29)) == date(2023, 2, 27)
