"""Papers after a decision: on the desk until a person has looked, or with an objection."""

import re
from collections.abc import Callable
from typing import Any

from documents.kinds import Kind
from models.people import Role
from tests.console.test_money import release
from tests.console.test_objections import SAID, path_of
from tests.desk import a_page
from tests.workflows.claims.objecting.test_objections import corrected_stay, paid, sums_paid
from workflows.proof import check

At = Callable[..., Any]
WAITING = "后补材料待看"


def a_scan(desk: Any, words: str) -> bytes:
    return desk.scan(a_page(Kind.OTHER, words))  # type: ignore[no-any-return]


def listed(html: str) -> list[str]:
    """The claims of a list that are marked."""
    return re.findall(rf'/claims/(HZ\d+)">(?:(?!</tr>).)*{WAITING}', html, re.DOTALL)


def late_papers_told(person: Any) -> int:
    """The number on the person's tile."""
    [count] = re.findall(r"<b>(\d+)</b>\s*<span>后补材料待看", person.get("/").text)
    return int(count)


def test_papers_after_the_payment_wait_on_the_desk_until_a_person_has_looked(
    desk: Any, at_desk: At
) -> None:
    claim_id = paid(desk, desk.user(Role.SUPERVISOR))
    path = path_of(desk, claim_id)
    number = path.rsplit("/", 1)[1]
    clerk = at_desk(Role.CLERK)
    supervisor = at_desk(Role.SUPERVISOR)
    assert listed(clerk.get("/claims?late=1").text) == []
    desk.drop(number, {"more.jpg": a_scan(desk, "情况说明")})
    desk.look()
    assert desk.state_of(claim_id) == "paid"
    for list_of in ("/", "/claims?late=1", "/claims?state=paid"):
        assert listed(clerk.get(list_of).text) == [number]
    # The supervisor's number counts what a clerk has looked at, as his list does.
    for list_of in ("/", "/claims?late=1"):
        assert listed(supervisor.get(list_of).text) == []
    assert late_papers_told(supervisor) == 0
    [picture] = re.findall(rf"{path}/papers/\d+/1.jpg", clerk.get(path).text)
    assert clerk.get(picture).headers["content-type"] == "image/jpeg"
    assert clerk.get(picture.replace("/1.jpg", "/2.jpg")).status_code == 409
    assert clerk.post(f"{path}/let-stand", {"reason": " "}).status_code == 409
    assert listed(clerk.get("/").text) == [number]
    said = clerk.post(f"{path}/let-stand", {"reason": "与住院日期无关"})
    assert "由审批人员确认" in said.text
    assert "与住院日期无关" in said.text
    assert clerk.post(f"{path}/let-stand", {"reason": "再说一次"}).status_code == 409
    # What one clerk says takes nothing off the desk; a supervisor sees it and disagrees.
    assert listed(clerk.get("/").text) == [number]
    assert late_papers_told(supervisor) == 1
    assert listed(supervisor.get("/").text) == [number]
    assert "与住院日期无关" in supervisor.get(path).text
    assert clerk.post(f"{path}/let-stand/confirm", {}).status_code == 403
    assert "仍待看" in supervisor.post(f"{path}/let-stand/refuse").text
    assert listed(supervisor.get("/").text) == []
    assert supervisor.post(f"{path}/let-stand/confirm", {}).status_code == 409
    clerk.post(f"{path}/let-stand", {"reason": "与住院日期无关"})
    # What comes meanwhile was not known to the clerk.
    desk.drop(number, {"again.jpg": a_scan(desk, "又一份说明")})
    desk.look()
    assert supervisor.post(f"{path}/let-stand/confirm", {}).status_code == 409
    clerk.post(f"{path}/let-stand", {"reason": "两份都与住院日期无关"})
    supervisor.post(f"{path}/let-stand/confirm")
    assert listed(clerk.get("/").text) == []
    desk.drop(number, {"third.jpg": a_scan(desk, "第三份说明")})
    desk.look()
    assert listed(clerk.get("/").text) == [number]
    clerk.post(f"{path}/reopen", {"cause": "papers", "reason": "有新材料"})
    assert listed(clerk.get("/").text) == []
    desk.work()
    assert WAITING not in clerk.get(path).text


def test_papers_after_the_approval_stop_the_members_payments_until_a_person_has_looked(
    desk: Any, at_desk: At
) -> None:
    person, sup = desk.member(), desk.user(Role.SUPERVISOR)
    path = path_of(desk, paid(desk, sup, person))
    number = path.rsplit("/", 1)[1]
    stay = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    other = desk.claim(desk.member("李四"))
    desk.work()
    assert desk.approve_all().count == 2
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    cashier, releaser = at_desk(Role.CASHIER), at_desk(Role.CASHIER)
    assert "暂缓" not in cashier.get("/batches").text
    desk.drop(number, {"more.jpg": a_scan(desk, "情况说明")})
    desk.look()
    told = rf"暂缓组批：付款 HZ\w+-1 批准之后，会员的案件 {number} 又收到后补材料"
    assert re.search(told, cashier.get("/batches").text)
    assert "1 笔" in cashier.post("/batches").text
    assert (desk.payments(stay), desk.payments(other)) == (["queued"], ["frozen"])
    alone = cashier.post("/batches")
    assert (alone.status_code, "又收到后补材料" in alone.text) == (409, True)
    clerk.post(f"{path}/let-stand", {"reason": "与住院日期无关"})
    assert cashier.post("/batches").status_code == 409, "one clerk has looked, alone"
    supervisor.post(f"{path}/let-stand/confirm")
    batch = cashier.post("/batches").url.path
    assert desk.payments(stay) == ["frozen"]
    desk.drop(number, {"again.jpg": a_scan(desk, "又一份说明")})
    desk.look()
    refused = release(releaser, batch)
    assert (refused.status_code, "作废批次" in refused.text) == (409, True)
    cashier.post(f"{batch}/discard")
    assert desk.payments(stay) == ["queued"]
    # A supervisor who knows of the papers approves anew, and the money goes.
    stay_path = path_of(desk, stay)
    key = stay_path.rsplit("/", 1)[1]
    supervisor.post(f"/approvals/{key}/send-back", {"reason": "另案有后补材料"})
    assert desk.state_of(stay) == "referred"
    clerk.post(f"{stay_path}/recheck")
    desk.work()
    desk.clock.pass_(minutes=1)
    assert desk.approve_all().count == 1
    cashier.post("/batches")
    assert desk.payments(stay) == ["cancelled", "frozen"]


