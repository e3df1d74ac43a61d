"""From the approval queue to the bank's reply, through the screens."""

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from banking import simulator
from documents.kinds import Kind
from models import Approval, Batch, Claim, Payment
from models.people import Role
from tests.console.test_heirs import numbered
from tests.desk import BANK_PAPER, a_page
from tests.workflows.claims.judging.test_adjudication import a_stay_and_an_illness
from tests.workflows.claims.test_accident import appraisal, certificate, statement
from tests.workflows.claims.test_accident import handed_in as an_accident
from workflows.engine.history import record

At = Callable[..., Any]


def proposed(desk: Any, **more: Any) -> int:
    claim_id: int = desk.claim(desk.member(), **more)
    desk.work()
    assert desk.state_of(claim_id) == "proposed"
    return claim_id


def form_of(html: str) -> dict[str, Any]:
    """The approval form as the browser holds it, every box that can be ticked ticked."""
    boxes = re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]+)"([^>]*)>', html)
    return {
        "digest": re.findall(r'name="digest" value="(\w+)"', html)[0],
        "shown": re.findall(r'name="shown" value="([^"]+)"', html),
        **{
            name: [value for at, value, rest in boxes if at == name and "disabled" not in rest]
            for name in ("item", "named")
        },
    }


def frozen_batch(desk: Any, at_desk: At) -> tuple[str, Any]:
    """The number of a batch of one payment, and the cashier who froze it."""
    proposed(desk)
    supervisor, cashier = at_desk(Role.SUPERVISOR), at_desk(Role.CASHIER)
    supervisor.post("/approvals", form_of(supervisor.get("/approvals").text))
    desk.work()
    answer = cashier.post("/batches")
    return str(answer.url).rpartition("/")[2], cashier


def release(cashier: Any, path: str) -> Any:
    """The button of the page as this cashier sees it now."""
    [digest] = re.findall(r'name="digest" value="(\w+)"', cashier.get(path).text)
    return cashier.post(f"{path}/release", {"digest": digest})


def test_what_is_ticked_is_approved_with_count_and_sum(desk: Any, at_desk: At) -> None:
    claims = [proposed(desk), proposed(desk)]
    screen = at_desk(Role.SUPERVISOR)
    html = screen.get("/approvals").text
    assert "共 2 件 · ¥1,200.00" in html
    assert html.count("付给 张三 <span") == 2, "the payee as the bank's file names him"
    form = form_of(html)
    answer = screen.post("/approvals", {**form, "item": form["item"][:1]})
    assert "已审批 1 件，合计 600.00 元" in answer.text
    assert [desk.state_of(each) for each in claims] == ["approved", "proposed"]


