"""A program sees and does to claims, rosters and batches what its person could, and no more."""

from collections.abc import Callable
from typing import Any

import pytest

from documents.kinds import Kind
from models import Claim
from models.people import Role
from tests.console.another_unit import a_clerk_elsewhere, our_unit
from tests.console.api.conftest import Program
from tests.desk import Desk, Person
from tests.workflows.enrolment.rosters import PLAN, Hall, sheet, workers
from workflows.audit.roots import sign_if_due

Programs = Callable[..., Program]


def numbered(desk: Desk, person: Person, **more: Any) -> str:
    """The number of a new claim."""
    claim_id = desk.claim(person, **more)
    with desk.office.sessions.read_only() as session:
        return session.get_one(Claim, claim_id).number


def test_a_claim_tells_its_state_and_what_is_wanted(desk: Desk, program: Programs) -> None:
    number = numbered(desk, desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    one = program(Role.CLERK)
    told = one.get(f"/claims/{number}").json()
    assert told["state"] == "incomplete"
    assert [each["word"] for each in told["wanted"]] == ["银行卡"]
    [line] = one.get("/claims?state=incomplete").json()["claims"]
    assert line["number"] == number
    assert one.get("/claims?state=paid").json() == {"claims": [], "next": None}


def test_a_program_holds_resumes_and_withdraws(desk: Desk, program: Programs) -> None:
    number = numbered(desk, desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    one, path = program(Role.CLERK), f"/claims/{number}"
    hold = {"until": "2026-07-01", "reason": "等材料"}
    assert one.post(f"{path}/hold", json=hold).json()["state"] == "held"
    assert one.post(f"{path}/hold", json=hold).status_code == 409
    assert one.post(f"{path}/resume").json()["state"] == "read"
    desk.work()
    answer = one.post(f"{path}/withdraw", json={"reason": "单位撤回"})
    assert answer.json() == {"claim": number, "state": "withdrawn"}
    bad = one.post(f"{path}/hold", json={"until": "明天", "reason": "x"})
    assert bad.status_code == 422
    assert (bad.json()["field"], bad.json()["value"]) == ("until", "明天")


def test_a_field_is_corrected_once_and_not_over_what_changed(desk: Desk, program: Programs) -> None:
    number = numbered(desk, desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    one, path = program(Role.CLERK), f"/claims/{number}/fields"
    before = {each["name"]: each for each in one.get(path).json()}["hospital_name"]
    given = {"value": "长春市中心医院", "shown": before["mark"]}
    assert one.post(f"{path}/hospital_name", json=given).status_code == 200
    after = {each["name"]: each for each in one.get(path).json()}["hospital_name"]
    assert (after["shown"], after["by_hand"]) == ("长春市中心医院", True)
    assert one.post(f"{path}/hospital_name", json=given).status_code == 409
    again = one.post(f"{path}/hospital_name/confirm", json={"shown": after["mark"]})
    assert again.status_code == 200


def test_numbers_are_masked_and_who_was_told_values_stands_in_the_log(
    desk: Desk, program: Programs
) -> None:
    person = desk.member()
    number = numbered(desk, person)
    desk.work()
    one = program(Role.CLERK)
    text = one.get(f"/claims/{number}/fields").text
    assert person.id_number not in text
    assert person.card not in text
    auditor = program(Role.AUDITOR)
    sign_if_due(desk.office)
    told = auditor.get("/log").json()
    seen = [each for each in told["events"] if each["verb"] == "see_file"]
    assert [each["channel"] for each in seen] == ["api"]
    assert auditor.get(f"/log?after={told['next']}").json()["events"] == []


def test_a_roster_is_handed_in_and_waits_for_a_person(desk: Desk, program: Programs) -> None:
    hall = Hall.of(desk)
    clerk = desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id)
    one = program(clerk)
    form = {"plan": PLAN, "unit": str(hall.unit_id)}
    file = [("file", ("r.xlsx", sheet(workers(3))))]
    [made] = one.post("/rosters", data=form, files=file).json()["rosters"]
    assert one.get(f"/rosters/{made['number']}").json() == made


def test_changes_are_told_once_in_order_and_by_number_alone(desk: Desk, program: Programs) -> None:
    person = desk.member()
    number = numbered(desk, person)
    desk.work()
    one = program(Role.CLERK)
    assert one.get("/events").json()["events"] == []
    sign_if_due(desk.office)
    told = one.get("/events").json()
    states = [each["target"] for each in told["events"] if each["number"] == number]
    assert states[0] == "received"
    assert states[-1] == "proposed"
    assert person.name not in one.get("/events").text
    assert one.get(f"/events?after={told['next']}").json() == {
        "events": [],
        "next": told["next"],
    }


def test_the_bank_file_is_the_same_each_time(desk: Desk, program: Programs) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    desk.work()
    desk.released()
    one = program(Role.CASHIER)
    [batch] = one.get("/batches").json()["batches"]
    first, again = (one.get(f"/batches/{batch['number']}/file") for _each in range(2))
    assert first.status_code == 200, first.text
    assert first.content == again.content
    bad = [("reply", ("r.csv", b"x"))]
    assert one.post(f"/batches/{batch['number']}/replies", files=bad).status_code == 422


def test_another_units_program_learns_nothing_of_ours(desk: Desk, program: Programs) -> None:
    ours = our_unit(desk)
    sign_if_due(desk.office)
    stranger = program(a_clerk_elsewhere(desk, ours))
    paths = ["/claims", "/events"]
    paths += [f"/claims/{ours.paid}", f"/rosters/{ours.roster}", "/batches", "/log", "/packets/1"]
    paths += [f"/claims/{ours.paid}/{name}" for name in ("fields", "questions")]
    for path in paths:
        answer = stranger.get(path)
        assert [each for each in ours.betrays if each in answer.text and each not in path] == []
    answer = stranger.post(f"/claims/{ours.incomplete}/withdraw", json={"reason": "好"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/claims?cursor=x", f"/claims?cursor={2**63}", "/packets/0"])
def test_a_cursor_or_id_that_is_none_is_refused(program: Programs, path: str) -> None:
    answer = program(Role.CLERK).get(path)
    assert answer.status_code == 422
    assert answer.json()["field"]


def test_every_route_but_those_that_read_is_done_once(program: Programs) -> None:
    told = program(Role.CLERK).get("/openapi.json").json()
    for path, methods in told["paths"].items():
        for method, route in methods.items():
            names = [each["name"] for each in route.get("parameters", ())]
            assert ("Idempotency-Key" in names) == (method != "get"), path
