"""A worker is killed at every instant of a reminder's way; the unit gets it, as one message."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from models import Renewal
from settings import ROOT, Settings
from tests.desk import Desk
from tests.renewals import a_year
from tests.smtp import mail_server
from workflows.office import utc_now

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

# One look, and every step that can be taken after it, in a process of its own.
WORKER = """
from models import Renewal
from settings import settings
from workflows.engine import run
from workflows.office import open_office
from workflows.pipeline import STEP_AT
from workflows.renewal import look
bells = []
office = open_office(settings(), settings().database_url, bells.extend)
look(office)
with office.sessions.look() as session:
    rows = session.query(Renewal.state, Renewal.id).all()
for state, id_ in rows:
    while (step := STEP_AT.get(("renewal", state))) is not None:
        run(office, step, id_)
        with office.sessions.look() as session:
            now = session.get_one(Renewal, id_)
        if now.state == state:
            break
        state = now.state
"""


def work(settings: Settings, port: int, die_in: Path) -> int:
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "HUZHU_DATA": str(settings.data),
        "HUZHU_KEYS": settings.keys.get_secret_value(),
        "HUZHU_INDEX_KEY": settings.index_key.get_secret_value(),
        "HUZHU_SMTP_HOST": "127.0.0.1",
        "HUZHU_SMTP_PORT": str(port),
        "HUZHU_SMTP_SECURITY": "none",
        "HUZHU_MAIL_FROM": "huzhu@office.example",
        "HUZHU_DIE_IN": str(die_in),
    }
    return subprocess.run([sys.executable, "-c", WORKER], cwd=ROOT, env=environment).returncode


def test_a_worker_that_dies_at_every_instant_sends_one_message(desk: Desk, tmp_path: Path) -> None:
    desk.clock.now = utc_now()
    a_year(desk, desk.office.today() + timedelta(days=60), email="gonghui@unit.example")
    (die_in := tmp_path / "die").mkdir()
    for instant in INSTANTS:
        (die_in / instant).touch()
    with mail_server() as server:
        deaths = 0
        while work(desk.office.settings, server.port, die_in) == KILLED:
            deaths += 1
            with desk.office.sessions.unit_of_work() as session:
                # The dead worker's lease runs out.
                for row in session.scalars(select(Renewal).with_for_update()):
                    row.held_until = None
    with desk.office.sessions.look() as session:
        row = session.scalars(select(Renewal)).one()
    assert (deaths, list(die_in.iterdir())) == (len(INSTANTS), [])
    assert row.state == "sent"
    assert server.message_ids == {row.message_id}
    assert len(server.raw) > len(set(server.raw)) == 1
