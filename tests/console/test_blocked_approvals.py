"""What blocks an approval stands on the claim's page and in its row, with who can change it."""

from collections.abc import Callable
from typing import Any

from models.people import Role
from tests.console.test_heirs import numbered
from tests.console.test_money import form_of, proposed
from tests.desk import a_card_number

At = Callable[..., Any]


def test_a_correction_of_a_proposed_claim_says_what_it_blocks_and_who_goes_on(
    desk: Any, at_desk: At
) -> None:
    claim_id = proposed(desk)
    path = numbered(desk, claim_id)
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    clerk.post(f"{path}/fields/bank_card_number", {"value": a_card_number()})
    said = "在核定之后更正了“银行卡号”：须由经办在案件页按“重新审核”，重新核定后才能批准"
    for screen, page in ((supervisor, path), (clerk, path), (supervisor, "/approvals")):
        html = screen.get(page).text
        assert said in html, page
        assert ">批准：" not in html
    form = form_of(supervisor.get("/approvals").text)
    assert {*form.get("item", []), *form.get("named", [])} == set()
    assert said in supervisor.post("/approvals", {**form, "named": form["shown"]}).text
    assert "重新审核</button>" in clerk.get(path).text
    clerk.post(f"{path}/recheck")
    desk.work()
    assert "重新审核”" not in supervisor.get("/approvals").text


def test_who_looks_at_a_number_in_full_can_still_approve(desk: Any, at_desk: At) -> None:
    claim_id = proposed(desk)
    path, supervisor = numbered(desk, claim_id), at_desk(Role.SUPERVISOR)
    shown = form_of(supervisor.get("/approvals").text)
    # Who looks, at the number and then at nothing else, still has the list as it is.
    supervisor.post(f"{path}/fields/bank_card_number/reveal", {"purpose": "核对材料"})
    assert form_of(supervisor.get("/approvals").text) == shown
    assert "变动" not in supervisor.post("/approvals", shown).text
    assert desk.state_of(claim_id) == "approved"
