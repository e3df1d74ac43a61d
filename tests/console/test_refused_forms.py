"""A form that is refused: the same page, what was typed, and the sentence at the field."""

import re
from collections.abc import Callable
from typing import Any

from models import Claim
from models.people import Role
from tests.console.test_heirs import a_form, numbered
from tests.console.test_resting import referred
from tests.heirs import a_death, an_heir
from workflows.sealed_values.claims import values_of

At = Callable[..., Any]


def wide(text: str) -> str:
    """The text in full width, as an input method types it."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def value_of(desk: Any, claim_id: int, name: str) -> str:
    with desk.office.sessions.read_only() as session:
        claim = session.get_one(Claim, claim_id)
        return str(values_of(desk.office.keys, claim, name)[name])


def at_the_field(html: str, name: str) -> str:
    """The sentence that stands behind the field of this name."""
    found = re.search(
        rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*aria-invalid[^>]*>'
        r'(?:[^<]*</textarea>|.*?</select>)?\s*<p class="fault" role="alert">([^<]*)</p>',
        html,
        re.DOTALL,
    )
    return found[1] if found else ""


def test_a_blank_reason_is_asked_for_on_the_same_page_beside_what_was_typed(
    desk: Any, at_desk: At
) -> None:
    _, path = referred(desk)
    clerk = at_desk(Role.CLERK)
    form = {"reason": "  ", "until": "2026-06-20", "here": path}
    refused = clerk.post(f"{path}/hold", form)
    assert refused.status_code == 409
    assert at_the_field(refused.text, "reason") == "请写明原因"
    assert 'value="2026-06-20"' in refused.text
    assert "读到的内容" in refused.text
    # The form is no pop-up any more: without scripts nothing would open it.
    assert re.search(r'<form id="hold"', refused.text)


def test_what_was_typed_too_long_is_told_with_the_limit(desk: Any, at_desk: At) -> None:
    _, path = referred(desk)
    form = {"reason": "原因" * 300, "until": "2026-06-20", "here": path}
    refused = at_desk(Role.CLERK).post(f"{path}/hold", form)
    assert refused.status_code == 422
    assert at_the_field(refused.text, "reason") == "最多 500 个字"
    assert "原因" * 300 in refused.text


def test_a_form_of_no_page_is_answered_with_a_page_of_its_own(desk: Any, at_desk: At) -> None:
    _, path = referred(desk)
    clerk = at_desk(Role.CLERK)
    for here in ("/nowhere", "//elsewhere.example/", "", "/approvals"):
        refused = clerk.post(f"{path}/hold", {"reason": " ", "until": "2026-06-20", "here": here})
        assert refused.status_code == 409
        assert "未能办理" in refused.text
        assert "请写明原因" in refused.text


def test_what_was_typed_is_only_text(desk: Any, at_desk: At) -> None:
    _, path = referred(desk)
    form = {"reason": " ", "until": '"><script>alert(1)</script>', "here": path}
    refused = at_desk(Role.CLERK).post(f"{path}/hold", form)
    assert "<script>alert" not in refused.text


HOW_DAYS_ARE_TYPED = ("2026/3/12", "2026.3.12", "2026年3月12日", "20260312", "２０２６－０３－１２")


def test_days_numbers_and_sums_are_understood_as_people_type_them(desk: Any, at_desk: At) -> None:
    member = desk.member()
    claim_id = desk.claim(member, hospital="某某无名医院")
    desk.work()
    path, clerk = numbered(desk, claim_id), at_desk(Role.CLERK)

    def keyed(name: str, value: str) -> str:
        answer = clerk.post(f"{path}/fields/{name}", {"value": value, "here": path})
        assert answer.status_code == 200, (name, value, answer.text)
        return value_of(desk, claim_id, name)

    for typed in HOW_DAYS_ARE_TYPED:
        assert keyed("discharged_on", typed) == "2026-03-12"
    assert keyed("id_number", wide(f" {member.id_number[:6]} {member.id_number[6:]}")) == (
        member.id_number
    )
    assert keyed("bank_card_number", wide(member.card)) == member.card
    assert keyed("medical_expense_total", "￥１２，３４５") == "12345.00"
    assert keyed("further_stays", "吉林市中心医院　2026/3/14　2026年3月25日") == (
        "吉林市中心医院\u30002026-03-14\u30002026-03-25"
    )
    found = clerk.post("/claims/find", {"text": wide(member.id_number)})
    assert path.removeprefix("/claims/") in found.text


def test_what_is_refused_names_the_field_and_what_was_typed(desk: Any, at_desk: At) -> None:
    _, path = referred(desk)
    clerk = at_desk(Role.CLERK)

    def fault(name: str, value: str) -> str:
        answer = clerk.post(f"{path}/fields/{name}", {"value": value, "here": path})
        assert answer.status_code == 409
        assert value in answer.text
        return at_the_field(answer.text, "value")

    assert fault("admitted_on", "2026-13-01") == ("入院日期“2026-13-01”有误，日期应写作 2026-03-02")
    for slip in ("12026-03-02", "20260-03-02", "0026-03-02", "202603020"):
        assert fault("admitted_on", slip) == f"入院日期“{slip}”有误，日期应写作 2026-03-02"
    assert fault("admitted_on", "2026/7/1") == "入院日期 2026-07-01 晚于今天 2026-06-15"
    assert "最多 100 个字，现有 201 个" in fault("hospital_name", "医" * 201)
    assert fault("hospital_name", " ") == "医院名称不能为空"

    ill = {"kind": "critical_illness", "event": "1", "illness_fifteen": "stroke", "here": path}
    ill |= {"first_diagnosis": "yes"}
    answer = clerk.post(f"{path}/event", ill | {"diagnosed_on": "２０２６．７．１"})
    assert at_the_field(answer.text, "diagnosed_on") == ("确诊日期：2026-07-01 晚于今天 2026-06-15")
    # The form offers the lists of the member's plans; one who types it himself is refused.
    women = {"illness_fifteen": "none", "illness_women_eight": "breast_cancer"}
    answer = clerk.post(f"{path}/event", ill | women | {"diagnosed_on": "2026-03-05"})
    assert answer.status_code == 422
    assert "病种（女工特殊疾病）：“原发性乳腺癌”所属的计划，会员从未参加过" in answer.text
    hurt = {
        "kind": "accident",
        "event": "1",
        "outcome": "death",
        "happened_on": "上月",
        "here": path,
    }
    answer = clerk.post(f"{path}/event", hurt)
    assert at_the_field(answer.text, "happened_on") == "事故日期：应为日期，如 2026-03-02：上月"
    hold = {"reason": "等待", "until": "下周", "here": path}
    answer = clerk.post(f"{path}/hold", hold)
    assert at_the_field(answer.text, "until") == "再看日期应写成 2026-07-01 的样子，不是“下周”"
    answer = clerk.post(f"{path}/hold", hold | {"until": "20260-07-01"})
    said = "再看日期应写成 2026-07-01 的样子，不是“20260-07-01”"
    assert at_the_field(answer.text, "until") == said
    answer = clerk.post(f"{path}/event", hurt | {"happened_on": "12026-03-02"})
    assert (
        at_the_field(answer.text, "happened_on") == "事故日期：应为日期，如 2026-03-02：12026-03-02"
    )


def test_what_cannot_be_true_of_an_event_is_refused_at_its_field_and_not_kept(
    desk: Any, at_desk: At
) -> None:
    claim_id, path = referred(desk)
    clerk = at_desk(Role.CLERK)
    form = {"kind": "hospital_stay", "event": "0", "reason": "已核对材料", "here": path}
    swapped = {"further": "吉林市中心医院 2026-03-25 2026-03-14"}
    sums = {"fund_paid": "900", "own_share": "100", "deductible": "500"}
    for wrong, at, sentence in (
        (
            swapped,
            "further",
            "后续住院：吉林市中心医院的出院日期 2026-03-14 早于入院日期 2026-03-25",
        ),
        (sums, "fund_paid", "起付线 500 元多于个人支付 100 元"),
    ):
        answer = clerk.post(f"{path}/event", form | wrong)
        assert answer.status_code == 422
        assert at_the_field(answer.text, at) == sentence
        for typed in wrong.values():
            assert f'value="{typed}"' in answer.text
        with desk.office.sessions.read_only() as session:
            assert session.get_one(Claim, claim_id).events is None


def test_a_second_heir_with_the_first_one_s_card_is_named_at_his_row(
    desk: Any, at_desk: At
) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    path = numbered(desk, claim_id)
    lines = [
        {"name": each.name, "id_number": each.id_number, "account": one.card, "share": "1/2"}
        for each in (one, other)
    ]
    # An empty row stands between: the sentence counts heirs, the place is the row of the form.
    form = a_form(desk, claim_id, lines[0], {"name": ""}, lines[1])
    answer = at_desk(Role.CLERK).post(f"{path}/heirs", form | {"here": path})
    assert answer.status_code == 422
    assert "第 1 位和第 2 位继承人的银行卡" in at_the_field(answer.text, "account")
    rows = re.findall(r'<input name="account"[^>]*>', answer.text)
    assert ["aria-invalid" in row for row in rows[:3]] == [False, False, True]