def test_count_sum_and_clean_are_those_of_the_whole_queue_when_not_all_of_it_is_shown(
    desk: Any, at_desk: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.queries.approvals.ROWS", 2)
    claims = [proposed(desk) for _each in range(3)]
    screen = at_desk(Role.SUPERVISOR)
    html = screen.get("/approvals").text
    assert "共 3 件 · ¥1,800.00" in html
    assert "其中无异常 3 件" in html
    assert "先显示 2 件" in html
    answer = screen.post("/approvals", form_of(html))
    assert "已审批 2 件，合计 1,200.00 元" in answer.text
    assert "共 1 件 · ¥600.00" in answer.text
    assert [desk.state_of(each) for each in claims] == ["approved", "approved", "proposed"]


def test_a_list_that_lost_a_row_on_its_way_is_refused(desk: Any, at_desk: At) -> None:
    claims = [proposed(desk), proposed(desk)]
    screen = at_desk(Role.SUPERVISOR)
    form = form_of(screen.get("/approvals").text)
    cut = {**form, "shown": form["shown"][:1], "item": form["item"][:1]}
    assert screen.post("/approvals", cut).status_code == 409
    turned = {**form, "shown": form["shown"][::-1]}
    assert screen.post("/approvals", turned).status_code == 409
    assert [desk.state_of(each) for each in claims] == ["proposed"] * 2


def test_a_claim_that_changed_since_the_list_was_shown_drops_out_by_name(
    desk: Any, at_desk: At
) -> None:
    claims = [proposed(desk), proposed(desk)]
    screen = at_desk(Role.SUPERVISOR)
    form = form_of(screen.get("/approvals").text)
    with desk.office.sessions.unit_of_work() as session:
        changed = session.get_one(Claim, claims[0])
        record(session, changed, "answer", desk.clock(), finding="MISSING_PAPER", about="invoice")
    answer = screen.post("/approvals", form)
    assert "已审批 1 件" in answer.text
    assert f"{changed.number}：列表显示之后已有变动" in answer.text
    assert [desk.state_of(each) for each in claims] == ["proposed", "approved"]


def test_an_amount_cannot_be_changed_on_the_way(desk: Any, at_desk: At) -> None:
    proposed(desk)
    screen = at_desk(Role.SUPERVISOR)
    form = form_of(screen.get("/approvals").text)
    claim, version, decision, _amount, looks = form["item"][0].split(".")
    more = f"{claim}.{version}.{decision}.99999900.{looks}"
    assert screen.post("/approvals", {**form, "item": [more]}).status_code == 409
    forged = {**form, "shown": [more], "item": [more]}
    assert screen.post("/approvals", forged).status_code == 409
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(Approval.id)) is None


def test_who_made_a_claim_cannot_tick_it_nor_approve_it(desk: Any, visitor: At, a_user: At) -> None:
    claim_id = proposed(desk)
    clerk = a_user(Role.CLERK)
    as_clerk, screen = visitor(), visitor()
    as_clerk.log_in(clerk)
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    as_clerk.post(f"/claims/{number}/fields/member_name/confirm")
    as_clerk.post(f"/claims/{number}/recheck")
    desk.work()
    screen.log_in(a_user(Role.SUPERVISOR, of=clerk))
    html = screen.get("/approvals").text
    assert "本人经手过此案，须由他人审批" in html
    form = form_of(html)
    assert form["item"] == []
    answer = screen.post("/approvals", {**form, "item": form["shown"]})
    assert "已审批 0 件" in answer.text
    assert desk.state_of(claim_id) == "proposed"


def test_sending_back_asks_for_a_reason_and_shows_it_to_the_clerk(desk: Any, at_desk: At) -> None:
    claim_id = proposed(desk)
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    screen = at_desk(Role.SUPERVISOR)
    assert screen.post(f"/approvals/{number}/send-back", {"reason": ""}).status_code == 409
    screen.post(f"/approvals/{number}/send-back", {"reason": "请核实医院等级"})
    assert desk.state_of(claim_id) == "referred"
    assert "请核实医院等级" in at_desk(Role.CLERK).get(f"/claims/{number}").text


def test_nothing_ticked_is_said(desk: Any, at_desk: At) -> None:
    proposed(desk)
    screen = at_desk(Role.SUPERVISOR)
    form = form_of(screen.get("/approvals").text)
    answer = screen.post("/approvals", {"digest": form["digest"], "shown": form["shown"]})
    assert answer.status_code == 422
    assert "请先勾选要批准的案件" in answer.text


def test_a_claim_is_approved_from_its_own_screen(desk: Any, at_desk: At) -> None:
    claim_id = proposed(desk)
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    screen = at_desk(Role.SUPERVISOR)
    html = screen.get(f"/claims/{number}").text
    form = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', html)[0]
        for name in ("digest", "shown", "named")
    }
    screen.post("/approvals", form)
    assert desk.state_of(claim_id) == "approved"


