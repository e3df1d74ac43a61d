"""The heirs of a dead member on the claim's screen: keyed in one form, confirmed by another."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from console.queries import statistics
from documents.kinds import Kind
from documents.masks import mask_card, mask_id
from models import AuditEvent, Claim, Heir, Maker, Member, Payment
from models.people import Role
from rules.second_look import Look
from tests.desk import Person, a_card_number
from tests.heirs import a_death, an_heir, confirm, key, keyed, of_a_death, pages, proof_of
from tests.workflows.test_proof import answered
from workflows.claims.approving import approval_queue
from workflows.claims.paying import paid_again
from workflows.sealed_values.claims import payee_of

At = Callable[..., Any]


def heirs_to_confirm(html: str) -> list[str]:
    """The heirs that the form shows; the marks of other forms may be digits alone as well."""
    form = html.split('/heirs/confirm"')[1].split("</form>")[0]
    return re.findall(r'name="shown" value="(\d+)"', form)


def a_form(desk: Any, claim_id: int, *lines: dict[str, str]) -> dict[str, Any]:
    [statement] = pages(desk, claim_id, Kind.JOINT_STATEMENT)
    names = ("name", "relation", "id_number", "account", "bank_name", "share", "proof_page", "heir")
    usual = {"relation": "child", "bank_name": "中国建设银行"}
    rows = [
        usual | {"proof_page": str(proof_of(desk, claim_id, line["name"]))} | line
        for line in (*lines, {"name": ""})
    ]
    form: dict[str, Any] = {name: [row.get(name, "") for row in rows] for name in names}
    return form | {"statement_page": str(statement)}


def numbered(desk: Any, claim_id: int) -> str:
    with desk.office.sessions.read_only() as session:
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
    ids = heirs_to_confirm(html)
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
    with desk.office.sessions.read_only() as session:
        first = session.scalars(select(Heir)).one()
    again = {"name": one.name, "share": "1/1", "heir": str(first.id)}
    assert clerk.post(f"{path}/heirs", a_form(desk, claim_id, again)).status_code == 200
    with desk.office.sessions.read_only() as session:
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
    with desk.office.sessions.read_only() as session:
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
    ids = heirs_to_confirm(second.get(path).text)
    assert "已确认继承人" in second.post(f"{path}/heirs/confirm", {"shown": ids}).text
    desk.work()
    assert desk.decision(stay).amount == 600_00
    with desk.office.sessions.read_only() as session:
        assert all(heir.unread == [] for heir in session.get_one(Claim, stay).heirs)
        makers = set(session.scalars(select(Maker.user_id).filter_by(claim_id=stay)))
    assert {keyer.id, confirmer.id} < makers
    desk.approve_one(stay)
    batch_id = desk.released()
    with desk.office.sessions.read_only() as session:
        paid = [
            payee_of(desk.office.keys, payment)
            for payment in session.scalars(select(Payment).filter_by(batch_id=batch_id))
        ]
    assert {each.account for each in paid} == {heir.card for heir in theirs}


def test_the_cover_sheet_of_a_death_asks_for_the_card_of_who_is_paid(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    more = [page for page in of_a_death(person, an_heir()) if page.kind != Kind.BANK_CARD]
    claim_id = desk.claim(person, more=tuple(more), without=(Kind.DISCHARGE_RECORD,))
    desk.work()
    sheet = at_desk(Role.CLERK).get(f"{numbered(desk, claim_id)}/cover").text
    assert "领取人银行卡" in sheet
    assert "须为领取人本人的银行卡" in sheet
    assert "会员本人" not in sheet


def test_heirs_of_another_member_are_not_taken_over(desk: Any, at_desk: At) -> None:
    mine = a_death(desk, desk.member(), an_heir("李一"))
    theirs = a_death(desk, desk.member(name="赵甲"), other := an_heir("赵乙"))
    key(desk, theirs, keyed(desk, theirs, other, "100%"))
    confirm(desk, theirs)
    with desk.office.sessions.read_only() as session:
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


def test_heirs_replaced_after_the_bank_sent_money_back_are_told_to_who_approves(
    desk: Any, at_desk: At
) -> None:
    first, second = an_heir("李一"), an_heir("王二")
    claim_id = a_death(desk, desk.member(), first)
    key(desk, claim_id, keyed(desk, claim_id, first, "100%"))
    confirm(desk, claim_id)
    desk.approve_all()
    answered(desk, desk.released(), {first.card: "3031"})
    clerk = key(desk, claim_id, keyed(desk, claim_id, second, "100%"))
    other = confirm(desk, claim_id)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    before, after = (f"{each.name[0]}* 6217****{each.card[-4:]} 100%" for each in (first, second))
    assert f"更换继承人 {clerk.name}、{other.name} " in html
    assert f"<small>{before} → {after}</small>" in html
    assert not any(each.card in html for each in (first, second))


def test_who_approves_sees_each_heirs_line_as_the_bank_file_carries_it(
    desk: Any, at_desk: At
) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(shares=1), one, other)
    key(desk, claim_id, keyed(desk, claim_id, one, "1/3"), keyed(desk, claim_id, other, "2/3"))
    confirm(desk, claim_id)
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert not any(each.card in html for each in (one, other))
    desk.approve_all()
    batch_id = desk.released()
    with desk.office.sessions.read_only() as session:
        paid = session.scalars(select(Payment).filter_by(batch_id=batch_id)).all()
        lines = [(payee_of(desk.office.keys, each), each.amount) for each in paid]
    assert [amount for _, amount in lines] == [666_667, 1_333_333]
    for (payee, amount), share in zip(lines, ("1/3", "2/3"), strict=True):
        card = f"{payee.account[:4]}****{payee.account[-4:]}"
        shown = f'{payee.name} <span class="number">{card}</span> {payee.bank_name} · {share} · '
        assert shown + f"<b>¥{amount / 100:,.2f}</b>" in html


def test_a_card_that_several_people_have_is_told_to_who_approves(desk: Any, at_desk: At) -> None:
    """A clerk keys his own card, which he has as a member, for heirs of two dead members."""
    mate = desk.member("赵六")
    numbers = []
    for name, heir in (("张三", an_heir("李一", mate.card)), ("孙七", an_heir("李二", mate.card))):
        claim_id = a_death(desk, desk.member(name), an_heir())
        key(desk, claim_id, keyed(desk, claim_id, heir, "100%"))
        confirm(desk, claim_id)
        numbers.append(numbered(desk, claim_id).removeprefix("/claims/"))
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert html.count("一位继承人的收款卡是一位会员登记的卡") == 2
    for number in numbers:
        assert f"一位继承人的收款卡也是案件 {number} 另一位继承人的卡" in html
    assert "的收款卡，会员是另一人" not in html
    stay = desk.claim(mate)
    desk.work()
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    number = numbered(desk, stay).removeprefix("/claims/")
    assert html.count(f"一位继承人的收款卡也是案件 {number} 的收款卡，会员是另一人") == 2
    # A member who inherits has his own card.
    son = Person("李三", mate.id_number, mate.card)
    own = a_death(desk, desk.member("周八"), son)
    key(desk, own, keyed(desk, own, son, "100%"))
    confirm(desk, own)
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert html.count("一位继承人的收款卡是一位会员登记的卡") == 2


def test_what_no_page_says_of_an_heir_is_shown_to_who_confirms_and_to_who_approves(
    desk: Any, at_desk: At
) -> None:
    one, other, strange = an_heir("李一"), an_heir("李二"), an_heir("王外")
    claim_id = a_death(desk, desk.member(), one, other)
    half = keyed(desk, claim_id, one, "1/2")
    proof = proof_of(desk, claim_id, other.name)
    key(desk, claim_id, half, keyed(desk, claim_id, strange, "1/2", proof_page=proof))
    said = (
        "关系证明上没有读到该姓名",
        "材料中没有读到该身份证号",
        "材料中没有读到该银行卡号",
    )
    path, second, supervisor = numbered(desk, claim_id), at_desk(Role.CLERK), Role.SUPERVISOR
    html = second.get(path).text
    [line] = [each for each in html.split("<li>") if f"{strange.name} · " in each]
    assert [html.count(words) for words in said] == [1, 1, 1]
    assert all(words in line for words in said)
    assert "没有读到" not in at_desk(supervisor).get("/approvals").text

    ids = heirs_to_confirm(html)
    assert "已确认继承人" in second.post(f"{path}/heirs/confirm", {"shown": ids}).text
    desk.work()
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    unread = [each for each in item.looks if each.code is Look.HEIR_UNREAD]
    assert [each.after for each in unread] == [
        "",
        mask_id(strange.id_number),
        mask_card(strange.card),
    ]
    html = at_desk(supervisor).get("/approvals").text
    id_number, card = mask_id(strange.id_number), mask_card(strange.card)
    for words, value in zip(said, ("", id_number, card), strict=True):
        shown = f" <small>— → {value}</small>" if value else ""
        assert f"继承人 王外 {words}{shown}</span>" in html
        assert html.count(words) == 1


def test_an_heirs_new_card_that_no_paper_shows_is_the_only_value_told(desk: Any) -> None:
    one = an_heir("李一")
    claim_id = a_death(desk, desk.member(), one)
    anew = Person(one.name, one.id_number, a_card_number())
    for heir, unread in ((one, []), (anew, ["account"])):
        key(desk, claim_id, keyed(desk, claim_id, heir, "100%"))
        with desk.at(claim_id) as (_, claim):
            assert [each.unread for each in claim.heirs] == [unread]


def test_a_death_is_taken_back_on_the_members_page_by_two_people(desk: Any, at_desk: At) -> None:
    desk.member()
    with desk.office.sessions.read_only() as session:
        path = f"/members/{session.scalars(select(Member.ref)).one()}"
    teller = at_desk(Role.CLERK)
    said = teller.post(f"{path}/leave", {"left_on": "2026-06-01", "why": "died"}).text
    assert "2026-06-15 已知身故（单位登记）" in said
    assert "恢复在职" not in said
    assert teller.post(f"{path}/come-back").status_code == 409
    clerk, second = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    assert clerk.post(f"{path}/doubt-death").status_code == 409
    assert "待另一人确认" in clerk.post(f"{path}/doubt-death", {"reason": "同名同姓"}).text
    for one in (clerk, teller):
        assert one.post(f"{path}/take-back-death").status_code == 409
        assert "撤销身故须由另一人确认" in one.get(path).text
    assert "申请撤销身故：同名同姓" in second.get(path).text
    said = second.post(f"{path}/take-back-death").text
    assert "已撤销身故" in said
    assert "已知身故" not in said
    assert "登记离开" in clerk.get(path).text
