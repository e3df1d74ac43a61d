"""What is kept no longer is erased, what the books need stays, and nobody erases what is held."""

from contextlib import nullcontext
from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select
from typer.main import get_command

from console import retention_cli
from console.queries.one_claim import claim_numbered
from models import Claim, LegalHold, Member, Payment, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person
from tests.workflows.audit.test_verify import broken
from tests.workflows.test_held_on_person import exported
from tests.workflows.test_personal_data import everything_kept
from tests.workflows.test_proof import answered
from workflows.audit.roots import sign_if_due
from workflows.claims.acts import correction
from workflows.claims.approving import approval
from workflows.key_rotation import kinds
from workflows.nightly import erase_old
from workflows.proof import prove
from workflows.retention import holds, persons
from workflows.retention.due import last_day
from workflows.retention.erasing import counted, erase_due

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
    return len([p for p in desk.office.settings.store_folder.rglob("*") if p.is_file()])


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


def test_after_thirty_years_a_person_is_erased_and_sums_and_the_chain_of_the_log_stay(
    desk: Desk, capsys: pytest.CaptureFixture[str]
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
    assert f"共{due.total()}行" in said(desk, capsys, "--erase")
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
    assert sum(kind.marks.total() for kind in kinds(desk.office)) > 0
    assert counted(desk.office).total() == 0


def test_killed_after_the_files_are_gone_the_next_night_erases_the_rest(desk: Desk) -> None:
    paid(desk, "欧阳清涟")
    desk.clock.pass_(days=THIRTY_YEARS)
    with pytest.raises(KeyboardInterrupt), desk.office.sessions.unit_of_work() as session:
        assert persons.erase(session, desk.office, Member, 1)
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


def test_full_years_are_over_the_day_before_their_day_comes_again() -> None:
    assert last_day("roster", date(2026, 6, 15)) == date(2025, 6, 14)
    assert last_day("roster", date(2024, 2, 29)) == date(2023, 2, 27)