def test_the_file_of_a_batch_is_the_same_bytes_each_time(desk: Any, at_desk: At) -> None:
    number, cashier = frozen_batch(desk, at_desk)
    path = f"/batches/{number}"
    assert cashier.post(f"{path}/file").status_code == 409
    drafted = cashier.post(f"{path}/draft")
    assert quote("样稿_") in drafted.headers["content-disposition"]
    assert "放行以后才有银行文件" in cashier.get(path).text
    release(at_desk(Role.CASHIER), path)
    files = [cashier.post(f"{path}/file") for _each in range(2)]
    assert files[0].content == files[1].content
    assert files[0].headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    made = cashier.get(path).text
    assert made.count("生成银行文件 ·") == 2
    assert hashlib.sha256(files[0].content).hexdigest() in made
    assert cashier.post(f"{path}/draft").status_code == 409


def test_what_waits_for_a_batch_is_counted_without_what_is_in_one(desk: Any, at_desk: At) -> None:
    number, cashier = frozen_batch(desk, at_desk)
    assert "待组批 0 笔 · ¥0.00" in cashier.get("/batches").text
    proposed(desk)
    supervisor = at_desk(Role.SUPERVISOR)
    supervisor.post("/approvals", form_of(supervisor.get("/approvals").text))
    desk.work()
    html = cashier.get("/batches").text
    assert "待组批 1 笔 · ¥600.00" in html
    assert re.search(rf'{number}</a>.*?"right">1</td>\s*<td class="right">600.00', html, re.S)


def test_the_screen_of_a_batch_offers_each_person_what_may_be_done(desk: Any, at_desk: At) -> None:
    number, first = frozen_batch(desk, at_desk)
    second, auditor = at_desk(Role.CASHIER), at_desk(Role.AUDITOR)
    path = f"/batches/{number}"
    assert "须由另一位出纳放行" in first.get(path).text
    assert f'action="{path}/release"' not in first.get(path).text
    assert f'action="{path}/release"' in second.get(path).text
    assert f'action="{path}/draft"' in second.get(path).text
    assert f'action="{path}/draft"' not in auditor.get(path).text
    assert f'action="{path}/file"' not in second.get(path).text
    assert "6217****" in auditor.get(path).text
    second.post(f"{path}/discard")
    assert f'action="{path}/draft"' not in second.get(path).text
    assert "待组批 1 笔 · ¥600.00" in second.get("/batches").text


def test_a_batch_is_released_by_a_second_person_only(desk: Any, at_desk: At) -> None:
    number, cashier = frozen_batch(desk, at_desk)
    assert "须由另一位出纳放行" in cashier.get(f"/batches/{number}").text
    assert cashier.post(f"/batches/{number}/release", {"digest": "x"}).status_code == 409
    assert "已放行" in release(at_desk(Role.CASHIER), f"/batches/{number}").text
    assert "已报盘 1" in cashier.get("/batches").text
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Batch.state)).one() == "released"


def test_a_discarded_batch_lets_its_payments_wait_again(desk: Any, at_desk: At) -> None:
    number, cashier = frozen_batch(desk, at_desk)
    answer = cashier.post(f"/batches/{number}/discard")
    assert "待组批 1 笔" in answer.text
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Payment.state)).one() == "queued"


def test_a_released_batch_is_discarded_by_two_upon_the_banks_word(desk: Any, at_desk: At) -> None:
    number, first = frozen_batch(desk, at_desk)
    second, path = at_desk(Role.CASHIER), f"/batches/{number}"
    release(second, path)
    form, paper = {"bank_word": "银行柜台书面答复未受理", "whole": "1"}, {"paper": BANK_PAPER}
    assert first.post(f"{path}/discards", {"bank_word": " "}, files=paper).status_code == 409
    assert "等另一位出纳办理" in first.post(f"{path}/discards", form, files=paper).text
    kept = f"{path}/kept/{hashlib.sha256(BANK_PAPER).hexdigest()}"
    assert kept in second.get(path).text
    assert second.get(kept).content == BANK_PAPER
    assert f'action="{path}/discards/agree"' not in first.get(path).text
    mark = {"shown": re.findall(r'name="shown" value="(\w+)"', first.get(path).text)[0]}
    assert first.post(f"{path}/discards/agree", mark).status_code == 409
    shown = second.get(path).text
    assert "银行柜台书面答复未受理" in shown
    assert f'action="{path}/discards/agree"' in shown
    for act in ("agree", "refuse"):
        stale = second.post(f"{path}/discards/{act}", {"shown": "x"})
        assert "在显示之后已有变动" in stale.text
    assert "已作废" in second.post(f"{path}/discards/agree", mark).text
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Payment.state)).one() == "returned"


