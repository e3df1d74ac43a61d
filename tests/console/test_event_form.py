"""What a person wrote into the form of an event becomes what the rules read."""

from collections.abc import Callable
from typing import Any

import pytest

from console.event_form import event_from, fields_of
from models import Claim
from models.people import Role
from rules.errors import BadInput
from rules.verdict import Benefit, Code
from tests.opened import sentence
from tests.workflows.claims.test_accident import certificate, handed_in, parts, statement
from tests.workflows.claims.test_illness import CERTIFICATE, ECG, TROPONIN, heart_attack
from tests.workflows.claims.test_transfer import INVOICE

ACCIDENT = {
    "happened_on": "2026-03-02",
    "outcome": "disability",
    "in_hospital": "no",
    "treatment_ended": "yes",
}


@pytest.mark.parametrize("written", ["4,4", "4，4", "4、4", " 4 ， 4，", "４，４"])
def test_grades_of_several_injuries_are_parted_by_any_comma(written: str) -> None:
    found = event_from(Benefit.ACCIDENT, {**ACCIDENT, "grades": written})
    assert found["grades"] == [4, 4]


DIAGNOSED = {"diagnosed_on": "2026-04-20", "first_diagnosis": "yes"}


def test_the_illness_form_offers_the_lists_of_the_members_plans_with_what_is_suggested() -> None:
    suggested = {"illness": ["malignant_tumour", "breast_cancer"], "to_name": True}
    lists = ["fifteen", "women_eight"]
    form = {line.name: line for line in fields_of("critical_illness", suggested, lists)}
    assert form["illness_fifteen"].value == "malignant_tumour"
    assert form["illness_women_eight"].value == "breast_cancer"
    assert len(form["illness_women_eight"].choices) == 8 + 1
    assert "illness_women_eight" not in {
        line.name for line in fields_of("critical_illness", suggested, ["fifteen"])
    }


def test_one_illness_may_be_named_on_each_list() -> None:
    named = {"illness_fifteen": "malignant_tumour", "illness_women_eight": "breast_cancer"}
    found = event_from(Benefit.CRITICAL_ILLNESS, DIAGNOSED | named)
    assert found["illness"] == ["malignant_tumour", "breast_cancer"]
    with pytest.raises(BadInput, match="病种"):
        event_from(Benefit.CRITICAL_ILLNESS, DIAGNOSED)


def test_a_second_list_left_empty_denies_nothing_until_a_person_says_that_it_has_none() -> None:
    half = DIAGNOSED | {"illness_fifteen": "malignant_tumour", "illness_women_eight": ""}
    with pytest.raises(BadInput, match="病种（女工特殊疾病）"):
        event_from(Benefit.CRITICAL_ILLNESS, half)
    whole = event_from(Benefit.CRITICAL_ILLNESS, half | {"illness_women_eight": "none"})
    assert whole["illness"] == "malignant_tumour"
    shown = fields_of("critical_illness", whole, ["fifteen", "women_eight"])
    assert [line.value for line in shown[:2]] == ["malignant_tumour", "none"]
    [only, *_] = fields_of("critical_illness", whole, ["fifteen"])
    assert "none" not in only.choices


STAY, ILL, HURT = "hospital_stay", "critical_illness", "accident"


@pytest.mark.parametrize(
    ("kind", "form", "sentence"),
    [
        (HURT, ACCIDENT | {"grades": "五"}, "伤残等级：应为整数：五"),
        (HURT, ACCIDENT | {"grades": "11"}, "伤残等级（1 至 10，多处用逗号分开）：不得大于 10：11"),
        (HURT, ACCIDENT | {"happened_on": "3月2日"}, "事故日期：应为日期，如 2026-03-02：3月2日"),
        (
            HURT,
            ACCIDENT | {"outcome": "burn", "burns": "双手 三"},
            "烧烫伤应写作“躯干 Ⅲ度 10%”，多处用分号分开：双手三",
        ),
        (
            ILL,
            {"illness_fifteen": "stroke", "diagnosed_on": "5月", "first_diagnosis": "yes"},
            "确诊日期：应为日期",
        ),
        (ILL, {"illness_fifteen": "stroke", "diagnosed_on": "2026-04-20"}, "请填写“首次确诊”"),
        (HURT, ACCIDENT | {"in_hospital": ""}, "请填写“因病住院期间发生”"),
        (STAY, {"fund_paid": "两万"}, "医保基金支付（元）：不是金额：两万"),
        (STAY, {"own_share": "-5"}, "个人支付（元）：不是金额：-5"),
        (STAY, {"fund_paid": "1000000000"}, "医保基金支付（元）：金额超出范围"),
        (STAY, {"city": "长" * 300}, "医院所在市：应为 1 至 200 个"),
    ],
)
def test_what_does_not_fit_is_named_by_the_label_of_its_line(
    desk: Any, at_desk: Callable[..., Any], kind: str, form: dict[str, str], sentence: str
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}/event"
    number = "0" if kind == STAY else "1"
    said = at_desk(Role.CLERK).post(path, {"kind": kind, "event": number, **form})
    assert said.status_code == 422
    assert sentence in said.text
    assert "event." not in said.text


