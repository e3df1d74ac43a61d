"""Lists of diagnoses with and without numbers and codes."""

import pytest

from documents.plain_text import plain
from documents.reading.diagnoses import (
    counts_from_one,
    find_diagnoses,
    illnesses_first_in,
    is_parted_by_blanks,
    with_codes,
)
from documents.reading.found_value import Diagnosis

APPENDIX, PRESSURE = (
    Diagnosis("急性阑尾炎", "K35.900"),
    Diagnosis("高血压病3级（极高危）", "I10.x05"),
)


@pytest.mark.parametrize(
    "text",
    [
        "1.急性阑尾炎 K35.900 2.高血压病3级(极高危) I10.x05",
        "1.急性阑尾炎 K35.9002.高血压病3级(极高危) I10.x05",
        "1、急性阑尾炎(K35.900);2、高血压病3级(极高危)(I10.X05)",
        "急性阑尾炎 K35.900\n高血压病3级(极高危) I10.x05",
        "K35.900 急性阑尾炎\nI10.x05 高血压病3级(极高危)",
        "①急性阑尾炎 K35.900 ②高血压病3级(极高危) l10.x05",
        "(1)急性阑尾炎 K35.900 (2)高血压病3级(极高危) I10.x05",
        "K35.900 急性阑尾炎,I10.x05 高血压病3级(极高危)",
    ],
)
def test_two_diagnoses_with_codes(text: str) -> None:
    assert find_diagnoses(text) == (APPENDIX, PRESSURE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2型糖尿病", ["2型糖尿病"]),
        ("1.2型糖尿病 2.慢性胃炎", ["2型糖尿病", "慢性胃炎"]),
        ("胃窦恶性肿瘤、高脂血症", ["胃窦恶性肿瘤", "高脂血症"]),
        ("左胫、腓骨骨折", ["左胫、腓骨骨折"]),
        ("胃窦恶性肿瘤+慢性胃炎", ["胃窦恶性肿瘤", "慢性胃炎"]),
        ("腰椎间盘突出症(L4/5)/椎管狭窄", ["腰椎间盘突出症（L4/5）", "椎管狭窄"]),
        ("高血压病3级/极高危", ["高血压病3级/极高危"]),
        ("心功能Ⅱ级、高血压病3级", ["心功能Ⅱ级", "高血压病3级"]),
        ("肺部感染+∏ 型呼吸衰竭", ["肺部感染", "Ⅱ型呼吸衰竭"]),
        ("慢性胃炎。出院后请注意休息。高血压病", ["慢性胃炎"]),
        ("慢性胃炎\n全休两周\n以上情况属实", ["慢性胃炎"]),
        ("冠心病,不稳定型心绞痛", ["冠心病，不稳定型心绞痛"]),
        ("", []),
        ("证明书", []),
        ("详见病历", ["详见病历"]),
    ],
)
def test_texts_without_codes(text: str, expected: list[str]) -> None:
    assert [one.text for one in find_diagnoses(text)] == expected


def test_what_was_done_ends_the_list_of_a_sentence() -> None:
    told = illnesses_first_in("胃窦恶性肿瘤、高脂血症;慢性胃炎,予手术治疗,病情好转")
    assert [one.text for one in told] == ["胃窦恶性肿瘤", "高脂血症", "慢性胃炎"]


def test_codes_printed_elsewhere_are_given_in_order() -> None:
    bare = [Diagnosis("急性阑尾炎", None), Diagnosis("高脂血症", None)]
    assert [one.icd for one in with_codes(bare, ["K35.900"])] == ["K35.900", None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("急性阑尾炎,高血压病3级,2型糖尿病", ["急性阑尾炎", "高血压病3级", "2型糖尿病"]),
        ("急性阑尾炎、高血压病", ["急性阑尾炎", "高血压病"]),
        ("急性阑尾炎 K35.800 高血压病 I10.x00", ["急性阑尾炎", "高血压病"]),
        ("左胫,腓骨骨折", ["左胫，腓骨骨折"]),
        ("肺炎,重症", ["肺炎，重症"]),
        ("脑梗死,恢复期", ["脑梗死，恢复期"]),
        ("左肾肿瘤,左肾囊肿", ["左肾肿瘤", "左肾囊肿"]),
        ("甲状腺乳头状癌,桥本甲状腺炎", ["甲状腺乳头状癌", "桥本甲状腺炎"]),
        ("慢性阻塞性肺疾病急性加重期、 Ⅱ型呼吸衰竭", ["慢性阻塞性肺疾病急性加重期", "Ⅱ型呼吸衰竭"]),
        ("腰椎间盘突出症(L4/5)、腰椎椎管狭窄", ["腰椎间盘突出症（L4/5）", "腰椎椎管狭窄"]),
        ("1.肺部感染 2. Ⅱ型呼吸衰竭", ["肺部感染", "Ⅱ型呼吸衰竭"]),
        ("2型糖尿病性视网膜病变,混合性高脂血症", ["2型糖尿病性视网膜病变", "混合性高脂血症"]),
    ],
)
def test_a_list_parted_by_commas_or_codes_is_several_diagnoses(
    text: str, expected: list[str]
) -> None:
    assert [each.text for each in find_diagnoses(text)] == expected


