"""A worker is killed at every instant of a roster's way; each person is enrolled once."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from models import AuditEvent, Coverage, Enrolment, EnrolmentLine, Member
from settings import ROOT, Settings
from tests.desk import Desk, an_id_number
from tests.workflows.enrolment.rosters import OWN, Hall, Worker
from workflows.engine.office import utc_now
from workflows.enrolment.enrol_rows import PORTION
from workflows.proof import prove

KILLED = 137
PEOPLE = 2 * PORTION + 3
SIDES = ("before", "after")
INSTANTS = [
    *(f"{act}, {side} commit" for act in ("enrol taken", "enrol recorded") for side in SIDES),
    *(f"rows enrolled, {side} commit" for side in SIDES),
    *(f"begin_cover, {side} commit" for side in SIDES),
]

# Every step the roster can take, in a process of its own.
WORKER = """
from models import Enrolment
from settings import settings
from workflows.engine.run import run
from workflows.engine.office import open_office
from workflows.pipeline import STEP_AT
office = open_office(settings(), settings().database_url)
while True:
    with office.sessions.read_only() as session:
        row = session.query(Enrolment.id, Enrolment.state).one()
    step = STEP_AT.get(("enrolment", row.state))
    if step is None or run(office, step, row.id) != "done":
        break
"""


def work(settings: Settings, die_in: Path) -> int:
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "HUZHU_DATA": str(settings.data),
        "HUZHU_KEYS": settings.keys.get_secret_value(),
        "HUZHU_INDEX_KEY": settings.index_key.get_secret_value(),
        "HUZHU_DIE_IN": str(die_in),
    }
    return subprocess.run([sys.executable, "-c", WORKER], cwd=ROOT, env=environment).returncode


def a_crowd() -> list[Worker]:
    return [
        Worker(f"职工{at}", an_id_number(f"19850{at // 1000 + 1}17", at % 1000), card="")
        for at in range(PEOPLE)
    ]


def test_a_worker_that_dies_at_every_instant_enrols_each_row_once(
    desk: Desk, tmp_path: Path
) -> None:
    desk.clock.now = utc_now()
    hall, people = Hall.of(desk, PEOPLE), a_crowd()
    [number] = hall.hand_in(people, None)
    hall.accept(number)
    hall.pay(number, OWN * PEOPLE, desk.office.today())
    (die_in := tmp_path / "die").mkdir()
    for instant in INSTANTS:
        (die_in / instant).touch()
    deaths = 0
    while work(desk.office.settings, die_in) == KILLED:
        deaths += 1
        with desk.office.sessions.unit_of_work() as session:
            # The dead worker's lease runs out.
            for row in session.scalars(select(Enrolment).with_for_update()):
                row.held_until = None
    assert (deaths, list(die_in.iterdir())) == (len(INSTANTS), [])
    assert hall.state(number) == "covered"
    with desk.office.sessions.read_only() as session:
        for table in (Member, EnrolmentLine, Coverage):
            assert session.scalar(select(func.count()).select_from(table)) == PEOPLE
        first = select(func.count()).select_from(AuditEvent).filter_by(subject="member")
        assert session.scalar(first) == PEOPLE
    assert hall.lines(number) == list(range(2, PEOPLE + 2))
    with desk.office.sessions.read_only() as session:
        assert [each for each in prove(session, desk.office) if each.violations] == []