def test_the_banks_reply_is_loaded_once(desk: Any, at_desk: At) -> None:
    number, cashier = frozen_batch(desk, at_desk)
    release(at_desk(Role.CASHIER), f"/batches/{number}")
    file = cashier.post(f"/batches/{number}/file").content
    reply = simulator.answer(file, "ccb-list", {})
    upload = {"files": {"reply": ("reply.xlsx", io.BytesIO(reply))}}
    answer = cashier.post(f"/batches/{number}/replies", {}, **upload)
    assert "到账 1 笔，退票 0 笔" in answer.text
    upload = {"files": {"reply": ("reply.xlsx", io.BytesIO(reply))}}
    again = cashier.post(f"/batches/{number}/replies", {}, **upload)
    assert again.status_code == 409
    assert "已经载入过" in again.text
    for role in (Role.CASHIER, Role.SUPERVISOR, Role.AUDITOR):
        screen = at_desk(role)
        page = screen.get(f"/batches/{number}").text
        for content in (file, reply):
            kept = f"/batches/{number}/kept/{hashlib.sha256(content).hexdigest()}"
            assert kept in page
            assert screen.get(kept).content == content
    other = cashier.get(f"/batches/{number}/kept/{hashlib.sha256(b'other').hexdigest()}")
    assert other.status_code == 404


