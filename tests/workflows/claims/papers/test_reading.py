"""The reader on real scans: each page is read once, and an unreadable page is reported."""

from dataclasses import fields, replace
from pathlib import Path
from shutil import rmtree
from threading import Barrier

import pytest
from sqlalchemy import select, text

from documents.blobs.folder import FolderBlobs
from documents.kinds import Kind
from documents.packets.file_limits import Limits
from documents.store import Store
from models import Document, Page, StoredReading
from models.people import Role
from models.states import ClaimState
from samples.bad import noise_jpeg
from tests.conftest import AS_OWNER
from tests.desk import STEP_BY_NAME, Desk, a_picture
from tests.kept_files import scan_at, store_folder
from workflows.claims.packets import uploads
from workflows.claims.papers.reading import seen_on
from workflows.engine.office import Office
from workflows.engine.run import Ended, run

STAY = Path(__file__).parents[4] / "samples" / "packets" / "01-clean-stay"


def taken_in(desk: Desk, *files: bytes) -> int:
    """A claim whose pages were not read yet."""
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        named = [(f"{number}.jpg", data) for number, data in enumerate(files, 1)]
        packet_id = uploads.upload(session, desk.office, clerk, named).id
    assert run(desk.office, STEP_BY_NAME["intake"], packet_id) is Ended.DONE
    desk.bells.clear()
    with desk.office.sessions.read_only() as session:
        return session.scalars(
            select(Document.claim_id).where(Document.packet_id == packet_id).limit(1)
        ).one()


def read(desk: Desk, claim_id: int) -> Ended:
    return run(desk.office, STEP_BY_NAME["read"], claim_id)


def written_at(desk: Desk) -> dict[tuple[str, int], str]:
    """Which transaction wrote each reading."""
    with desk.office.sessions.read_only() as session:
        rows = session.execute(text("SELECT sha256, number, xmin::text FROM page_reading"))
        return {(sha256, number): xmin for sha256, number, xmin in rows}


def test_real_scans_are_read_and_kept_sealed_under_their_hash(desk: Desk) -> None:
    card = (STAY / "02.jpg").read_bytes()
    claim_id = taken_in(desk, card)
    assert read(desk, claim_id) is Ended.DONE
    assert desk.state_of(claim_id) == ClaimState.READ
    with desk.office.sessions.read_only() as session:
        page = session.scalars(select(Page)).one()
        assert (page.kind, page.rotation) == (Kind.ID_CARD_FRONT, 0)
        assert page.confidence > 0.8
        reading = session.scalars(select(StoredReading)).one()
        seen = seen_on(session, desk.office, page.document, 1)
        assert any("公民身份号码" in line.text for line in seen.lines)
        assert "公民".encode() not in reading.reading
    before = written_at(desk)
    other = taken_in(desk, card, a_picture())
    assert read(desk, other) is Ended.DONE
    assert before.items() <= written_at(desk).items()
    assert len(written_at(desk)) == 2


def test_a_retry_reads_only_the_pages_that_were_not_saved(desk: Desk) -> None:
    claim_id = taken_in(desk, a_picture(), a_picture())
    assert read(desk, claim_id) is Ended.DONE
    first = written_at(desk)
    kept, lost = sorted(first)
    with desk.office.sessions.unit_of_work() as session:
        # As if the worker had died after its first page.
        session.execute(text(AS_OWNER))
        session.execute(text("DELETE FROM page"))
        session.execute(text("DELETE FROM page_reading WHERE sha256 = :s"), {"s": lost[0]})
        session.execute(text("UPDATE claim SET state = 'received'"))
    assert read(desk, claim_id) is Ended.DONE
    second = written_at(desk)
    assert second[kept] == first[kept]
    assert second[lost] != first[lost]
    with desk.office.sessions.read_only() as session:
        assert len(session.scalars(select(Page)).all()) == 2


class StoreThatMeets(Store):
    """A store that gives a paper only once another one is asked for."""

    both = Barrier(2)

    def get(self, sha256: str) -> bytes:
        """The paper."""
        self.both.wait()
        return super().get(sha256)


class OfficeOfTwoCores(Office):
    """An office that reads two pages side by side, whatever machine this is."""

    @property
    def limits(self) -> Limits:
        """The limits of the office, but for this one."""
        return replace(super().limits, pages_at_once=2)


def test_pages_of_one_claim_are_read_side_by_side(desk: Desk) -> None:
    claim_id = taken_in(desk, a_picture(), a_picture())
    known = {each.name: getattr(desk.office, each.name) for each in fields(Office)}
    known["store"] = StoreThatMeets(
        FolderBlobs(store_folder(desk.office.settings)), desk.office.keys
    )
    assert run(OfficeOfTwoCores(**known), STEP_BY_NAME["read"], claim_id) is Ended.DONE
    assert len(written_at(desk)) == 2


def test_a_page_that_fails_keeps_no_other_from_being_saved(desk: Desk) -> None:
    claim_id = taken_in(desk, a_picture(), a_picture())
    with desk.office.sessions.read_only() as session:
        [first, second] = session.scalars(select(Document.sha256).order_by(Document.id))
    scan_at(desk.office.settings, first).unlink()
    assert read(desk, claim_id) is not Ended.DONE
    assert {sha256 for sha256, _number in written_at(desk)} == {second}


def test_pages_that_were_all_read_need_no_scan(desk: Desk) -> None:
    claim_id = desk.claim(desk.member())
    rmtree(store_folder(desk.office.settings))
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


@pytest.mark.parametrize("is_noise", [True, False])
def test_an_unreadable_page_goes_to_a_person(desk: Desk, is_noise: bool) -> None:
    claim_id = taken_in(desk, noise_jpeg() if is_noise else a_picture())
    read(desk, claim_id)
    assert run(desk.office, STEP_BY_NAME["check"], claim_id) is Ended.DONE
    assert "PAGE_UNCLEAR" in {code for code, _ in desk.open_findings(claim_id)}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION


def test_a_stored_file_that_no_longer_opens_is_an_illegible_page(desk: Desk) -> None:
    claim_id = taken_in(desk, a_picture())
    broken = desk.office.store.put(b"\xff\xd8\xff no picture any more")
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text("UPDATE document SET sha256 = :s"), {"s": broken})
    assert read(desk, claim_id) is Ended.DONE
    with desk.office.sessions.read_only() as session:
        page = session.scalars(select(Page)).one()
        assert (page.kind, page.confidence) == (Kind.OTHER, 0.0)


def test_a_scan_that_was_tampered_with_parks_the_claim(desk: Desk) -> None:
    claim_id = taken_in(desk, a_picture())
    with desk.office.sessions.read_only() as session:
        sha256 = session.scalars(select(Document.sha256)).one()
    path = scan_at(desk.office.settings, sha256)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    assert read(desk, claim_id) is Ended.FAILED
    assert desk.state_of(claim_id) == ClaimState.RECEIVED
    assert written_at(desk) == {}
