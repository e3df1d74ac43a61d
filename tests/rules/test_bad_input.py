"""What cannot be understood is refused in one sentence that names the field."""

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.assessing import assess
from rules.errors import BadInput, FieldFault
from rules.facts import AccidentEvent, AccidentOutcome
from rules.facts.case import event_from_json, from_json, to_json

STAY: dict[str, Any] = {
    "plan": "main-2020",
    "received_on": "2026-04-20",
    "member": {"birth_date": "1985-03-17", "sex": "F"},
    "unit_city": "长春市",
    "coverages": [{"start": "2025-07-01", "end": "2026-06-30"}],
    "history": [
        {
            "benefit": "hospital_allowance",
            "admitted_on": "2025-09-02",
            "paid_days": 10,
            "amount": "500.00",
        }
    ],
    "event": {
        "kind": "hospital_stay",
        "cause": "illness",
        "admitted_on": "2026-03-02",
        "discharged_on": "2026-03-14",
        "hospital": {"name": "吉林大学第一医院", "city": "长春市", "level": 3},
    },
}
ILLNESS = {
    "kind": "critical_illness",
    "illness": "stroke",
    "diagnosed_on": "2026-03-02",
    "first_diagnosis": True,
}
ACCIDENT = {
    "kind": "accident",
    "happened_on": "2026-03-02",
    "outcome": "disability",
    "grades": [5],
}
BURN = {
    "kind": "accident",
    "happened_on": "2026-03-02",
    "outcome": "burn",
    "area": "head",
    "percent": 6.5,
}
TRUNK = {"area": "body", "percent": 60, "place": "躯干"}
BURNS = {
    "kind": "accident",
    "happened_on": "2026-03-02",
    "outcome": "burn",
    "burns": [TRUNK | {"percent": 10}],
}
GONE = object()


def changed(path: str, value: object, event: dict[str, Any] | None = None) -> dict[str, Any]:
    case = copy.deepcopy(STAY)
    if event is not None:
        case["event"] = copy.deepcopy(event)
    place: Any = case
    *above, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in above:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return case


def refusal(case: object) -> str:
    with pytest.raises(BadInput) as caught:
        assess(case if isinstance(case, str) else json.dumps(case))
    return str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        "plan",
        "received_on",
        "member",
        "member.birth_date",
        "member.sex",
        "unit_city",
        "coverages",
        "coverages.0.start",
        "coverages.0.end",
        "history.0.benefit",
        "history.0.admitted_on",
        "history.0.paid_days",
        "history.0.amount",
        "event",
        "event.kind",
        "event.cause",
        "event.admitted_on",
        "event.discharged_on",
        "event.hospital",
        "event.hospital.name",
    ],
)
@pytest.mark.parametrize("value", [GONE, None])
def test_a_missing_field_is_named(path: str, value: object) -> None:
    dotted = path.replace(".0", "[0]")
    assert refusal(changed(path, value)) == f"{dotted}：缺少此项"


