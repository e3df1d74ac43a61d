"""Signs of an exclusion: found in words and codes, quoted as written, and never where denied."""

from dataclasses import replace

import pytest

from rules import plans
from rules.exclusions import concerns, signs_in_code, signs_in_text
from rules.facts import ExclusionSign

MAIN = plans.load("main-2020")


@pytest.mark.parametrize(
    ("text", "code", "quoted"),
    [
        ("孕39周，行剖宫产术", "childbirth", "孕39周"),
        ("行剖宫产术", "childbirth", "剖宫产"),
        ("足月妊娠顺产", "childbirth", "足月妊娠"),
        ("宫内孕40周 无痛分娩", "childbirth", "宫内孕"),
        ("无痛分娩", "childbirth", "分娩"),
        ("无牌醉酒", "drunk_driving", "醉酒"),
        ("无明显诱因自缢", "self_harm", "自缢"),
        ("无有效驾驶资格", "unlicensed_driving", "无有效驾驶资格"),
        ("驾驶证已被吊销", "unlicensed_driving", "驾驶证已被吊销"),
        ("酒后驾驶二轮摩托车", "drunk_driving", "酒后"),
        ("经检测系醉酒驾驶机动车", "drunk_driving", "醉酒"),
        ("未取得机动车驾驶证驾驶车辆", "unlicensed_driving", "未取得机动车驾驶证"),
        ("无证驾驶", "unlicensed_driving", "无证驾驶"),
        ("因家庭矛盾自残", "self_harm", "自残"),
        ("精神分裂症", "mental_illness", "精神分裂"),
        ("年度体检", "check_up", "体检"),
        ("行双眼皮成形术", "cosmetic_surgery", "双眼皮"),
        ("术后康复", "convalescence", "康复"),
        ("因涉嫌犯罪被拘留", "crime", "犯罪"),
    ],
)
def test_words_that_may_mean_an_exclusion_are_found_and_quoted(
    text: str, code: str, quoted: str
) -> None:
    [sign] = signs_in_text(MAIN.exclusions, text)
    assert (sign.exclusion.code, sign.quoted) == (code, quoted)


def test_a_code_that_may_mean_an_exclusion_is_quoted_as_coded() -> None:
    [sign] = signs_in_code(MAIN.exclusions, " o80.9")
    assert (sign.exclusion.code, sign.quoted) == ("childbirth", "O80.9")


@pytest.mark.parametrize(
    "text",
    [
        "否认酒后驾驶",
        "无酒后驾驶",
        "排除自杀、自残可能",
        "未发现自残行为",
        "无任何酒后驾驶",
        "未见明显自残",
        "否认饮酒",
        "否认饮酒后驾驶",
        "无饮酒史",
        "未饮酒驾驶",
        "无证据表明车速过快",
        "安全生产后续检查",
        "急性阑尾炎",
        "下楼时不慎滑倒",
        "",
    ],
)
def test_what_is_denied_or_says_nothing_of_the_kind_is_no_sign(text: str) -> None:
    assert [sign.quoted for sign in signs_in_text(MAIN.exclusions, text)] == []


def test_a_word_that_is_denied_once_and_said_once_is_a_sign() -> None:
    [sign] = signs_in_text(MAIN.exclusions, "本人否认酒后驾驶。经检测，酒后驾驶属实。")
    assert sign.exclusion.code == "drunk_driving"


def test_several_exclusions_in_one_text_are_all_named() -> None:
    for text in ("无证驾驶，且系醉酒", "无证、醉酒驾驶", "无证酒后驾驶", "没有驾驶证酒后驾车"):
        signs = signs_in_text(MAIN.exclusions, text)
        assert {each.exclusion.code for each in signs} == {"drunk_driving", "unlicensed_driving"}


@pytest.mark.parametrize(
    ("icd10", "codes"),
    [
        ("O82.0", {"childbirth"}),
        ("O00", {"childbirth"}),
        ("O99.9", {"childbirth"}),
        ("F20.9", {"mental_illness"}),
        ("Z13.9", {"check_up"}),
        ("Z41.1", {"cosmetic_surgery"}),
        ("Z50.1", {"convalescence"}),
        ("X84", {"self_harm"}),
        ("X85", set()),
        ("Z14", set()),
        ("K35.9", set()),
        ("N99", set()),
        ("P00", set()),
        (" o80 ", {"childbirth"}),
    ],
)
def test_codes_lie_in_the_ranges_of_the_plan(icd10: str, codes: set[str]) -> None:
    assert {sign.exclusion.code for sign in signs_in_code(MAIN.exclusions, icd10)} == codes


def test_every_optional_plan_knows_its_signs_of_the_main_plan_by_its_own_article() -> None:
    """What accident plans exclude is told apart; the others take over the whole list."""
    for plan in plans.available():
        taken = [each for each in MAIN.exclusions if plan.code != "accident-2022"]
        taken = taken or [each for each in MAIN.exclusions if each.article == "4.1.3"]
        at = None if plan.family == MAIN.family else "4.2"
        assert plan.exclusions == tuple(replace(each, article=at or each.article) for each in taken)


@pytest.mark.parametrize(
    ("code", "words", "plans_asking"),
    [
        ("childbirth", "孕20周", {"main-2020"}),
        ("childbirth", "O26.900", {"main-2020"}),
        ("childbirth", None, {"main-2020"}),
        ("drunk_driving", "酒后", {"main-2020", "accident-2022"}),
        # A cause that a person named and no plan lists.
        ("疑似挂床", None, {"main-2020", "accident-2022"}),
    ],
)
def test_a_sign_concerns_the_plans_that_list_it(
    code: str, words: str | None, plans_asking: set[str]
) -> None:
    sign = ExclusionSign(code, words)
    both = [plans.load(each) for each in ("main-2020", "accident-2022")]
    assert {plan.code for plan in both if concerns(plan, sign)} == plans_asking