def test_a_move_to_another_hospital_must_end_after_it_begins_and_begin_after_the_first_ends(
    desk: Any, at_desk: Callable[..., Any]
) -> None:
    claim_id = desk.claim(desk.member(), more=(INVOICE,))
    desk.work()
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}/event"
    clerk, form = at_desk(Role.CLERK), {"kind": STAY, "event": "0", "reason": "病历"}
    said = clerk.post(path, {**form, "further": "吉林市中心医院 2026-03-14 2026-03-10"})
    assert said.status_code == 422
    assert "后续住院：吉林市中心医院的出院日期 2026-03-10 早于入院日期 2026-03-14" in said.text
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Claim, claim_id).events is None
    assert desk.decision(claim_id).amount == 600_00
    clerk.post(path, {**form, "further": "吉林市中心医院 2026-03-10 2026-03-24"})
    desk.work()
    [reason] = desk.decision(claim_id).reasons
    assert reason.code == Code.DISCHARGE_BEFORE_ADMISSION
    assert sentence(desk, reason) == "转入日期 2026-03-10 早于上一医院的出院日期 2026-03-14"
    clerk.post(path, {**form, "further": "吉林市中心医院 2026-03-14 2026-03-24"})
    desk.work()
    assert desk.decision(claim_id).amount == 1_000_00


def test_a_suggested_infarction_that_is_saved_is_not_denied_for_a_box_left_alone(
    desk: Any, at_desk: Callable[..., Any]
) -> None:
    claim_id = heart_attack(desk, CERTIFICATE, ECG, TROPONIN)
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}"
    clerk = at_desk(Role.CLERK)
    saved = {
        "kind": ILL,
        "event": "1",
        "illness_fifteen": "acute_myocardial_infarction",
        "diagnosed_on": "2026-04-20",
        "reason": "肌钙蛋白和心电图相符",
    }
    said = clerk.post(f"{path}/event", saved)
    assert said.status_code == 422
    assert "请填写“首次确诊”" in said.text
    without = saved | {"first_diagnosis": "no", "reason": " "}
    said = clerk.post(f"{path}/event", without)
    assert (said.status_code, "请写明原因" in said.text) == (409, True)
    assert desk.state_of(claim_id) == "referred"
    clerk.post(f"{path}/event", saved | {"first_diagnosis": "yes"})
    desk.work()
    assert desk.decision(claim_id).amount == 1_060_000
    queue = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert "肌钙蛋白和心电图相符" in queue


def test_what_was_typed_stays_when_the_reason_is_missing(
    desk: Any, at_desk: Callable[..., Any]
) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}"
    told = {"kind": STAY, "event": "0", "level": "2", "city": "延吉市", "here": path}
    said = at_desk(Role.CLERK).post(f"{path}/event", told)
    assert said.status_code == 409
    assert "请写明原因" in said.text
    assert "延吉市" in said.text


def test_a_claim_that_waits_for_its_first_approval_is_not_offered_to_be_paid_again(
    desk: Any, at_desk: Callable[..., Any]
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}"
    assert "重新付款" not in at_desk(Role.CLERK).get(path).text


def test_burns_of_several_regions_that_a_clerk_keys_are_paid_and_told_by_region(
    desk: Any, at_desk: Callable[..., Any]
) -> None:
    """The papers contradict themselves; the clerk's first list does too, the second is paid."""
    burnt = "烧伤总面积12%:躯干Ⅲ度10%、左上肢Ⅲ度5%"
    told = statement("操作锅炉时不慎被蒸汽烫伤")
    claim_id = handed_in(desk, told, certificate(burnt), diagnosis=burnt, admitted="2026-04-20",
                         discharged="2026-05-02")  # fmt: skip
    assert desk.open_findings(claim_id) == {("EVENT_WANTED", "event")}
    with desk.at(claim_id) as (_session, claim):
        page = f"/claims/{claim.number}"
    office = at_desk(Role.CLERK)
    assert "各部位烧烫伤面积相加 15%，大于总面积 12%" in office.get(page).text
    form = {"kind": "accident", "event": "0", "happened_on": "2026-04-20", "outcome": "burn"}
    form |= {"in_hospital": "no", "treatment_ended": "yes", "reason": "已向医院核实"}
    for wrong, words in (
        ("躯干 Ⅲ度 10%；躯干 Ⅲ度 5%", "“躯干”填写了两次"),
        ("躯干 Ⅲ度 60%；左上肢 Ⅲ度 50%", "相加 110%，超过 100%"),
        ("躯干 10%", "应写作“躯干 Ⅲ度 10%”"),
        ("背 Ⅲ度 5%；头和躯干 Ⅲ度 5%", "分不清“头和躯干”"),
    ):
        refused = office.post(f"{page}/event", form | {"burns": wrong})
        assert (refused.status_code, words in refused.text) == (422, True), refused.text
    office.post(f"{page}/event", form | {"burns": "躯干 Ⅲ度 10%；左上肢 三度 5%；面部 II° 3%"})
    desk.work()
    assert parts(desk, claim_id) == [("pay", 15_000)]
    assert "躯干 Ⅲ度 10%；左上肢 Ⅲ度 5%；面部 Ⅱ度 3%" in office.get(page).text
    [line] = desk.decision(claim_id).lines
    assert sentence(desk, line).startswith(
        "躯干及四肢三度烧烫伤 15%（躯干 10%、左上肢 5%）：20000 元 × 75%"
    )