@pytest.mark.parametrize("value", [GONE, None])
def test_without_cover_it_may_stay_open_who_the_person_is(value: object) -> None:
    stranger = {**STAY, "coverages": [], "member": value, "unit_city": value}
    case = {key: said for key, said in stranger.items() if said is not GONE}
    verdict = json.loads(assess(json.dumps(case)))
    assert verdict["decision"] == "deny"
    assert [reason["code"] for reason in verdict["reasons"]] == ["NOT_A_MEMBER"]
    facts = from_json(case)
    assert (facts.member, facts.unit_city) == (None, None)
    assert from_json(to_json(facts)) == facts


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (ILLNESS, "illness"),
        (ILLNESS, "diagnosed_on"),
        (ILLNESS, "first_diagnosis"),
        (ACCIDENT, "happened_on"),
        (ACCIDENT, "outcome"),
        (ACCIDENT, "grades"),
        (BURN, "area"),
        (BURN, "percent"),
    ],
)
def test_a_missing_field_of_the_event_is_named(event: dict[str, Any], field: str) -> None:
    assert refusal(changed(f"event.{field}", GONE, event)) == f"event.{field}：缺少此项"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("received_on", "2026-4-20", "received_on：应为日期，如 2026-03-02：2026-4-20"),
        ("received_on", "2026", "received_on：应为日期，如 2026-03-02：2026"),
        ("received_on", "", "received_on：应为日期，如 2026-03-02："),
        ("received_on", "20260420", "received_on：应为日期，如 2026-03-02：20260420"),
        ("received_on", "2026-W01-1", "received_on：应为日期，如 2026-03-02：2026-W01-1"),
        ("received_on", "2026/04-20", "received_on：应为日期，如 2026-03-02：2026/04-20"),
        ("received_on", "2026-04/20", "received_on：应为日期，如 2026-03-02：2026-04/20"),
        ("received_on", "2026-02-30", "received_on：应为日期，如 2026-03-02：2026-02-30"),
        ("received_on", 20260420, "received_on：应为日期，如 2026-03-02：20260420"),
        ("received_on", "1899-12-31", "received_on：年份应在 1900 至 2199 之间：1899-12-31"),
        ("received_on", "2200-01-01", "received_on：年份应在 1900 至 2199 之间：2200-01-01"),
        ("member", [], "member：应为对象：[]"),
        ("member.sex", "X", "member.sex：应为 F、M 之一：X"),
        ("member.sex", 1, "member.sex：应为 F、M 之一：1"),
        ("unit_city", "  ", "unit_city：应为 1 至 200 个可显示的字符：  "),
        ("unit_city", 7, "unit_city：应为文字：7"),
        ("unit_city", "长\u0000春", "unit_city：应为 1 至 200 个可显示的字符：长?春"),
        ("unit_city", "\ud800", "unit_city：应为 1 至 200 个可显示的字符：?"),
        ("coverages", {}, "coverages：应为列表：{}"),
        ("coverages.0", 3, "coverages[0]：应为对象：3"),
        ("coverages.0.shares", 0, "coverages[0].shares：不得小于 1：0"),
        ("coverages.0.shares", 101, "coverages[0].shares：不得大于 100：101"),
        ("history", "none", "history：应为列表：none"),
        ("history.0.paid_days", -1, "history[0].paid_days：不得小于 0：-1"),
        ("history.0.paid_days", 36601, "history[0].paid_days：不得大于 36600：36601"),
        ("history.0.paid_days", 1.5, "history[0].paid_days：应为整数：1.5"),
        ("history.0.paid_days", True, "history[0].paid_days：应为整数：True"),
        ("history.0.amount", 500, 'history[0].amount：金额应写成文字，如 "500.00"：500'),
        ("history.0.amount", "five", "history[0].amount：不是金额：five"),
        ("history.0.amount", "-0.01", "history[0].amount：金额超出范围：-0.01"),
        ("history.0.amount", "100000000.01", "history[0].amount：金额超出范围：100000000.01"),
        ("history.0.amount", "-1", "history[0].amount：金额超出范围：-1"),
        ("event.hospital.level", 4, "event.hospital.level：不得大于 3：4"),
        ("event.hospital.level", 0, "event.hospital.level：不得小于 1：0"),
        ("event.hospital.level", "3", "event.hospital.level：应为整数：3"),
        ("event.hospital.level", True, "event.hospital.level：应为整数：True"),
        (
            "event.hospital.rank",
            "state",
            "event.hospital.rank：应为 province、city、district 之一：state",
        ),
        ("event.hospital.name", "", "event.hospital.name：应为 1 至 200 个可显示的字符："),
        ("event.fund_paid", 1.5, 'event.fund_paid：金额应写成文字，如 "500.00"：1.5'),
        ("event.transfers", 1, "event.transfers：应为列表：1"),
        ("event.transfers", [{}], "event.transfers[0].hospital：缺少此项"),
        ("event.kind", "other", None),
        ("payee", "unit", "payee：应为 member、heirs、confirmed_heirs 之一：unit"),
    ],
)
def test_a_value_that_does_not_fit_is_named(path: str, value: object, sentence: str | None) -> None:
    said = refusal(changed(path, value))
    assert said == (
        sentence or "event.kind：应为 hospital_stay、critical_illness、accident 之一：other"
    )


