"""Loads the made-up unit, its roster, the log-ins and the packets that ship with the program."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from documents.rosters import read_roster
from models import User
from models.people import Role
from settings import ROOT
from workflows.enrolment import enrol, register_unit
from workflows.office import Office
from workflows.people import add_user

SAMPLES = ROOT / "samples"
PLAN, STARTS_ON, ENDS_ON = "main-2020", date(2026, 1, 1), date(2026, 12, 31)
CITY = "长春市"

PEOPLE = {
    "clerk": ("样例经办", [Role.CLERK]),
    "supervisor": ("样例审批", [Role.SUPERVISOR]),
    "cashier": ("样例出纳甲", [Role.CASHIER]),
    "cashier2": ("样例出纳乙", [Role.CASHIER]),
    "admin": ("样例系统管理员", [Role.SYSTEM_ADMIN]),
}


@dataclass(frozen=True)
class LogIn:
    """A sample person's way in; the password is made at the first start of this clone."""

    login: str
    name: str
    password: str


def load(office: Office) -> list[LogIn]:
    """Make the unit, its cover year and the sample people, once; the log-ins."""
    log_ins = _log_ins(office)
    rows = read_roster((SAMPLES / "roster.xlsx").read_bytes())
    with office.sessions.unit_of_work() as session:
        unit = register_unit(session, office, rows[0].unit_name, CITY)
        enrol(session, office, unit, PLAN, STARTS_ON, ENDS_ON, rows)
        known = set(session.scalars(select(User.login)))
        for log_in in log_ins:
            if log_in.login not in known:
                name, roles = PEOPLE[log_in.login]
                add_user(session, office, log_in.login, name, log_in.password, roles)
    return log_ins


def drop(office: Office) -> int:
    """Copy the sample packets into the drop folder, unless this clone has had them; how many."""
    marker = office.settings.data / "samples-dropped"
    if marker.exists():
        return 0
    inbox = office.settings.inbox_folder
    inbox.mkdir(parents=True, exist_ok=True)
    packets = list(_packets())
    for packet in packets:
        _copy(packet, inbox / packet.name)
    marker.touch()
    return len(packets)


def _packets() -> Iterator[Path]:
    yield from sorted((SAMPLES / "packets").iterdir())


def _copy(packet: Path, target: Path) -> None:
    if packet.is_dir():
        shutil.copytree(packet, target, dirs_exist_ok=True)
    else:
        shutil.copy2(packet, target)


def _log_ins(office: Office) -> list[LogIn]:
    path = office.settings.data / "sample-log-ins.json"
    if not path.exists():
        made = {login: secrets.token_urlsafe(9) for login in PEOPLE}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
    passwords = json.loads(path.read_text())
    return [LogIn(login, PEOPLE[login][0], passwords[login]) for login in PEOPLE]
