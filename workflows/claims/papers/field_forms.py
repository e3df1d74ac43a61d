"""Forms of the values a clerk or the reader hands in."""

import re
from collections.abc import Callable

from documents.check_digits import card_number_is_valid, id_number_is_valid, is_date
from documents.masks import mask_card, mask_id, mask_phone
from documents.phones import phone_is_valid
from documents.plain_text import squeezed
from documents.reading.fields import FIELD_NAMES, SHEET_SUMS, FieldName
from documents.reading.further_stays import keyed, with_plain_days
from documents.reading.shown_tests import TESTS
from documents.reading.ticks import BENEFITS
from documents.typed_values import typed_day, typed_number, typed_sum
from language import N_, _
from rules.errors import BadInput
from rules.hospitals import LEVEL_OF
from rules.money import fen, yuan


def fault_of(name: str, value: str) -> str | None:
    """The sentence that says what is wrong with a field's value, or None."""
    if name == FieldName.FURTHER_STAYS:
        return _fault_of_stays(value)
    if name in _TEXTS:
        return _fault_of_text(value, *_TEXTS[name])
    check = _CHECKS.get(name)
    if check is None:
        return None
    is_right, sentence = check
    return None if is_right(value) else _(sentence)


def fault_in_words(name: str, value: str, fault: str) -> str:
    """The fault with the field's name and what was typed, a number masked."""
    shown = _MASKS[name](value) if name in _MASKS else value[:20]
    if not shown:
        return fault
    words = {"field": _(FIELD_NAMES[FieldName(name)]), "value": shown, "fault": fault}
    return _("%(field)s“%(value)s”有误，%(fault)s") % words


def as_kept(name: str, typed: str) -> str:
    """What a person typed, written as the rules read it; what cannot be read stays as it is."""
    if name in _NUMBERS:
        return typed_number(typed)
    if name in DAYS:
        day = typed_day(typed)
        return day.isoformat() if day else typed.strip()
    if name in SHEET_SUMS:
        plain = typed_sum(typed)
        return yuan(fen(plain)) if _is_amount(plain) else plain
    if name == FieldName.FURTHER_STAYS:
        return with_plain_days(typed.strip())
    if name in (FieldName.DAYS_IN_HOSPITAL, FieldName.DISABILITY_GRADES):
        return re.sub("[,;]", "、", squeezed(typed))
    return typed.strip()


def _is_amount(text: str) -> bool:
    try:
        fen(text)
    except BadInput:
        return False
    return True


def _fault_of_text(value: str, longest: int, if_empty: str) -> str | None:
    if not value.strip():
        return _(if_empty)
    if len(value) > longest:
        return _("最多 %(most)s 个字，现有 %(n)s 个") % {"most": longest, "n": len(value)}
    return None if value.isprintable() and value == value.strip() else _("应为一行可见文字")


def _fault_of_stays(value: str) -> str | None:
    try:
        keyed(value)
    except BadInput as error:
        return str(error)
    return None


def _is_level(text: str) -> bool:
    return text in LEVEL_OF


def _is_day(text: str) -> bool:
    return is_date(text) and typed_day(text) is not None


def _is_count(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}", text) is not None


def _is_sum(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}\.[0-9]{2}", text) is not None


def _are_grades(text: str) -> bool:
    return re.fullmatch(r"(?:10|[1-9])(?:、(?:10|[1-9]))*", text) is not None


DAYS = (
    FieldName.ADMITTED_ON,
    FieldName.DISCHARGED_ON,
    FieldName.ACCIDENT_ON,
    FieldName.PATHOLOGY_ON,
)
"""The fields that hold a day on which something happened."""

_NUMBERS = (FieldName.ID_NUMBER, FieldName.BANK_CARD_NUMBER, FieldName.PHONE)
_MASKS: dict[str, Callable[[str], str]] = {
    FieldName.ID_NUMBER: mask_id,
    FieldName.BANK_CARD_NUMBER: mask_card,
    FieldName.PHONE: mask_phone,
}

# How long each text may be, and what is said where it is empty.
_TEXTS: dict[str, tuple[int, str]] = {
    FieldName.MEMBER_NAME: (100, N_("姓名不能为空")),
    FieldName.HOSPITAL_NAME: (100, N_("医院名称不能为空")),
    FieldName.BANK_NAME: (100, N_("开户银行不能为空")),
    FieldName.UNIT_NAME: (100, N_("单位名称不能为空")),
    FieldName.ACCIDENT_PLACE: (200, N_("事故地点不能为空")),
    FieldName.ACCIDENT_CAUSE: (200, N_("事故经过不能为空")),
    FieldName.FURTHER_DIAGNOSES: (1000, N_("诊断不能为空")),
    FieldName.EXCLUSION_SIGN: (200, N_("除外线索不能为空")),
}

_CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    FieldName.ID_NUMBER: (id_number_is_valid, N_("身份证号应为 18 位，且通过校验")),
    FieldName.BANK_CARD_NUMBER: (card_number_is_valid, N_("银行卡号应为 16 至 19 位，且通过校验")),
    FieldName.ADMITTED_ON: (_is_day, N_("日期应写作 2026-03-02")),
    FieldName.DISCHARGED_ON: (_is_day, N_("日期应写作 2026-03-02")),
    FieldName.PHONE: (phone_is_valid, N_("应为 11 位手机号，或连同区号的座机")),
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
    FieldName.ACCIDENT_ON: (_is_day, N_("日期应写作 2026-03-02")),
    FieldName.DISABILITY_GRADES: (_are_grades, N_("伤残等级应为 1 至 10，多处用顿号分开")),
    FieldName.PATHOLOGY_ON: (_is_day, N_("日期应写作 2026-03-02")),
    FieldName.TESTS_SHOWN: (
        TESTS.knows,
        N_(
            "检查项目应为冠脉造影、心电图、肌钙蛋白、CT、磁共振、超声心动图、肌电图、骨髓检查、透析、手术，"
            "用顿号分开"
        ),
    ),
}