def test_who_proposed_that_late_papers_change_nothing_does_not_agree_to_it(
    desk: Any, visitor: At
) -> None:
    claim_id = paid(desk, desk.user(Role.SUPERVISOR))
    path = path_of(desk, claim_id)
    desk.drop(path.rsplit("/", 1)[1], {"more.jpg": a_scan(desk, "情况说明")})
    desk.look()
    clerk = desk.user(Role.CLERK)
    as_clerk, same = visitor(), visitor()
    as_clerk.log_in(clerk)
    as_clerk.post(f"{path}/let-stand", {"reason": "与住院日期无关"})
    same.log_in(desk.user(Role.SUPERVISOR, of=clerk))
    refused = same.post(f"{path}/let-stand/confirm")
    assert (refused.status_code, "另一人确认" in refused.text) == (409, True)
    assert WAITING in same.get(path).text


def test_an_objection_brings_its_papers_to_the_hearing_and_ends_in_a_top_up(
    desk: Any, at_desk: At
) -> None:
    claim_id = paid(desk, desk.user(Role.SUPERVISOR))
    path = path_of(desk, claim_id)
    clerk, hearer = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    papers = [
        ("files", ("新的小结.jpg", a_scan(desk, "出院日期更正说明"))),
        ("files", ("说明.jpg", a_scan(desk, "本人说明"))),
    ]
    assert "已登记异议" in clerk.post(f"{path}/objections", SAID, files=papers).text
    desk.work()
    assert desk.state_of(claim_id) == "paid"
    assert listed(clerk.get("/").text) == []
    html = hearer.get(path).text
    assert "随异议提交的材料" in html
    pictures = re.findall(rf"{path}/papers/\d+/1.jpg", html)
    assert len(pictures) == 2
    assert hearer.get(pictures[0]).headers["content-type"] == "image/jpeg"
    [number] = set(re.findall(r"/objections/(YY\d+)/uphold", html))
    hearer.post(f"/objections/{number}/uphold", {"reason": "以更正说明为准"})
    desk.work()
    assert "出院日期更正说明" not in clerk.get("/").text
    corrected_stay(desk, desk.user(Role.CLERK), claim_id, "2026-03-22")
    desk.approve_all(desk.user(Role.SUPERVISOR))
    assert [amount for _, amount, _ in sums_paid(desk, claim_id)] == [60_000, 40_000]
    with desk.office.sessions.read_only() as session:
        assert [each for each in check(session, desk.office) if each.violations] == []


def test_papers_of_an_objection_that_is_withdrawn_wait_on_the_desk(desk: Any, at_desk: At) -> None:
    path = path_of(desk, paid(desk, desk.user(Role.SUPERVISOR)))
    number = path.rsplit("/", 1)[1]
    clerk = at_desk(Role.CLERK)
    sent = [("files", ("说明.jpg", a_scan(desk, "本人说明")))]
    clerk.post(f"{path}/objections", SAID, files=sent)
    desk.work()
    [objection] = set(re.findall(r"/objections/YY\d+/withdraw", clerk.get(path).text))
    # The writing in which it is taken back comes with it.
    writing = [("files", ("撤回书.jpg", a_scan(desk, "本人撤回异议")))]
    taken_back = {"written_on": "2026-06-15", "reason": "本人核对后无异议"}
    clerk.post(objection, taken_back, files=writing)
    desk.work()
    assert listed(clerk.get("/").text) == [], "it waits for a supervisor"
    hearer = at_desk(Role.SUPERVISOR)
    assert len(re.findall(rf"{path}/papers/\d+/1.jpg", hearer.get(path).text)) == 2
    assert "异议已撤回" in hearer.post(f"{objection}/confirm").text
    assert listed(clerk.get("/").text) == [number]


def test_a_file_that_is_no_paper_is_refused_and_the_objection_stands(
    desk: Any, at_desk: At
) -> None:
    path = path_of(desk, paid(desk, desk.user(Role.SUPERVISOR)))
    clerk = at_desk(Role.CLERK)
    clerk.post(f"{path}/objections", SAID, files=[("files", ("说明.jpg", b"MZ no picture"))])
    desk.work()
    html = clerk.get(path).text
    assert "待听取" in html
    assert "随异议提交的材料" not in html
    assert "未能收件" in clerk.get("/").text
