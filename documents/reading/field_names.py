"""The fields a claim's papers give, and what people call them."""

from enum import StrEnum

from language import N_


class FieldName(StrEnum):
    """One typed field; the value is the code word used in data, API and JSON."""

    MEMBER_NAME = "member_name"
    ID_NUMBER = "id_number"
    BANK_CARD_NUMBER = "bank_card_number"
    BANK_NAME = "bank_name"
    PHONE = "phone"
    UNIT_NAME = "unit_name"
    HOSPITAL_NAME = "hospital_name"
    ADMITTED_ON = "admitted_on"
    DISCHARGED_ON = "discharged_on"
    DAYS_IN_HOSPITAL = "days_in_hospital"
    DIAGNOSES = "diagnoses"
    FURTHER_DIAGNOSES = "further_diagnoses"
    MEDICAL_EXPENSE_TOTAL = "medical_expense_total"
    FUND_PAID = "fund_paid"
    OWN_SHARE = "own_share"
    DEDUCTIBLE = "deductible"
    HOSPITAL_LEVEL = "hospital_level"
    FURTHER_STAYS = "further_stays"
    BENEFITS_ASKED = "benefits_asked"
    PATHOLOGY_ON = "pathology_on"
    TESTS_SHOWN = "tests_shown"
    ACCIDENT_ON = "accident_on"
    ACCIDENT_PLACE = "accident_place"
    ACCIDENT_CAUSE = "accident_cause"
    DISABILITY_GRADES = "disability_grades"
    EXCLUSION_SIGN = "exclusion_sign"


FIELD_NAMES = {
    FieldName.MEMBER_NAME: N_("会员姓名"),
    FieldName.ID_NUMBER: N_("身份证号"),
    FieldName.BANK_CARD_NUMBER: N_("银行卡号"),
    FieldName.BANK_NAME: N_("开户银行"),
    FieldName.PHONE: N_("联系电话"),
    FieldName.UNIT_NAME: N_("单位名称"),
    FieldName.HOSPITAL_NAME: N_("医院名称"),
    FieldName.ADMITTED_ON: N_("入院日期"),
    FieldName.DISCHARGED_ON: N_("出院日期"),
    FieldName.DAYS_IN_HOSPITAL: N_("住院天数"),
    FieldName.DIAGNOSES: N_("诊断"),
    FieldName.FURTHER_DIAGNOSES: N_("其他材料上的诊断"),
    FieldName.MEDICAL_EXPENSE_TOTAL: N_("医疗费总额"),
    FieldName.FUND_PAID: N_("医保基金支付"),
    FieldName.OWN_SHARE: N_("个人支付"),
    FieldName.DEDUCTIBLE: N_("起付线"),
    FieldName.HOSPITAL_LEVEL: N_("医院等级"),
    FieldName.FURTHER_STAYS: N_("后续住院"),
    FieldName.BENEFITS_ASKED: N_("申请项目"),
    FieldName.PATHOLOGY_ON: N_("病理报告日期"),
    FieldName.TESTS_SHOWN: N_("检查项目"),
    FieldName.ACCIDENT_ON: N_("事故日期"),
    FieldName.ACCIDENT_PLACE: N_("事故地点"),
    FieldName.ACCIDENT_CAUSE: N_("事故经过"),
    FieldName.DISABILITY_GRADES: N_("伤残等级"),
    FieldName.EXCLUSION_SIGN: N_("除外线索"),
}

SETTLEMENT_SUMS = (FieldName.FUND_PAID, FieldName.OWN_SHARE, FieldName.DEDUCTIBLE)
"""What a settlement sheet says of the medical expense beside its total."""
SHEET_SUMS = (*SETTLEMENT_SUMS, FieldName.MEDICAL_EXPENSE_TOTAL)
"""All that it says of it."""
