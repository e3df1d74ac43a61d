"""Forms of the values a clerk or the reader hands in."""

import re
from collections.abc import Callable

from documents.check_digits import card_number_is_valid, id_number_is_valid, is_date
from documents.reading.fields import FieldName
from documents.reading.further_stays import keyed
from documents.reading.shown_tests import TESTS
from documents.reading.ticks import BENEFITS
from language import N_, _
from rules.errors import BadInput
from rules.hospitals import LEVEL_OF


def fault_of(name: str, value: str) -> str | None:
    """The sentence that says what is wrong with a field's value, or None."""
    if name == FieldName.FURTHER_STAYS:
        return _fault_of_stays(value)
    check = _CHECKS.get(name)
    if check is None:
        return None
    is_right, sentence = check
    return None if is_right(value) else _(sentence)


def _fault_of_stays(value: str) -> str | None:
    try:
        keyed(value)
    except BadInput as error:
        return str(error)
    return None


def _is_level(text: str) -> bool:
    return text in LEVEL_OF


def _is_text(text: str) -> bool:
    return 0 < len(text) <= 100 and text == text.strip() and text.isprintable()


def _is_phone(text: str) -> bool:
    return re.fullmatch(r"[0-9][0-9-]{6,19}", text) is not None


def _is_count(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}", text) is not None


def _is_sum(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}\.[0-9]{2}", text) is not None


def _is_story(text: str) -> bool:
    return 0 < len(text) <= 200 and text.isprintable()


def _are_grades(text: str) -> bool:
    return re.fullmatch(r"(?:10|[1-9])(?:、(?:10|[1-9]))*", text) is not None


_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    FieldName.ID_NUMBER: (id_number_is_valid, N_("身份证号应为 18 位，且通过校验")),
    FieldName.BANK_CARD_NUMBER: (card_number_is_valid, N_("银行卡号应为 16 至 19 位，且通过校验")),
    FieldName.ADMITTED_ON: (is_date, N_("日期应写作 2026-03-02")),
    FieldName.DISCHARGED_ON: (is_date, N_("日期应写作 2026-03-02")),
    FieldName.MEMBER_NAME: (_is_text, N_("姓名不能为空")),
    FieldName.HOSPITAL_NAME: (_is_text, N_("医院名称不能为空")),
    FieldName.BANK_NAME: (_is_text, N_("开户银行应为一行可见文字")),
    FieldName.UNIT_NAME: (_is_text, N_("单位名称应为一行可见文字")),
    FieldName.PHONE: (_is_phone, N_("联系电话应为数字")),
    FieldName.DAYS_IN_HOSPITAL: (_is_count, N_("住院天数应为整数")),
    FieldName.MEDICAL_EXPENSE_TOTAL: (_is_sum, N_("金额应写作 1234.50")),
    FieldName.FUND_PAID: (_is_sum, N_("金额应写作 1234.50")),
    FieldName.OWN_SHARE: (_is_sum, N_("金额应写作 1234.50")),
    FieldName.DEDUCTIBLE: (_is_sum, N_("金额应写作 1234.50")),
    FieldName.HOSPITAL_LEVEL: (_is_level, N_("医院等级应为一级、二级或三级")),
    FieldName.BENEFITS_ASKED: (
        BENEFITS.knows,
        N_("申请项目应为住院津贴、医疗费用、重大疾病、意外伤害、身故、伤残、烧烫伤，用顿号分开"),
    ),
    FieldName.ACCIDENT_ON: (is_date, N_("日期应写作 2026-03-02")),
    FieldName.ACCIDENT_CAUSE: (_is_story, N_("事故经过应为 200 字以内的可见文字")),
    FieldName.DISABILITY_GRADES: (_are_grades, N_("伤残等级应为 1 至 10，多处用顿号分开")),
    FieldName.EXCLUSION_SIGN: (_is_text, N_("除外线索应为一行可见文字")),
    FieldName.PATHOLOGY_ON: (is_date, N_("日期应写作 2026-03-02")),
    FieldName.TESTS_SHOWN: (
        TESTS.knows,
        N_(
            "检查项目应为冠脉造影、心电图、肌钙蛋白、CT、磁共振、超声心动图、肌电图、骨髓检查、透析、手术，"
            "用顿号分开"
        ),
    ),
}