def test_a_file_that_is_no_reply_is_refused_with_a_sentence(desk: Any, at_desk: At) -> None:
    number, cashier = frozen_batch(desk, at_desk)
    release(at_desk(Role.CASHIER), f"/batches/{number}")
    upload = {"files": {"reply": ("reply.xlsx", io.BytesIO(b"no sheet"))}}
    answer = cashier.post(f"/batches/{number}/replies", {}, **upload)
    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_the_queue_shows_each_step_of_the_sum_and_of_several_plans_whose_it_is(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    desk.member(on_roster=person, plan="medical-2022")
    sums = "统筹基金支付:3000.00", "个人支付:1000.00", "医疗费总额:4000.00"
    bill = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单", f"姓名:{person.name}", *sums)
    desk.claim(person, more=(bill,), admitted="2026-03-02", discharged="2026-03-11")
    proposed(desk)
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert re.findall(r'<small class="step">(.+?)</small>', html) == [
        "在职职工住院津贴综合互助保障计划：9 天 × 50 元 = 450 元",
        "在职职工住院医疗综合互助保障计划：3000 元 × 10.5% = 315 元",
        "12 天 × 50 元 = 600 元",
    ]


def test_a_batch_that_is_not_there_is_a_page_that_is_not_there(at_desk: At) -> None:
    assert at_desk(Role.CASHIER).get("/batches/B19990101-01").status_code == 404


def test_the_queue_and_the_claim_s_screen_name_every_event(desk: Any, at_desk: At) -> None:
    person = desk.member(name="钱多多")
    desk.member(on_roster=person, plan="illness-2020")
    claim_id = a_stay_and_an_illness(desk, person, "2026-04-20", "stroke")
    path = numbered(desk, claim_id)
    supervisor = at_desk(Role.SUPERVISOR)
    assert "<span>住院 + 脑溢血/脑中风后遗症</span>" in supervisor.get(path).text
    assert '<td class="about">住院 + 脑溢血/脑中风后遗症<small' in supervisor.get("/approvals").text


def test_the_cashier_shapes_the_next_batches_on_the_page(desk: Any, at_desk: At) -> None:
    for _each in range(3):
        proposed(desk)
    desk.approve_all()
    cashier = at_desk(Role.CASHIER)
    html = cashier.get("/batches").text
    first, second, third = re.findall(r'name="ticked" value="([^"]+)"', html)
    assert cashier.post("/batches", {"take": "ticked"}).status_code == 422
    assert cashier.post("/batches", {"most": "千"}).status_code == 422
    left = cashier.post("/batches", {"take": "others", "ticked": [first], "most": "600"})
    assert second in left.text
    assert third not in left.text
    html = cashier.get("/batches").text
    assert "待组批 2 笔 · ¥1,200.00" in html
    both = cashier.post("/batches", {"take": "ticked", "ticked": [first, third], "rows": "5"})
    assert first in both.text
    assert third in both.text
    assert "待组批 0 笔 · ¥0.00" in cashier.get("/batches").text


def test_above_the_limit_the_row_asks_for_a_second_supervisor_and_names_the_first(
    desk: Any, visitor: At, a_user: At
) -> None:
    told = statement("在病房卫生间不慎滑倒,造成右髋骨骨折", day="2026年3月5日")
    claim_id = an_accident(desk, told, certificate("右髋骨骨折"), appraisal("评定为五级伤残"))
    first, second = (a_user(Role.SUPERVISOR) for _ in range(2))
    for person, said in ((first, "超过审批限额，待另一人再批"), (second, "已审批 1 件")):
        screen = visitor()
        screen.log_in(person)
        html = screen.get("/approvals").text
        assert "超过 20,000.00 元，须由 2 人审批" in html
        assert (f"已批准：{first.name}" in html) == (person is second)
        form = form_of(html)
        named = {**form, "item": [], "named": form["shown"]}
        assert said in screen.post("/approvals", named).text
    assert desk.state_of(claim_id) == "approved"


def test_a_payment_is_taken_out_by_two_on_the_page_and_what_was_shown_before_is_not_released(
    desk: Any, at_desk: At
) -> None:
    for _each in range(2):
        proposed(desk)
    desk.approve_all()
    first, second = at_desk(Role.CASHIER), at_desk(Role.CASHIER)
    path = first.post("/batches").url.path
    shown = second.get(path).text
    [digest] = re.findall(r'name="digest" value="(\w+)"', shown)
    out = re.findall(rf'action="({path}/payments/[^"]+/out)"', shown)[0]
    assert first.post(out, {"reason": " "}).status_code == 409
    assert "已提请抽出" in first.post(out, {"reason": "会员来电换卡"}).text
    mark = {"shown": re.findall(r'name="shown" value="(\w+)"', first.get(path).text)[0]}
    assert first.post(f"{out}/agree", mark).status_code == 409
    assert "待同意的抽出" in second.get("/").text
    assert "会员来电换卡" in second.get(path).text
    assert second.post(f"{path}/release", {"digest": digest}).status_code == 409
    assert "付款不抽出" in second.post(f"{out}/refuse", mark).text
    first.post(out, {"reason": "公安机关要求停付"})
    for act in ("agree", "refuse"):
        stale = second.post(f"{out}/{act}", mark)
        assert "在显示之后已有变动" in stale.text
    mark = {"shown": re.findall(r'name="shown" value="(\w+)"', first.get(path).text)[0]}
    assert "已抽出" in second.post(f"{out}/agree", mark).text
    assert "第 2 稿" in second.get(path).text
    refused = second.post(f"{path}/release", {"digest": digest})
    assert "在显示之后已有变动" in refused.text
    assert "已放行" in release(second, path).text
    assert "待组批 1 笔" in first.get("/batches").text