def test_a_code_between_two_diagnoses_is_that_of_the_first() -> None:
    found = find_diagnoses("急性阑尾炎 K35.800 高血压病 I10.x00")
    assert [each.icd for each in found] == ["K35.800", "I10.x00"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("①急性心肌梗死 ②高血压病 ③2型糖尿病", ["急性心肌梗死", "高血压病", "2型糖尿病"]),
        ("⑴肺炎⑵高血压病⑶2型糖尿病", ["肺炎", "高血压病", "2型糖尿病"]),
        ("⒈肺炎⒉高血压病", ["肺炎", "高血压病"]),
        ("1·肺炎 2·高血压病", ["肺炎", "高血压病"]),
        ("I.肺炎 II.高血压病", ["肺炎", "高血压病"]),
        ("(一)肺炎(二)高血压病", ["肺炎", "高血压病"]),
        ("一、肺炎 二、高血压病", ["肺炎", "高血压病"]),
        ("1肺炎 2高血压病", ["肺炎", "高血压病"]),
        ("1急性阑尾炎2高血压病3级3慢性胃炎", ["急性阑尾炎", "高血压病3级", "慢性胃炎"]),
        ("1 肺炎 2 高血压病 3 2型糖尿病", ["肺炎", "高血压病", "2型糖尿病"]),
        ("1型糖尿病", ["1型糖尿病"]),
        ("1周前急性胃炎", ["1周前急性胃炎"]),
        ("肺炎 好转 高血压病 未愈", ["肺炎", "高血压病"]),
        ("1.肺炎治愈 2.高血压病 好转", ["肺炎", "高血压病"]),
        ("肺炎、高血压病3级(极高危)、2型糖尿病", ["肺炎", "高血压病3级（极高危）", "2型糖尿病"]),
        ("急性阑尾炎、肺炎", ["急性阑尾炎", "肺炎"]),
        ("左胫、腓骨骨折", ["左胫、腓骨骨折"]),
        ("多发伤:1.脑挫裂伤 2.肋骨骨折", ["多发伤", "脑挫裂伤", "肋骨骨折"]),
        ("腺癌术后(T1N0M0)、化疗后骨髓抑制", ["腺癌术后（T1N0M0）", "化疗后骨髓抑制"]),
        ("急性阑尾炎  手术:腹腔镜阑尾切除术", ["急性阑尾炎"]),
        ("急性心肌梗死  I21.001  1  高血压病  I10.x05  1", ["急性心肌梗死", "高血压病"]),
    ],
)
def test_each_way_of_counting_parts_a_list(text: str, expected: list[str]) -> None:
    assert [each.text for each in find_diagnoses(plain(text))] == expected


def test_a_column_beside_a_diagnosis_is_no_part_of_it() -> None:
    found = find_diagnoses("肺炎 J18.900 有\n高血压病 无 I10.x00\n慢性胃炎 K29.500 有")
    assert [(each.text, each.icd) for each in found] == [
        ("肺炎", "J18.900"),
        ("高血压病", "I10.x00"),
        ("慢性胃炎", "K29.500"),
    ]


@pytest.mark.parametrize(
    ("text", "expected", "is_doubted"),
    [
        ("肺炎 高血压病", ["肺炎", "高血压病"], True),
        ("肺炎  高血压病", ["肺炎", "高血压病"], False),
        ("(送检标本) 胃窦恶性肿瘤", ["（送检标本）胃窦恶性肿瘤"], False),
        ("高血压病3级(极高危) 慢性胃炎", ["高血压病3级（极高危）", "慢性胃炎"], True),
        ("急性 阑尾炎", ["急性阑尾炎"], False),
        ("急性脑梗死 恢复期", ["急性脑梗死恢复期"], False),
        ("直肠癌 术后", ["直肠癌术后"], False),
    ],
)
def test_a_blank_between_two_whole_names_may_part_them(
    text: str, expected: list[str], is_doubted: bool
) -> None:
    assert [each.text for each in find_diagnoses(text)] == expected
    assert is_parted_by_blanks(text) == is_doubted


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("1.肺炎 2.高血压病 3.2型糖尿病", True),
        ("1.肺炎2.高血压病3.慢性胃炎", True),
        ("肺炎", True),
        ("2.高血压病 3.慢性胃炎", False),
        ("1.肺炎 3.慢性胃炎", False),
        ("1.肺炎 病原体:肺炎链球菌 2.剖宫产术后", False),
        ("1.肺炎 2.门诊手术后感染 3.高血压病", False),
    ],
)
def test_a_list_of_which_a_number_has_no_diagnosis_is_not_whole(text: str, is_whole: bool) -> None:
    assert counts_from_one(text) == is_whole
