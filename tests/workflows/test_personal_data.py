"""After a whole line, no number of a person stands anywhere in clear."""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from banking import simulator
from documents.kinds import Kind
from models import Base, Batch, Claim, StepRun
from models.people import Role
from rules.errors import Refused
from servers.embedded import Addresses
from tests.conftest import AS_OWNER
from tests.desk import Desk, Person, a_card_number, a_page, a_stay
from tests.kept_files import store_folder
from workflows.claims.acts import correction
from workflows.claims.approving import approval
from workflows.claims.paying import bank_reply, payment_files

PHONE = "13812345678"
NAME = "欧阳清涟"
DIAGNOSIS = "结节性甲状腺囊肿"


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def everything_kept(session: Session) -> Iterator[tuple[str, str]]:
    """Every row of every table as text."""
    for table in Base.metadata.sorted_tables:
        for (row,) in session.execute(text(f'SELECT row_to_json(t)::text FROM "{table.name}" t')):  # noqa: S608
            yield table.name, row


def a_whole_line(desk: Desk, person: Person, new_card: str) -> None:
    """Papers, a missing one, a correction, a clerk who types numbers, payment, return, again."""
    clerk, cashier = desk.user(Role.CLERK), desk.user(Role.CASHIER)
    pages = a_stay(person, without=(Kind.BANK_CARD,), name_on_record="张山", diagnosis=DIAGNOSIS)
    pages.append(a_page(Kind.COVER_SHEET, "申请人联系表", f"联系电话:{PHONE}"))
    desk.drop(
        f"{person.name} {person.id_number}",
        {f"{n} {person.card}.jpg": desk.scan(p) for n, p in enumerate(pages)},
    )
    desk.look()
    desk.drop("HZ2026000001.jpg", desk.scan(a_page(Kind.BANK_CARD, person.card)))
    desk.look()
    said = f"卡号应为 {person.card},证件 {person.id_number},电话 {PHONE}"
    with desk.at(1) as (session, claim):
        [asked] = [f for f in claim.findings if f.code == "DISAGREEMENT" and not f.closed_at]
        correction.answer(session, desk.office, clerk, claim, asked.id, said)
    desk.correct(clerk, 1, phone=PHONE)
    with pytest.raises(Refused):
        desk.correct(clerk, 1, bank_card_number=person.card[:-1] + "x")
    supervisor = desk.user(Role.SUPERVISOR)
    with desk.at(1) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, said)
    with desk.at(1) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    desk.approve_all(supervisor)
    batch_id = desk.released()
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        answer = simulator.answer(file.content, "ccb-list", {person.card: "3031"})
        bank_reply.load_reply(session, desk.office, cashier, batch, answer)
    desk.pay_again(clerk, 1, new_card)
    desk.approve_all()
    desk.released()


@pytest.mark.notice("7.2", "防止泄密")
def test_nothing_of_a_whole_line_is_kept_or_logged_in_clear(
    desk: Desk, loud: pytest.LogCaptureFixture, addresses: Addresses
) -> None:
    since, person, new_card = time.time(), desk.member(NAME), a_card_number()
    a_whole_line(desk, person, new_card)
    numbers = (person.id_number, person.card, new_card, PHONE, DIAGNOSIS)
    assert desk.state_of(1) == "sent"
    with desk.office.sessions.read_only() as session:
        kept = list(everything_kept(session))
    assert len({table for table, _ in kept}) > 20
    for table, row in kept:
        assert not [n for n in numbers if n in row or n.encode().hex() in row], table
        # models/columns.toml says why the register has names in clear.
        assert table == "member" or NAME not in row, table
    ours = [record for record in loud.records if record.name.startswith("huzhu")]
    assert ours
    for record in loud.records:
        said = f"{record.getMessage()} {record.args} {record.exc_text}"
        assert not [n for n in (*numbers, NAME) if n in said], record.name
    for path in desk.office.settings.data.rglob("*"):
        assert not [n for n in (*numbers, NAME) if n in path.name]
        assert path.is_dir() or not [n for n in (*numbers, NAME) if n.encode() in path.read_bytes()]
    with desk.office.sessions.read_only() as session:
        written = list(written_by_the_database(session, since))
    assert {"base", "pg_wal"} <= {path.parts[0] for path, _ in written}
    for path, content in [*written, *kept_by_the_broker(addresses)]:
        assert not [n for n in numbers if n.encode() in content], path


def written_by_the_database(session: Session, since: float) -> Iterator[tuple[Path, bytes]]:
    """What stands in the files of the cluster, its write-ahead log among them, since then."""
    session.execute(text(AS_OWNER))
    session.execute(text("CHECKPOINT"))
    # Our own server is told its folder as an open file; the folder is where it works.
    works_in = Path(f"/proc/{session.scalar(text('SELECT pg_backend_pid()'))}/cwd")
    told = Path(session.scalars(text("SHOW data_directory")).one())
    cluster = works_in.resolve() if works_in.exists() else told
    for path in cluster.rglob("*"):
        with suppress(FileNotFoundError):  # the server drops and recycles files meanwhile
            if path.is_file() and path.stat().st_mtime >= since:
                yield path.relative_to(cluster), path.read_bytes()


def kept_by_the_broker(addresses: Addresses) -> Iterator[tuple[Path, bytes]]:
    """Every key of the broker with its value."""
    with Redis.from_url(addresses.redis_url.replace("redis+socket:", "unix:")) as broker:
        for key in broker.scan_iter():
            yield Path(key.decode(errors="replace")), key + (broker.dump(key) or b"")


def test_a_step_that_breaks_over_a_number_does_not_repeat_it(
    desk: Desk, loud: pytest.LogCaptureFixture
) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text(AS_OWNER))
        # The server's words about a clash would quote the row.
        session.execute(
            text("ALTER TABLE field ADD CONSTRAINT never CHECK (length(value) < 0) NOT VALID")
        )
    try:
        desk.work()
    finally:
        with desk.office.sessions.unit_of_work() as session:
            session.execute(text(AS_OWNER))
            session.execute(text("ALTER TABLE field DROP CONSTRAINT never"))
    with desk.office.sessions.read_only() as session:
        run = session.scalars(select(StepRun).filter_by(outcome="failed")).one()
        assert run.cause is not None
        assert run.cause.startswith("CheckViolation")
        assert session.get_one(Claim, claim_id).parked_cause == run.cause
    said = " ".join(record.getMessage() for record in loud.records)
    assert "CheckViolation" in said
    assert person.id_number not in said
    assert "Failing row" not in said


def test_a_bell_carries_an_id_and_where_the_row_stands(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    [bell] = [bell for bell in desk.bells if bell.machine == "claim"]
    assert (bell.state, bell.id) == ("received", claim_id)
    assert not [part for part in bell if not isinstance(part, str | int)]


def test_files_of_the_store_are_named_by_content_alone(desk: Desk) -> None:
    desk.claim(desk.member())
    names = [p.name for p in Path(store_folder(desk.office.settings)).rglob("*") if p.is_file()]
    assert names
    assert all(len(name) == 64 and set(name) <= set("0123456789abcdef") for name in names)
