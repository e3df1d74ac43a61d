"""The list of claims and the screen of one: what is shown and hidden, what a clerk corrects."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from console.queries import claims
from documents.check_digits import id_number_is_valid
from documents.kinds import Kind
from documents.reading.page import PageReading
from models import AuditEvent, Claim, Document, Field, Finding, Page, Unit, User
from models.people import Role
from tests.desk import UNIT, a_page
from workflows.claims.acts.correction import correct_field
from workflows.engine.office import Office
from workflows.engine.row_stamps import execute_stamped
from workflows.engine.sealed_details import detail_of
from workflows.sealed_values.claims import field_value, values_of

At = Callable[..., Any]
WRONG = "220104198503170018"
EVIL = "<script>alert(1)</script>"


def number_of(office: Office, claim_id: int) -> str:
    with office.sessions.read_only() as session:
        return session.get_one(Claim, claim_id).number


def numbers_shown(html: str) -> list[str]:
    return re.findall(r'<td><a href="/claims/(HZ\d+)">', html)


def put_in_question(desk: Any, field: str, code: str = "FIELD_UNSURE") -> int:
    """A claim that waits for a clerk because of this field."""
    claim_id: int = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id)
        claim.state = "in_question"
        session.add(Finding(claim_id=claim.id, code=code, subject=field, detail={}))
        session.execute(
            update(Field)
            .where(Field.claim_id == claim.id, Field.name == field)
            .values(confidence=0.4)
        )
    return claim_id


def test_no_page_shows_a_whole_number_of_a_person(desk: Any, at_desk: At) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    number = number_of(desk.office, claim_id)
    for role in (Role.CLERK, Role.SUPERVISOR, Role.AUDITOR, Role.CASHIER):
        screen = at_desk(role)
        for path in ("/", "/claims", f"/claims/{number}", "/approvals", "/batches", "/failures"):
            html = screen.get(path).text
            assert person.id_number not in html, (role, path)
            assert person.card not in html, (role, path)
    assert person.id_number[:4] + "*" * 10 + person.id_number[-4:] in html_of_claim(at_desk, number)


def html_of_claim(at_desk: At, number: str) -> str:
    text: str = at_desk(Role.CLERK).get(f"/claims/{number}").text
    return text


def test_a_number_is_shown_in_full_for_a_purpose_that_is_audited(desk: Any, at_desk: At) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    path = f"/claims/{number}/fields/bank_card_number/reveal"
    assert screen.post(path, {"purpose": " "}).status_code == 422
    answer = screen.post(path, {"purpose": "核对材料"})
    assert person.card in answer.text
    assert answer.headers["cache-control"] == "no-store"
    with desk.office.sessions.read_only() as session:
        told = detail_of(session.scalars(select(AuditEvent).filter_by(verb="reveal")).one())
    assert told == {"field": "bank_card_number", "purpose": "核对材料"}
    assert "查看完整号码" in screen.get(f"/claims/{number}").text


def test_a_purpose_cannot_smuggle_a_number_into_the_audit_log(desk: Any, at_desk: At) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    path = f"/claims/{number_of(desk.office, claim_id)}/fields/id_number/reveal"
    at_desk(Role.CLERK).post(path, {"purpose": "", "other": f"核对 {person.id_number}"})
    with desk.office.sessions.read_only() as session:
        told = detail_of(session.scalars(select(AuditEvent).filter_by(verb="reveal")).one())
    assert person.id_number not in str(told)


def test_a_card_typed_in_groups_is_masked_in_the_audit_log(desk: Any, at_desk: At) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    path = f"/claims/{number_of(desk.office, claim_id)}/fields/bank_card_number/reveal"
    groups = " ".join(person.card[at : at + 4] for at in range(0, len(person.card), 4))
    at_desk(Role.CLERK).post(path, {"purpose": "", "other": f"核对 {groups}"})
    with desk.office.sessions.read_only() as session:
        told = detail_of(session.scalars(select(AuditEvent).filter_by(verb="reveal")).one())
    assert told["purpose"] == f"核对 {person.card[:4]}****{person.card[-4:]}"


def test_names_and_hospitals_are_text_and_never_markup(desk: Any, at_desk: At) -> None:
    person = desk.member(name=EVIL)
    claim_id = desk.claim(person, hospital=EVIL)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        session.execute(update(Unit).values(name=EVIL))
    number = number_of(desk.office, claim_id)
    for path in ("/claims", f"/claims/{number}", f"/claims?number={EVIL}"):
        html = at_desk(Role.CLERK).get(path).text
        assert EVIL not in html
    screen = at_desk(Role.CLERK)
    screen.post(f"/claims/{number}/fields/hospital_name", {"value": EVIL})
    html = screen.get(f"/claims/{number}").text
    assert EVIL not in html
    assert "&lt;script&gt;" in html


def test_a_clerk_keys_a_value_and_the_claim_goes_on(desk: Any, at_desk: At) -> None:
    claim_id = put_in_question(desk, "hospital_name")
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    assert "识读没有把握" in screen.get(f"/claims/{number}").text
    answer = screen.post(f"/claims/{number}/fields/hospital_name", {"value": "吉林大学第二医院"})
    assert "已记下：医院名称" in answer.text
    assert "吉林大学第二医院" in answer.text
    assert "识读没有把握" not in answer.text
    screen.post(f"/claims/{number}/recheck")
    desk.work()
    assert desk.state_of(claim_id) == "proposed"


def test_the_wrong_number_of_these_tests_is_wrong() -> None:
    assert not id_number_is_valid(WRONG)


def test_a_wrong_check_digit_is_refused_in_chinese(desk: Any, at_desk: At) -> None:
    claim_id = put_in_question(desk, "id_number")
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    path = f"/claims/{number}/fields/id_number"
    plain = screen.post(path, {"value": WRONG})
    assert plain.status_code == 409
    assert "身份证号应为 18 位" in plain.text
    htmx = screen.post(path, {"value": WRONG}, headers={"HX-Request": "true"})
    assert htmx.headers["hx-retarget"] == "#said"
    assert "身份证号应为 18 位" in htmx.text
    assert "<html" not in htmx.text


def test_confirming_keeps_the_value_and_makes_it_certain(desk: Any, at_desk: At) -> None:
    claim_id = put_in_question(desk, "hospital_name")
    number = number_of(desk.office, claim_id)
    with desk.office.sessions.read_only() as session:
        before = values_of(desk.office.keys, session.get_one(Claim, claim_id))["hospital_name"]
    at_desk(Role.CLERK).post(f"/claims/{number}/fields/hospital_name/confirm")
    with desk.office.sessions.read_only() as session:
        field = session.scalars(
            select(Field).filter_by(claim_id=claim_id, name="hospital_name")
        ).one()
        assert field_value(desk.office.keys, field) == before
        assert field.confidence == 1
        assert field.corrected_by is not None


def test_where_papers_disagree_each_value_is_shown_and_one_is_chosen(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    claim_id = desk.claim(person, name_on_record="李四光")
    desk.work()
    assert desk.state_of(claim_id) == "in_question"
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    html = screen.get(f"/claims/{number}").text
    offered = re.findall(r'name="value" value="([^"]+)"><button>采用', html)
    assert set(offered) == {person.name, "李四光"}
    # The value is taken from the page beside which it stands, also where another one was read.
    field = f"/claims/{number}/fields/member_name"
    taken = re.findall(
        r'name="page_id" value="(\d+)"><input type="hidden" name="value" value="([^"]+)"', html
    )
    pages = {value: int(page) for page, value in taken}
    for value in ("李四光", person.name):
        screen.post(field, {"value": value, "page_id": pages[value]})
        with desk.office.sessions.read_only() as session:
            kept = session.scalars(
                select(Field).filter_by(claim_id=claim_id, name="member_name")
            ).one()
            assert kept.page_id == pages[value]
    assert pages["李四光"] != pages[person.name]
    screen.post(f"/claims/{number}/recheck")
    desk.work()
    assert desk.state_of(claim_id) == "proposed"


def test_of_two_values_on_one_page_the_one_that_is_taken_keeps_its_own_place(
    desk: Any, at_desk: At
) -> None:
    record = a_page(Kind.DISCHARGE_RECORD, "出院记录", "出院日期:2026-03-15", "出院日期:2026-03-16")
    claim_id = desk.claim(desk.member(), more=(record,))
    desk.work()
    screen, url = at_desk(Role.CLERK), f"/claims/{number_of(desk.office, claim_id)}"
    taken = re.findall(
        r'name="page_id" value="(\d+)"><input type="hidden" name="value" value="([^"]+)"',
        screen.get(url).text,
    )
    pages = {value: int(page) for page, value in taken}
    for value, line in (("2026-03-16", 2), ("2026-03-15", 1)):
        form = {"value": value, "page_id": pages[value]}
        screen.post(f"{url}/fields/discharged_on", form)
        with desk.office.sessions.read_only() as session:
            kept = session.scalars(
                select(Field).filter_by(claim_id=claim_id, name="discharged_on")
            ).one()
            assert kept.box[1] == record.lines[line].box[1]


def test_a_day_that_does_not_fit_the_printed_days_is_offered_as_they_give_it(
    desk: Any, at_desk: At
) -> None:
    def change(page: PageReading) -> PageReading:
        kept = tuple(line for line in page.lines if "院日期" not in line.text)
        return replace(page, lines=kept) if page.kind is Kind.APPLICATION_FORM else page

    days = a_page(Kind.INVOICE, "住院天数:9天")
    claim_id = desk.claim(desk.member(), change, more=(days,))
    desk.work()
    number = number_of(desk.office, claim_id)
    html = at_desk(Role.CLERK).get(f"/claims/{number}").text
    assert '<datalist id="others-discharged_on"><option value="2026-03-11">按住院天数推算' in html
    assert re.search(r'name="value" value="2026-03-11"><button>采用', html)


def test_a_hospital_that_the_register_lacks_is_shown_with_the_nearest_and_their_distance(
    desk: Any, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member(), hospital="吉林省肿瘸医院")
    desk.work()
    assert desk.state_of(claim_id) == "referred"
    html = at_desk(Role.CLERK).get(f"/claims/{number_of(desk.office, claim_id)}").text
    assert re.search(r"吉林省肿瘤医院 <small>医院名录，相差 1 个字", html)


def test_an_unknown_field_or_kind_is_refused_with_a_sentence(desk: Any, at_desk: At) -> None:
    claim_id = put_in_question(desk, "hospital_name")
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    assert screen.post(f"/claims/{number}/fields/salary", {"value": "1"}).status_code == 422
    with desk.office.sessions.read_only() as session:
        page = session.scalars(select(Page.id)).first()
    answer = screen.post(f"/claims/{number}/pages/{page}/kind", {"kind": "poem"})
    assert answer.status_code == 422
    assert "没有这种材料" in answer.text


def test_naming_the_kind_of_a_page_brings_back_a_missing_paper(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        page = session.scalars(select(Page).filter_by(kind=Kind.BANK_CARD)).one()
        page.kind, page_id = Kind.OTHER, page.id
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    screen.post(f"/claims/{number}/recheck")
    desk.work()
    assert desk.state_of(claim_id) == "incomplete"
    html = screen.get(f"/claims/{number}").text
    assert "缺少材料" in html
    assert "补件通知书 (.docx)" in html
    screen.post(f"/claims/{number}/pages/{page_id}/kind", {"kind": "bank_card"})
    screen.post(f"/claims/{number}/recheck")
    desk.work()
    assert desk.state_of(claim_id) == "proposed"


def test_a_finding_is_closed_with_a_reason_only(desk: Any, at_desk: At) -> None:
    claim_id = put_in_question(desk, "member_name", "ROSTER_DIFFERS")
    number = number_of(desk.office, claim_id)
    with desk.office.sessions.read_only() as session:
        finding = session.scalars(select(Finding.id).filter_by(closed_at=None)).one()
    screen = at_desk(Role.CLERK)
    assert screen.post(f"/claims/{number}/findings/{finding}", {"reason": " "}).status_code == 409
    answer = screen.post(f"/claims/{number}/findings/{finding}", {"reason": "已电话核实"})
    assert "已处理这一项" in answer.text
    assert "已电话核实" in answer.text


def test_what_a_person_established_of_the_hospital_decides_a_referred_claim(
    desk: Any, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某康复医院")
    desk.work()
    assert desk.state_of(claim_id) == "referred"
    number = number_of(desk.office, claim_id)
    screen = at_desk(Role.CLERK)
    assert screen.post(f"/claims/{number}/event", {"level": "", "city": ""}).status_code == 422
    screen.post(
        f"/claims/{number}/event", {"level": "3", "city": "长春市", "reason": "卫生部门名录"}
    )
    desk.work()
    assert desk.state_of(claim_id) == "proposed"


def test_a_claim_is_tried_out_as_it_stands_and_nothing_is_decided(desk: Any, at_desk: At) -> None:
    claim_id = put_in_question(desk, "discharged_on")
    number, screen = number_of(desk.office, claim_id), at_desk(Role.CLERK)
    assert f"/claims/{number}/trial" in screen.get(f"/claims/{number}").text
    assert "12 天 × 50 元 = 600 元" in screen.get(f"/claims/{number}/trial").text
    with desk.at(claim_id) as (session, claim):
        correct_field(
            session, desk.office, desk.user(Role.CLERK), claim, "discharged_on", "2026-03-03"
        )
        before = claim.version
    shown = screen.get(f"/claims/{number}/trial").text
    assert "住院 1 天，未超过 1 天" in shown
    assert "STAY_TOO_SHORT" not in shown
    assert "不予给付" in shown
    with desk.at(claim_id) as (_session, claim):
        assert (claim.version, claim.state) == (before, "in_question")
    assert desk.decision(claim_id).amount == 60000


def test_what_cannot_be_tried_out_yet_is_said_in_a_sentence(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member(), without=(Kind.APPLICATION_FORM, Kind.DISCHARGE_RECORD))
    desk.work()
    number = number_of(desk.office, claim_id)
    answer = at_desk(Role.CLERK).get(f"/claims/{number}/trial")
    assert answer.status_code == 422
    assert "现有字段还不够试算，请先补齐或更正" in answer.text


def test_states_filter_the_list_and_are_counted(desk: Any, at_desk: At) -> None:
    waiting = number_of(desk.office, put_in_question(desk, "hospital_name"))
    claim_id = desk.claim(desk.member())
    desk.work()
    screen = at_desk(Role.CLERK)
    assert "待核对 <b>1</b>" in screen.get("/claims").text
    assert numbers_shown(screen.get("/claims?state=in_question").text) == [waiting]
    assert numbers_shown(screen.get("/claims?state=proposed").text) == [
        number_of(desk.office, claim_id)
    ]


def test_the_list_goes_on_page_by_page_and_misses_nothing(
    desk: Any, at_desk: At, monkeypatch: Any
) -> None:
    monkeypatch.setattr("console.queries.claims.ROWS", 2)
    person = desk.member()
    claims = [number_of(desk.office, desk.claim(person)) for _each in range(5)]
    screen, path, seen = at_desk(Role.CLERK), "/claims", []
    while path:
        html = screen.get(path).text
        seen += numbers_shown(html)
        following = re.search(r'class="more"><a href="([^"]+)"', html)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == claims[::-1]


def test_searching_an_id_number_finds_the_member_and_leaves_no_trace_in_an_address(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    number = number_of(desk.office, desk.claim(person))
    desk.work()
    desk.claim(desk.member(name="李四"))
    desk.work()
    answer = at_desk(Role.CLERK).post("/claims/find", {"text": person.id_number.lower()})
    assert numbers_shown(answer.text) == [number]
    assert all(person.id_number not in str(each.url) for each in [*answer.history, answer])


def test_a_name_finds_the_member_or_the_unit_and_namesakes_are_told_apart(
    desk: Any, at_desk: At, visitor: At
) -> None:
    desk.member("欧阳一")
    screen = at_desk(Role.CLERK)
    assert "欧**" in (only := screen.post("/claims/find", {"text": "欧阳一"})).text
    assert "/members/" in str(only.url)
    desk.member("欧阳二")
    both = screen.post("/claims/find", {"text": "欧阳"})
    assert both.text.count('<a href="/members/') == 2
    assert str(both.url).endswith("/claims/find")
    unit = screen.post("/claims/find", {"text": UNIT[2:8]})
    assert str(unit.url).endswith(f"/units/{desk.unit()}")
    assert "没有找到这样的案件、会员或单位" in screen.post("/claims/find", {"text": "%"}).text
    stranger = visitor()
    stranger.log_in(desk.user(Role.UNIT_CLERK, unit_id=desk.unit("吉林省另一厅机关工会")))
    for text in ("欧阳", UNIT):
        assert "没有找到" in stranger.post("/claims/find", {"text": text}).text


def test_the_end_or_the_beginning_of_a_claim_number_opens_the_claim(desk: Any, at_desk: At) -> None:
    number = number_of(desk.office, desk.claim(desk.member()))
    for part in (number[-6:], number[:6].lower(), number):
        answer = at_desk(Role.CLERK).post("/claims/find", {"text": part})
        assert str(answer.url).endswith(f"/claims/{number}")
    assert "没有找到" in at_desk(Role.CLERK).post("/claims/find", {"text": "HZ1999"}).text


def test_of_a_state_with_very_many_claims_the_list_says_only_that_there_are_more(
    desk: Any, at_desk: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MOST", 2)
    for count in ("1", "2", "2+", "2+"):
        desk.claim(desk.member())
        shown = at_desk(Role.CLERK).get("/claims").text
        assert f"全部 <b>{count}</b>" in shown
        assert f"待识读 <b>{count}</b>" in shown


def test_a_unit_clerk_sees_the_claims_of_the_own_unit_only(
    desk: Any, visitor: At, a_user: At
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    number = number_of(desk.office, claim_id)
    user = a_user(Role.UNIT_CLERK)
    screen = visitor()
    screen.log_in(user)
    assert numbers_shown(screen.get("/claims").text) == []
    for path in ("", "/pages/1.jpg", "/letters/1.docx"):
        assert screen.get(f"/claims/{number}{path}").status_code == 404
    with desk.office.sessions.unit_of_work() as session:
        unit = session.scalars(select(Unit.id)).one()
        execute_stamped(session, update(User).where(User.id == user.id).values(unit_id=unit))
    assert numbers_shown(screen.get("/claims").text) == [number]
    html = screen.get(f"/claims/{number}").text
    assert "显示" not in html
    assert "完成核对" not in html


def test_a_page_is_drawn_upright(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    wide = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(wide, "JPEG")
    with desk.office.sessions.unit_of_work() as session:
        document = session.scalars(select(Document)).first()
        assert document is not None
        document.sha256 = desk.office.store.put(wide.getvalue())
        page = session.scalars(select(Page).filter_by(document_id=document.id)).one()
        page.rotation, page_id = 90, page.id
    path = f"/claims/{number_of(desk.office, claim_id)}/pages/{page_id}.jpg"
    answer = at_desk(Role.CLERK).get(path)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(answer.content)).size == (200, 300)


def test_a_page_of_another_claim_is_not_drawn(desk: Any, at_desk: At) -> None:
    desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.read_only() as session:
        page = session.scalars(select(Page.id)).first()
    other = number_of(desk.office, desk.claim(desk.member(name="李四")))
    answer = at_desk(Role.CLERK).get(f"/claims/{other}/pages/{page}.jpg")
    assert answer.status_code == 409


def test_a_fault_shows_a_sentence_and_a_mark_but_no_words_of_the_fault(
    desk: Any, at_desk: At, caplog: Any
) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        session.execute(update(Field).values(value=b"broken " + person.id_number.encode()))
    answer = at_desk(Role.CLERK).get(f"/claims/{number_of(desk.office, claim_id)}")
    assert answer.status_code == 500
    assert "系统出错" in answer.text
    assert "Traceback" not in answer.text
    assert person.id_number not in answer.text + caplog.text
    shown = re.search(r'<p class="number">(\w+)</p>', answer.text)
    assert shown is not None
    assert shown[1] == answer.headers["x-request-id"]
    [line] = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert line.startswith("request failed: cause=SealBroken @ ")