@pytest.mark.parametrize(
    ("event", "field", "value", "said"),
    [
        (ILLNESS, "first_diagnosis", 1, "应为 true 或 false：1"),
        (ILLNESS, "illness", [], "至少一种：[]"),
        (ACCIDENT, "outcome", "cured", "应为 disability、death、burn 之一：cured"),
        (ACCIDENT, "in_hospital_for_illness", "no", "应为 true 或 false：no"),
        (ACCIDENT, "treatment_ended", 0, "应为 true 或 false：0"),
        (BURN, "area", "leg", "应为 head、body 之一：leg"),
        (BURN, "percent", "6.5", "应为数字：6.5"),
        (BURN, "percent", True, "应为数字：True"),
        (BURN, "percent", -0.5, "应为 0 至 100 的数字：-0.5"),
        (BURN, "percent", 100.5, "应为 0 至 100 的数字：100.5"),
        (BURN, "percent", float("nan"), "应为 0 至 100 的数字：nan"),
        (BURN, "percent", float("inf"), "应为 0 至 100 的数字：inf"),
        (BURNS, "burns", [TRUNK, TRUNK], "同一部位填写了两次：躯干"),
        (BURNS, "burns", [TRUNK, TRUNK | {"place": "背"}], "各部位面积相加超过 100%：120%"),
        (BURNS, "area", "head", "已按部位填写 burns，不能再填此项：head"),
    ],
)
def test_a_value_of_the_event_that_does_not_fit_is_named(
    event: dict[str, Any], field: str, value: object, said: str
) -> None:
    assert refusal(changed(f"event.{field}", value, event)) == f"event.{field}：{said}"


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        (0, "不得小于 1：0"),
        (11, "不得大于 10：11"),
        (5.0, "应为整数：5.0"),
        ("5", "应为整数：5"),
        (True, "应为整数：True"),
        (None, "应为整数：None"),
    ],
)
def test_a_grade_outside_1_to_10_is_named(grade: object, said: str) -> None:
    assert refusal(changed("event.grades", [5, grade], ACCIDENT)) == f"event.grades[1]：{said}"


def test_what_was_said_of_an_outcome_overruled_since_does_not_count() -> None:
    facts = from_json(changed("event.outcome", "death", BURN | ACCIDENT))
    assert facts.event == AccidentEvent(date(2026, 3, 2), AccidentOutcome.DEATH)


@pytest.mark.parametrize(
    "path",
    [
        "histroy",
        "member.name",
        "coverages.0.begin",
        "history.0.hospital",
        "event.admited_on",
        "event.hospital.grade",
    ],
)
def test_an_unknown_field_is_refused(path: str) -> None:
    dotted = path.replace(".0", "[0]")
    assert refusal(changed(path, "x")) == f"{dotted}：不认识的字段"


@pytest.mark.parametrize("event", [ILLNESS, ACCIDENT])
def test_an_unknown_field_of_the_event_is_refused(event: dict[str, Any]) -> None:
    assert refusal(changed("event.hospital", {}, event)) == "event.hospital：不认识的字段"


def test_an_unknown_field_of_a_transfer_is_refused() -> None:
    said = refusal(changed("event.transfers", [{"kind": "hospital_stay"}]))
    assert said == "event.transfers[0].kind：不认识的字段"


@pytest.mark.parametrize(
    ("paid", "said"),
    [
        ({"benefit": "loan"}, "history[0].benefit：应为 hospital_allowance、medical_expense、"),
        ({"benefit": "critical_illness"}, "history[0].illness：缺少此项"),
        ({"benefit": "critical_illness", "paid_days": 1}, "history[0].paid_days：不认识的字段"),
        ({"benefit": "accident"}, "history[0].happened_on：缺少此项"),
        ({"benefit": "accident", "illness": "x"}, "history[0].illness：不认识的字段"),
    ],
)
def test_a_history_that_does_not_fit_is_named(paid: dict[str, object], said: str) -> None:
    assert refusal(changed("history", [paid])).startswith(said)


