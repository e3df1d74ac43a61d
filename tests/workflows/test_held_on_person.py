"""What is held on one member comes as one readable file, without other persons' data."""

import json
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from models import AuditEvent
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, handed_in
from tests.kept_files import scan_at
from workflows.engine.sealed_details import detail_of
from workflows.held_on_person import export_person
from workflows.people.reveals import TooManyReveals


def exported(desk: Desk, member_id: int, by: Role = Role.SECURITY_ADMIN) -> bytes:
    with desk.office.sessions.unit_of_work() as session:
        person = desk.user(by)
        return export_person(session, desk.office, person, member_id, "本人申请查阅")


def test_all_of_one_member_is_in_the_file_and_nothing_of_another(desk: Desk) -> None:
    person, other = desk.member(), desk.member()
    handed_in(desk, person, diagnosis="肺炎")
    handed_in(desk, other)
    desk.approve_all()
    desk.released()
    with zipfile.ZipFile(BytesIO(exported(desk, 1))) as file:
        text = file.read("held.json").decode()
        names = file.namelist()
    for held in (person.name, person.id_number, person.card, "肺炎", "600"):
        assert held in text
    assert not [each for each in (other.id_number, other.card) if each in text]
    held = json.loads(text)
    verbs = [row["verb"] for row in held["audit_event"] if row["subject"] == "claim"]
    assert verbs[0] == "receive"
    assert len(names) == 1 + len(held["document"]) + len(held["letter"])
    with desk.office.sessions.read_only() as session:
        event = session.query(AuditEvent).filter_by(subject="member", verb="export").one()
        assert detail_of(event)["purpose"] == "本人申请查阅"
        sealed = scan_at(desk.office.settings, str(event.detail["sha256"])).read_bytes()
    assert person.id_number.encode() not in sealed


def test_one_person_exports_so_many_in_a_day(desk: Desk) -> None:
    desk.member()
    desk.member()
    settings = desk.office.settings.model_copy(update={"rosters_a_day": 1})
    desk.office = replace(desk.office, settings=settings)
    admin = desk.user(Role.SECURITY_ADMIN)
    with desk.office.sessions.unit_of_work() as session:
        export_person(session, desk.office, admin, 1, "本人申请查阅")
        with pytest.raises(TooManyReveals, match="个人资料"):
            export_person(session, desk.office, admin, 2, "本人申请查阅")
    desk.clock.pass_(days=1)
    with desk.office.sessions.unit_of_work() as session:
        assert export_person(session, desk.office, admin, 2, "本人申请查阅")


def test_only_the_security_administrator_exports(desk: Desk) -> None:
    desk.member()
    with pytest.raises(Refused):
        exported(desk, 1, Role.SUPERVISOR)
