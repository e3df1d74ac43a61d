"""Names of people, hospitals, units and banks."""

import pytest

from documents.reading import people_and_places
from documents.reading.agreement import WELL_READ


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张  三", "张三"),
        ("张 三丰", "张三丰"),
        ("张三 丰", "张三丰"),
        ("张三丰 男 45岁", "张三丰"),
        ("张三丰男45岁", "张三丰"),
        ("欧阳国平", "欧阳国平"),
        ("欧阳 锋", "欧阳锋"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("张三丰(签字)", "张三丰"),
        ("王㛃", "王㛃"),
        ("李𬍛 男", "李𬍛"),
        ("张䶮", "张䶮"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提﹒吐尔逊 男", "买买提·吐尔逊"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("阿卜杜拉·买买提·吐尔逊", "阿卜杜拉·买买提·吐尔逊"),
    ],
)
def test_a_name_is_read_without_its_inner_spaces(text: str, expected: str) -> None:
    found = people_and_places.find_person(text)
    assert found is not None
    assert found.value == expected


def test_a_full_stop_between_two_words_is_a_dot_of_a_name_at_best() -> None:
    found = people_and_places.find_person("买买提.吐尔逊")
    assert found is not None
    assert (found.value, found.quality) == ("买买提·吐尔逊", 0.8)
    for text in ("张三. 职工", "张三 . 长春第一中学"):
        found = people_and_places.find_person(text)
        assert found is None or found.value == "张三"


@pytest.mark.parametrize(
    ("text", "expected"), [("阿卜杜热合曼 男", "阿卜杜热合曼"), ("阿卜杜热 合曼", "阿卜杜热")]
)
def test_a_name_of_one_long_word_is_read_with_doubt(text: str, expected: str) -> None:
    found = people_and_places.find_person(text)
    assert found is not None
    assert found.value == expected
    assert found.quality < WELL_READ


@pytest.mark.parametrize(
    "text", ["", "男", "身份证", "2201", "签字盖章", "患者入院后完善相关检查", "吉林省人民医院"]
)
def test_what_is_no_name_is_not_read_as_one(text: str) -> None:
    assert people_and_places.find_person(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("吉林大学第一医院", "吉林大学第一医院"),
        ("吉 林 大 学 第 一 医 院", "吉林大学第一医院"),
        ("吉林大学第一医院出院记录", "吉林大学第一医院"),
        ("长春市妇产医院(吉林省妇产医院)", "长春市妇产医院（吉林省妇产医院）"),
        ("中国人民解放军第964医院", "中国人民解放军第964医院"),
        ("在吉林市中心医院住院治疗", "吉林市中心医院"),
        ("曾于2025年1月5日在吉林市中心医院住院", "吉林市中心医院"),
        ("长春市中心医院(收费专用章)", "长春市中心医院"),
        ("长春市南湖街道社区卫生服务中心", "长春市南湖街道社区卫生服务中心"),
        ("中国人民解放军总医院第一医学中心", "中国人民解放军总医院第一医学中心"),
        ("吉林大学中日联谊医院东院", "吉林大学中日联谊医院东院"),
        ("吉林大学第一医院二部 出院记录", "吉林大学第一医院二部"),
        ("吉林省肿瘤医院(省癌症中心)", "吉林省肿瘤医院（省癌症中心）"),
        ("吉林大学第一医院二部休假证明单", "吉林大学第一医院二部"),
        ("医疗机构吉林大学第一医院(组织机构代码:41275)", "吉林大学第一医院"),
        ("定点医院 长春市双阳区医院", "长春市双阳区医院"),
        ("吉林大学第一医院新院长", "吉林大学第一医院"),
        ("吉林大学第一医院东丰县分诊", "吉林大学第一医院"),
        ("上海市第六人民医院东院(三级)", "上海市第六人民医院东院"),
        ("吉林省肿瘤医院(省癌症中心)(三级甲等)", "吉林省肿瘤医院（省癌症中心）"),
    ],
)
def test_a_hospital_is_cut_out_of_what_surrounds_it(text: str, expected: str) -> None:
    found = people_and_places.find_hospital(text)
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中国建设银行长春人民大街支行", "中国建设银行长春人民大街支行"),
        ("中国工商银行", "中国工商银行"),
        ("建行长春分行", "中国建设银行长春分行"),
        ("中国邮政储墓银行长春分行", "中国邮政储蓄银行长春分行"),
        ("中国银行", "中国银行"),
        ("榆树市农村信用合作联社", "榆树市农村信用合作联社"),
    ],
)
def test_banks(text: str, expected: str) -> None:
    found = people_and_places.find_bank(text)
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize("text", ["中国邮政储墓银行长春分行", "建行长春分行", "工行"])
def test_a_bank_that_is_not_called_as_printed_is_not_sure(text: str) -> None:
    found = people_and_places.find_bank(text)
    assert found is not None
    assert found.quality < WELL_READ


def test_a_unit_loses_the_word_for_its_seal() -> None:
    found = people_and_places.find_unit("吉林省水利厅 (盖章)")
    assert found is not None
    assert found.value == "吉林省水利厅"