def test_cover_that_ends_before_it_starts_is_refused() -> None:
    said = refusal(changed("coverages.0.end", "2025-06-30"))
    assert said.startswith("coverages[0]：end 早于 start：{")
    assert "2025-06-30" in said


def test_overlapping_cover_is_refused_and_touching_cover_is_not() -> None:
    first = {"start": "2025-07-01", "end": "2026-06-30"}
    overlapping = [{"start": "2026-06-30", "end": "2027-06-29"}, first]
    said = refusal(changed("coverages", overlapping))
    assert said.startswith("coverages：保障期重叠：2026-06-30 不晚于 2026-06-30：[")
    touching = [first, {"start": "2026-07-01", "end": "2027-06-30"}]
    assert '"pay"' in assess(json.dumps(changed("coverages", touching)))


def test_a_cover_of_one_day_is_a_cover() -> None:
    case = changed("coverages", [{"start": "2026-03-02", "end": "2026-03-02"}])
    assert '"pay"' in assess(json.dumps(case))


def test_an_unknown_plan_is_refused_with_the_plans_there_are() -> None:
    said = refusal(changed("plan", "main-1999"))
    assert said.startswith("plan：没有这个计划：main-1999（现有 accident-2022、")
    assert said.endswith("、women-changchun）")


def test_a_field_no_screen_can_show_is_named_in_one_line() -> None:
    assert refusal({"pl\nan\ud800": 1}) == "案件：不认识的字段：pl?an?"


def test_what_is_no_json_object_is_refused() -> None:
    assert refusal("[]") == "案件：应为 JSON 对象"
    assert refusal("{").startswith("案件：不是有效的 JSON：")
    assert refusal("1" * 5000).startswith("案件：不是有效的 JSON：")
    assert refusal("[" * 100_000) == "案件：嵌套过深"
    assert refusal("") != ""


def test_a_case_that_is_no_object_is_named_as_such() -> None:
    with pytest.raises(BadInput, match=r"^案件：应为对象：\[\]$"):
        from_json([])  # type: ignore[arg-type]


def test_a_doubled_field_is_refused() -> None:
    assert refusal('{"plan": "a", "plan": "b"}') == "plan：同一字段出现两次"
    assert refusal('{"payee": "heirs", "plan": "a", "plan": "a"}') == "plan：同一字段出现两次"


def test_a_long_value_is_cut_in_the_sentence() -> None:
    said = refusal(changed("received_on", "x" * 1000))
    assert said == "received_on：应为日期，如 2026-03-02：" + "x" * 80


def test_text_of_200_characters_is_taken_and_one_more_is_not() -> None:
    assert '"refer"' in assess(json.dumps(changed("event.hospital", {"name": "院" * 200})))
    assert refusal(changed("event.hospital.name", "院" * 201)).startswith("event.hospital.name：")


@pytest.mark.parametrize(
    ("plan", "known", "outcome"),
    [
        ("medical-2022", {}, "refer"),
        ("medical-2022", {"fund_paid": "1.00"}, "pay"),
        ("medical-old", {}, "refer"),
        ("medical-old", {"deductible": "1.00"}, "refer"),
        ("medical-old", {"own_share": "9.00"}, "refer"),
        ("medical-old", {"deductible": "1.00", "own_share": "9.00"}, "pay"),
    ],
)
def test_a_sum_the_plan_needs_and_no_paper_gives_is_a_question(
    plan: str, known: dict[str, str], outcome: str
) -> None:
    case = changed("plan", plan)
    case["event"] |= known
    answer = json.loads(assess(json.dumps(case)))
    codes = [reason["code"] for reason in answer["reasons"]]
    assert (answer["decision"], "SETTLEMENT_WANTED" in codes) == (outcome, outcome == "refer")


def test_the_first_and_the_last_year_are_taken() -> None:
    for born in ("1900-01-01", "1900-12-31"):
        assert '"NOT_A_MEMBER"' in assess(json.dumps(changed("member.birth_date", born)))
    assert '"CLAIM_TOO_LATE"' in assess(json.dumps(changed("received_on", "2199-12-31")))


