"""The kinds of paper a claim can contain, and what each is called."""

from enum import StrEnum

from language import N_


class Kind(StrEnum):
    """One kind of paper; the value is the code word used in data, API and JSON."""

    APPLICATION_FORM = "application_form"
    ID_CARD_FRONT = "id_card_front"
    ID_CARD_BACK = "id_card_back"
    BANK_CARD = "bank_card"
    DISCHARGE_RECORD = "discharge_record"
    DIAGNOSIS_CERTIFICATE = "diagnosis_certificate"
    PATHOLOGY_REPORT = "pathology_report"
    TEST_REPORT = "test_report"
    DIALYSIS_RECORD = "dialysis_record"
    OPERATION_RECORD = "operation_record"
    SETTLEMENT_SHEET = "settlement_sheet"
    INVOICE = "invoice"
    CHARGE_RECEIPT = "charge_receipt"
    ACCIDENT_STATEMENT = "accident_statement"
    POLICE_FINDING = "police_finding"
    DISABILITY_APPRAISAL = "disability_appraisal"
    DEATH_CERTIFICATE = "death_certificate"
    HOUSEHOLD_CANCELLATION = "household_cancellation"
    RELATIONSHIP_PROOF = "relationship_proof"
    JOINT_STATEMENT = "joint_statement"
    COVER_SHEET = "cover_sheet"
    INSURANCE_RECORD = "insurance_record"
    OTHER = "other"


NOT_NAMED_BY_HAND = frozenset({Kind.INSURANCE_RECORD})
"""What the program alone makes: with it a stay needs no other paper."""

KIND_NAMES = {
    Kind.APPLICATION_FORM: N_("互助金申请表"),
    Kind.ID_CARD_FRONT: N_("身份证人像面"),
    Kind.ID_CARD_BACK: N_("身份证国徽面"),
    Kind.BANK_CARD: N_("银行卡"),
    Kind.DISCHARGE_RECORD: N_("出院记录"),
    Kind.DIAGNOSIS_CERTIFICATE: N_("诊断证明"),
    Kind.PATHOLOGY_REPORT: N_("病理报告"),
    Kind.TEST_REPORT: N_("检查检验报告"),
    Kind.DIALYSIS_RECORD: N_("透析记录"),
    Kind.OPERATION_RECORD: N_("手术记录"),
    Kind.SETTLEMENT_SHEET: N_("结算单"),
    Kind.INVOICE: N_("票据"),
    Kind.CHARGE_RECEIPT: N_("收费专用收据"),
    Kind.ACCIDENT_STATEMENT: N_("意外事故说明"),
    Kind.POLICE_FINDING: N_("交通事故认定书"),
    Kind.DISABILITY_APPRAISAL: N_("伤残鉴定"),
    Kind.DEATH_CERTIFICATE: N_("死亡证明"),
    Kind.HOUSEHOLD_CANCELLATION: N_("户口注销证明"),
    Kind.RELATIONSHIP_PROOF: N_("关系证明"),
    Kind.JOINT_STATEMENT: N_("继承人共同声明"),
    Kind.COVER_SHEET: N_("材料封面"),
    Kind.INSURANCE_RECORD: N_("医保结算数据"),
    Kind.OTHER: N_("其他材料"),
}

BILLS = frozenset({Kind.SETTLEMENT_SHEET, Kind.INVOICE, Kind.CHARGE_RECEIPT})
"""What says what a hospital charged."""
