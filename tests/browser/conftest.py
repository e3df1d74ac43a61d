"""Real Chromium against the console on a real port, over real scans."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from sqlalchemy import select, update

from console.app import build
from documents.rosters.roster_file import RosterRow
from models import Claim, Field, Finding, Unit, User
from models.people import Role
from samples.unit import COVER_END, COVER_START, PLAN, sample_unit
from servers.port import free_port
from tests.sample_readings import SampleReadings
from workflows.claims.packets import uploads
from workflows.engine.office import Office
from workflows.enrolment.take_over import take_over
from workflows.people import sessions

SCANS = sorted((Path(__file__).parents[2] / "samples/packets/01-clean-stay").iterdir())
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds, just below pytest's own limit: a busy machine is no fault of the console, and what
# never comes is named by the wait for it.
PATIENCE = 280_000
expect.set_options(timeout=PATIENCE)
SCREEN: ViewportSize = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; without one the tests are skipped, but not in CI."""
    path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    with sync_playwright() as playwright:
        if not path and not Path(playwright.chromium.executable_path).exists():
            message = "no Chromium found: install the package chromium"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        browser = playwright.chromium.launch(
            executable_path=path or None, args=ARGUMENTS, timeout=PATIENCE
        )
        yield browser
        browser.close()


@pytest.fixture
def address(desk: Any) -> Iterator[str]:
    """Where the console listens."""
    port = free_port("127.0.0.1")
    with console_at(desk.office, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def console_at(office: Office, port: int) -> Iterator[None]:
    """The console of this office on a port of this machine."""
    config = uvicorn.Config(build(office), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def at(chromium: Browser, address: str, desk: Any) -> Iterator[Callable[..., Page]]:
    """A window in which a new person with these roles is logged in; faults of scripts fail."""
    faults: list[str] = []
    contexts = []

    def window(*roles: Role, scripts: bool = True, unit_id: int | None = None) -> Page:
        user: User = desk.user(*roles, unit_id=unit_id)
        context = chromium.new_context(
            viewport=SCREEN, base_url=address, java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda line: faults.append(line.text) if "Content Security" in line.text else None,
        )
        with desk.office.sessions.unit_of_work() as session:
            token = sessions.begin_whole_session(
                session, desk.office, user, sessions.Browser("127.0.0.1", "tests")
            )
        context.add_cookies([{"name": "huzhu", "value": token, "url": address}])
        page.goto("/")
        return page

    yield window
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def scanned(desk: Any, sample_readings: SampleReadings) -> str:
    """The number of a claim made from sample scans as the real reader read them."""
    unit = sample_unit()
    person, unit_id = desk.user(Role.UNIT_CLERK), desk.unit(unit.name)
    with desk.office.sessions.unit_of_work() as session:
        rows = [
            RosterRow(at, m.name, m.id_number, card=m.card_number, bank_name=m.bank_name)
            for at, m in enumerate(unit.members, 1)
        ]
        row = session.get_one(Unit, unit_id)
        take_over(session, desk.office, row, PLAN, COVER_START, COVER_END, rows)
        uploads.upload(session, desk.office, person, [(s.name, s.read_bytes()) for s in SCANS])
    sample_readings.lend(desk.office)
    desk.work()
    sample_readings.keep(desk.office)
    return put_in_question(desk, person)


def put_in_question(desk: Any, person: User) -> str:
    """Make the reader doubt the hospital and the bank card only."""
    with desk.office.sessions.unit_of_work() as session:
        claim: Claim = session.scalars(select(Claim)).one()
        known = {(finding.code, finding.subject): finding for finding in claim.findings}
        for finding in claim.findings:
            finding.answered_by, finding.closed_at = person.id, desk.office.clock()
        for name, confidence in (("hospital_name", 0.62), ("bank_card_number", 0.58)):
            query = update(Field).where(Field.claim_id == claim.id, Field.name == name)
            session.execute(query.values(confidence=confidence))
            doubt = known.get(("FIELD_UNSURE", name))
            if doubt is None:
                doubt = Finding(claim_id=claim.id, code="FIELD_UNSURE", subject=name, detail={})
                session.add(doubt)
            doubt.answered_by = doubt.closed_at = None
        claim.state, claim.due_at = "in_question", None
        return claim.number
