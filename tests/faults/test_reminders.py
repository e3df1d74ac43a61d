"""A worker is killed at every instant of a reminder's way; the unit gets it, as one message."""

from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select

import crash_points
from models import Renewal
from settings import Settings
from tests.desk import Desk
from tests.renewals import a_year
from tests.smtp import mail_server
from workflows.engine.office import open_office, utc_now
from workflows.engine.run import run
from workflows.engine.session import Bell
from workflows.pipeline import STEP_AT
from workflows.renewal.reminders import look

KILLED = 137
INSTANTS = [
    *(f"remind, {side} commit" for side in ("before", "after")),
    *(
        f"{step} {act}, {side} commit"
        for step in ("write_renewal", "mail_renewal")
        for act in ("taken", "recorded")
        for side in ("before", "after")
    ),
    "stored, before rename",
    "stored, after rename",
]


def live(settings: Settings, die_in: Path) -> None:
    """One look, and every step that can be taken after it."""
    crash_points._DIE_IN, crash_points._WATCHED = str(die_in), True
    bells: list[Bell] = []
    office = open_office(settings, settings.database_url, bells.extend)
    look(office)
    with office.sessions.read_only() as session:
        rows = session.scalars(select(Renewal)).all()
        bells += [Bell("renewal", row.state, row.id) for row in rows]
    while bells:
        bell = bells.pop(0)
        if (step := STEP_AT.get((bell.machine, bell.state))) is not None:
            run(office, step, bell.id)


def one_life(settings: Settings, die_in: Path) -> int:
    """How a worker ended that was started afresh."""
    process = get_context("fork").Process(target=live, args=(settings, die_in))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def test_a_worker_that_dies_at_every_instant_sends_one_message(desk: Desk, tmp_path: Path) -> None:
    desk.clock.now = utc_now()
    a_year(desk, desk.office.today() + timedelta(days=60), email="gonghui@unit.example")
    (die_in := tmp_path / "die").mkdir()
    for instant in INSTANTS:
        (die_in / instant).touch()
    with mail_server() as server:
        changed = {
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_security": "none",
            "mail_from": "huzhu@office.example",
        }
        settings, deaths = desk.office.settings.model_copy(update=changed), 0
        while (ended := one_life(settings, die_in)) == KILLED:
            deaths += 1
            with desk.office.sessions.unit_of_work() as session:
                # The dead worker's lease runs out.
                for row in session.scalars(select(Renewal).with_for_update()):
                    row.held_until = None
    with desk.office.sessions.read_only() as session:
        row = session.scalars(select(Renewal)).one()
    assert (ended, deaths, list(die_in.iterdir())) == (0, len(INSTANTS), [])
    assert row.state == "sent"
    assert server.message_ids == {row.message_id}
    assert len(server.raw) > len(set(server.raw)) == 1
