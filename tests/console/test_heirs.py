"""The heirs of a dead member on the claim's screen: keyed in one form, confirmed by another."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from console.queries import statistics
from documents.kinds import Kind
from models import AuditEvent, Claim, Heir, Maker, Payment
from models.people import Role
from tests.heirs import a_death, an_heir, confirm, key, keyed, pages
from tests.workflows.test_proof import answered
from workflows.claims.payees import payee_of

At = Callable[..., Any]


def a_form(desk: Any, claim_id: int, *lines: dict[str, str]) -> dict[str, Any]:
    [statement] = pages(desk, claim_id, Kind.JOINT_STATEMENT)
    proof = str(pages(desk, claim_id, Kind.RELATIONSHIP_PROOF)[0])
    names = ("name", "relation", "id_number", "account", "bank_name", "share", "proof_page", "heir")
    usual = {"relation": "child", "bank_name": "中国建设银行", "proof_page": proof}
    rows = [usual | line for line in (*lines, {"name": ""})]
    form: dict[str, Any] = {name: [row.get(name, "") for row in rows] for name in names}
    return form | {"statement_page": str(statement)}


def numbered(desk: Any, claim_id: int) -> str:
    with desk.office.sessions.look() as session:
        return f"/claims/{session.get_one(Claim, claim_id).number}"


def test_a_clerk_keys_the_heirs_and_another_one_confirms_what_he_sees(
    desk: Any, at_desk: At
) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    path = numbered(desk, claim_id)
    clerk, second = at_desk(Role.CLERK), at_desk(Role.CLERK)
    html = clerk.get(path).text
    assert "录入继承人" in html
    assert "没有共同声明的不能付款" in html
    assert "继承材料齐全，由继承人领取" in html

    lines = [
        {"name": each.name, "id_number": each.id_number, "account": each.card, "share": share}
        for each, share in ((one, "50%"), (other, "49%"))
    ]
    fault = clerk.post(f"{path}/heirs", a_form(desk, claim_id, *lines))
    assert (fault.status_code, "份额合计为 99%，应为 100%" in fault.text) == (422, True)
    lines[1]["share"] = "1/2"
    said = clerk.post(f"{path}/heirs", a_form(desk, claim_id, *lines))
    assert "须由另一人确认" in said.text
    assert "确认继承人</button>" not in said.text
    assert one.id_number not in said.text

    html = second.get(path).text
    [reveal] = set(re.findall(rf'action="({path}/heirs/\d+/reveal)"', html)[:1])
    shown = second.post(reveal, {"purpose": "核对材料"}).text
    assert one.id_number in shown
    assert one.card in shown
    ids = re.findall(r'name="shown" value="(\d+)"', html)
    assert second.post(f"{path}/heirs/confirm", {"shown": ids[:1]}).status_code == 409
    assert "已确认继承人" in second.post(f"{path}/heirs/confirm", {"shown": ids}).text
    desk.work()
    assert desk.state_of(claim_id) == "proposed"
    html = second.get(path).text
    assert "录入继承人" in html
    assert "50%" in html


def test_a_new_card_is_keyed_without_the_numbers_that_stay(desk: Any, at_desk: At) -> None:
    one = an_heir("李一")
    claim_id = a_death(desk, desk.member(), one)
    path, clerk = numbered(desk, claim_id), at_desk(Role.CLERK)
    line = {"name": one.name, "id_number": one.id_number, "account": one.card, "share": "100%"}
    clerk.post(f"{path}/heirs", a_form(desk, claim_id, line))
    with desk.office.sessions.look() as session:
        first = session.scalars(select(Heir)).one()
    again = {"name": one.name, "share": "1/1", "heir": str(first.id)}
    assert clerk.post(f"{path}/heirs", a_form(desk, claim_id, again)).status_code == 200
    with desk.office.sessions.look() as session:
        kept = session.scalars(select(Heir).order_by(Heir.id)).all()
        assert [bool(heir.withdrawn_at) for heir in kept] == [True, False]
        assert kept[0].id_print == kept[1].id_print
        told = session.scalars(select(AuditEvent.detail).filter_by(verb="key_heirs")).all()
        assert one.id_number not in str(told)


def test_the_screen_of_a_living_member_speaks_of_no_heirs(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    assert 'id="heirs"' not in at_desk(Role.CLERK).get(numbered(desk, claim_id)).text


def test_a_death_paid_to_two_heirs_is_one_case_on_the_boards(desk: Any) -> None:
    theirs = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), *theirs)
    key(desk, claim_id, *(keyed(desk, claim_id, heir, "1/2") for heir in theirs))
    confirm(desk, claim_id)
    desk.approve_all()
    answered(desk, desk.released(), {})
    with desk.office.sessions.look() as session:
        [line] = statistics.published(session, 2026)
        assert (line.name, line.amount) == ("张*", 2_000_000)
        [month] = [row for row in statistics.months(session, desk.office, 2026) if row.cases]
        assert (month.people, month.cases, month.sum) == (1, 1, 2_000_000)


def test_heirs_confirmed_for_one_claim_are_offered_for_the_next_and_confirmed_anew(
    desk: Any, at_desk: At
) -> None:
    member, theirs = desk.member(), (an_heir("李一"), an_heir("李二"))
    death = a_death(desk, member, *theirs)
    keyer = key(desk, death, *(keyed(desk, death, heir, "1/2") for heir in theirs))
    stay = desk.claim(member)
    desk.work()
    path, clerk, second = numbered(desk, stay), at_desk(Role.CLERK), at_desk(Role.CLERK)
    # Nothing is offered that no second person has confirmed.
    assert "取自同一会员" not in clerk.get(path).text
    confirmer = confirm(desk, death)
    html = clerk.get(path).text
    assert f"取自同一会员的案件 {numbered(desk, death).removeprefix('/claims/')}" in html
    for heir in theirs:
        assert f'value="{heir.name}"' in html
        assert heir.card not in html
        assert heir.card[-4:] in html

    form = filled_in(html)
    assert form["id_number"] == form["account"] == [""] * len(form["name"])
    assert form["share"][:2] == ["1/2", "1/2"] or form["share"][:2] == ["50%", "50%"]
    assert "须由另一人确认" in clerk.post(f"{path}/heirs", form).text
    assert desk.state_of(stay) == "referred"
    ids = re.findall(r'name="shown" value="(\d+)"', second.get(path).text)
    assert "已确认继承人" in second.post(f"{path}/heirs/confirm", {"shown": ids}).text
    desk.work()
    assert desk.decision(stay).amount == 600_00
    with desk.office.sessions.look() as session:
        makers = set(session.scalars(select(Maker.user_id).filter_by(claim_id=stay)))
    assert {keyer.id, confirmer.id} < makers
    desk.approve_one(stay)
    batch_id = desk.released()
    with desk.office.sessions.look() as session:
        paid = [
            payee_of(desk.office.keys, payment)
            for payment in session.scalars(select(Payment).filter_by(batch_id=batch_id))
        ]
    assert {each.account for each in paid} == {heir.card for heir in theirs}


def test_heirs_of_another_member_are_not_taken_over(desk: Any, at_desk: At) -> None:
    mine = a_death(desk, desk.member(), an_heir("李一"))
    theirs = a_death(desk, desk.member(name="赵甲"), other := an_heir("赵乙"))
    key(desk, theirs, keyed(desk, theirs, other, "100%"))
    confirm(desk, theirs)
    with desk.office.sessions.look() as session:
        strange = session.scalars(select(Heir)).one()
    line = {"name": "李一", "share": "100%", "heir": str(strange.id)}
    path, clerk = numbered(desk, mine), at_desk(Role.CLERK)
    assert "取自同一会员" not in clerk.get(path).text
    assert clerk.post(f"{path}/heirs", a_form(desk, mine, line)).status_code == 422
    line |= {"proof_page": str(strange.proof_page_id), "id_number": an_heir().id_number}
    assert clerk.post(f"{path}/heirs", a_form(desk, mine, line)).status_code == 422


def filled_in(html: str) -> dict[str, Any]:
    """The form of the heirs as the page fills it in."""
    block = html[html.index('id="heirs"') :]
    block = block[: block.index("保存继承人")]
    form: dict[str, Any] = {}
    for name in ("heir", "name", "id_number", "account", "bank_name", "share"):
        form[name] = [
            found[1] if (found := re.search(r'value="([^"]*)"', tag)) else ""
            for tag in re.findall(rf'<input[^>]*name="{name}"[^>]*>', block)
        ]
    for name in ("relation", "proof_page", "statement_page"):
        form[name] = [
            found[1] if (found := re.search(r'value="([^"]*)" selected', choice)) else ""
            for choice in re.findall(rf'<select name="{name}">(.*?)</select>', block)
        ]
    return form