def test_the_largest_sum_is_taken() -> None:
    case = changed("history.0.amount", "100000000.00")
    assert '"STAY_LIMIT"' in assess(json.dumps(case))


def test_an_accident_is_not_in_hospital_and_not_in_treatment_unless_said() -> None:
    facts = from_json(changed("event.kind", "accident", ACCIDENT))
    assert isinstance(facts.event, AccidentEvent)
    assert not facts.event.in_hospital_for_illness
    assert facts.event.treatment_ended


def test_history_may_be_left_out() -> None:
    assert '"600.00"' in assess(json.dumps(changed("history", GONE)))


def test_a_number_beside_the_point_is_no_percent() -> None:
    case = changed("event.percent", Decimal("4.9999999999999999999"), BURN)
    with pytest.raises(BadInput, match=r"event\.percent：小数位数太多"):
        from_json(case)


def test_an_event_alone_is_read_as_within_its_case() -> None:
    assert event_from_json(STAY["event"] | {"exclusion": None}) == from_json(STAY).event


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nights": 3}, "event.nights：不认识的字段"),
        ({"cause": None}, "event.cause：缺少此项"),
        ({"kind": "x"}, "event.kind：应为 hospital_stay、critical_illness、accident 之一：x"),
        ({"discharged_on": "x"}, "event.discharged_on：应为日期，如 2026-03-02：x"),
    ],
)
def test_an_event_alone_that_does_not_fit_is_refused_by_its_field(
    change: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        event_from_json(STAY["event"] | change)
    assert str(refusal.value) == words
    fault = refusal.value
    assert isinstance(fault, FieldFault)
    assert f"{fault.path}：{fault.wrong}" == words


def whole(**other: object) -> str:
    case: dict[str, object] = {
        "received_on": "2026-06-15",
        "member": {"birth_date": "1985-03-17", "sex": "M"},
        "unit_city": "长春市",
        "coverages": [{"plan": "main-2020", "start": "2026-01-01", "end": "2026-12-31"}],
        "history": [],
        "events": [
            {"kind": "accident", "happened_on": "2026-04-20", "outcome": "death"},
        ],
    }
    return json.dumps(case | other)


def test_an_answer_about_an_event_that_the_case_has_not_is_refused_by_name_and_number() -> None:
    for event in (9, 1, -1):
        given = {"question": "EXCLUSION_SUSPECTED", "answer": "excluded", "event": event}
        with pytest.raises(FieldFault) as refusal:
            assess(whole(answers=[given]))
        assert str(refusal.value) == f"answers[0].event：没有这个事件，应为 0 至 0：{event}"
        assert refusal.value.path == "answers[0].event"
    about = {"question": "EXCLUSION_SUSPECTED", "answer": "excluded", "event": 0}
    assert assess(whole(answers=[about]))


def test_more_shares_than_a_plan_sells_are_refused_by_name_and_number() -> None:
    for plan, shares in (("main-2020", 3), ("accident-2022", 5)):
        cover = {"plan": plan, "start": "2026-01-01", "end": "2026-12-31", "shares": shares}
        with pytest.raises(BadInput, match=rf"coverages\[0\]\.shares.*{plan}.*：{shares}$"):
            assess(whole(coverages=[cover]))


def test_a_payment_of_a_plan_the_member_never_had_is_refused() -> None:
    paid = {"plan": "accident-2022", "benefit": "accident", "happened_on": "2026-02-01"}
    paid |= {"outcome": "disability", "amount": "3000.00"}
    with pytest.raises(
        BadInput, match=r"^history\[0\]\.plan：会员没有参加过此计划：accident-2022$"
    ):
        assess(whole(history=[paid]))


def test_the_reason_of_an_answer_is_one_line_of_text() -> None:
    answer = {"question": "EXCLUSION_SUSPECTED", "answer": "excluded", "reason": " 剖宫\n 产  术 "}
    [given] = from_json(STAY | {"answers": [answer]}).answers
    assert given.reason == "剖宫 产 术"
    with pytest.raises(BadInput, match=r"^answers\[0\]\.reason：应为文字：5$"):
        from_json(STAY | {"answers": [answer | {"reason": 5}]})
