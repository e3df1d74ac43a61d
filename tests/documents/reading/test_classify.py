"""Kinds of paper by what stands on them."""

import pytest

from documents.kinds import Kind
from documents.reading.classify import classify
from documents.reading.page import TextLine


def _lines(*texts: str) -> list[TextLine]:
    return [
        TextLine(text, 0.99, (100, 100 + 60 * i, 100 + 30 * len(text), 130 + 60 * i))
        for i, text in enumerate(texts)
    ]


PAPERS = [
    (Kind.APPLICATION_FORM, ("职工互助保障互助金申请表", "会员姓名 张三", "开户行", "工会意见")),
    (Kind.ID_CARD_FRONT, ("姓名 张三", "性别 男 民族 汉", "住址 长春市", "公民身份号码 2201")),
    (Kind.ID_CARD_BACK, ("中华人民共和国", "居民身份证", "签发机关 长春市公安局", "有效期限")),
    (Kind.BANK_CARD, ("中国建设银行", "6217 0012 3456 7890 128", "UnionPay 银联", "VALID THRU")),
    (Kind.DISCHARGE_RECORD, ("吉林大学第一医院", "出 院 记 录", "入院诊断", "出院医嘱")),
    (Kind.DISCHARGE_RECORD, ("吉林大学第一医院", "出院志", "患者姓名 张三", "出院时诊断")),
    (Kind.DIAGNOSIS_CERTIFICATE, ("吉林大学第一医院", "疾病诊断证明书", "诊断", "处理意见")),
    (Kind.PATHOLOGY_REPORT, ("病理诊断报告书", "病理号", "肉眼所见", "镜下所见")),
    (Kind.TEST_REPORT, ("吉林大学第一医院", "心电图报告单", "窦性心律", "导联ST段抬高")),
    (Kind.TEST_REPORT, ("检验报告单", "肌钙蛋白I 12.30", "血红蛋白 135")),
    (Kind.TEST_REPORT, ("生化检验报告", "cTnI 12.30 ng/ml", "肌酐 88")),
    (Kind.TEST_REPORT, ("放射科检查报告", "头颅CT平扫", "左侧基底节区高密度影")),
    (Kind.PATHOLOGY_REPORT, ("骨髓细胞学检查报告单", "骨髓增生活跃", "粒系比例增高")),
    (Kind.PATHOLOGY_REPORT, ("骨髓涂片报告", "骨髓象", "原始细胞占70%")),
    (Kind.TEST_REPORT, ("冠状动脉造影检查报告", "造影所见", "检查结论")),
    (Kind.DIALYSIS_RECORD, ("血液透析治疗记录单", "透析器", "干体重", "超滤量")),
    (Kind.OPERATION_RECORD, ("吉林大学第一医院", "手术记录", "术前诊断", "麻醉方式", "手术经过")),
    (Kind.POLICE_FINDING, ("道路交通事故认定书", "当事人", "道路交通事故形成原因", "责任认定")),
    (Kind.SETTLEMENT_SHEET, ("医疗保险住院费用结算单", "统筹支付", "起付标准", "床位费")),
    (Kind.SETTLEMENT_SHEET, ("医疗费用结算分割单", "统筹基金支付", "个人负担")),
    (Kind.INVOICE, ("吉林省医疗住院收费票据(电子)", "票据代码", "交款人", "金额合计(大写)")),
    (Kind.INVOICE, ("电子发票(普通发票)", "*医疗服务*住院费", "发票号码", "价税合计")),
    (Kind.CHARGE_RECEIPT, ("医疗收费专用收据", "床位费 120.00", "合计(大写)壹佰贰拾元整")),
    (Kind.CHARGE_RECEIPT, ("吉林省医疗机构住院收费专用收据", "机打号码 123", "西药费 33.00")),
    (Kind.BANK_CARD, ("中國建設銀行", "借記卡", "銀聯")),
    (Kind.ACCIDENT_STATEMENT, ("职工意外事故说明", "事故时间", "事故经过", "证明人")),
    (Kind.DISABILITY_APPRAISAL, ("伤残等级鉴定书", "被鉴定人", "鉴定意见")),
    (Kind.DEATH_CERTIFICATE, ("居民死亡医学证明(推断)书", "死亡日期", "死亡原因")),
    (Kind.HOUSEHOLD_CANCELLATION, ("户口注销证明", "因死亡注销户口", "派出所")),
    (Kind.RELATIONSHIP_PROOF, ("亲属关系证明", "兹证明 系夫妻", "居民委员会")),
    (Kind.COVER_SHEET, ("互助保障申报材料封面", "报送单位", "材料名称 份数")),
    (Kind.OTHER, ("检验报告单", "白细胞 6.5", "血红蛋白 135")),
    (Kind.OTHER, ("电子发票(铁路电子客票)", "发票号码 26", "开票日期", "二等座 票价308.50")),
    (Kind.OTHER, ("停车收费票据", "发票代码 122", "发票号码 26", "收款人", "金额 12.00")),
]


@pytest.mark.parametrize(("kind", "texts"), PAPERS)
def test_each_kind_is_told_by_its_words(kind: Kind, texts: tuple[str, ...]) -> None:
    assert classify(_lines(*texts), 1200, 1700).kind is kind


@pytest.mark.parametrize(
    "item", ["*餐饮服务*餐饮费", "*住宿服务*住宿费", "办公用品 打印纸", "*运输服务*通行费"]
)
@pytest.mark.parametrize(
    "title", ["电子发票(普通发票)", "吉林省增值税普通发票", "吉林省收费专用收据"]
)
def test_a_bill_for_something_else_is_no_medical_one(title: str, item: str) -> None:
    lines = _lines(title, "购买方 吉林省人民医院", item, "发票号码", "价税合计(大写)叁佰元整")
    assert classify(lines, 1200, 1700).kind is Kind.OTHER


def test_a_title_with_one_character_misread_still_counts() -> None:
    assert (
        classify(_lines("疾病诊断证期书", "处理意见"), 1200, 1700).kind
        is Kind.DIAGNOSIS_CERTIFICATE
    )


@pytest.mark.parametrize(
    "title",
    [
        "血液透析知情同意书",
        "手术知情同意书",
        "健康体检报告",
        "病理检查申请单",
        "检查申请单",
        "病历复印申请单",
        "入院记录",
        "转院记录",
        "住院证明",
        "入院通知单",
        "出院带药单",
        "出院指导",
        "困难职工申请表",
        "入会申请表",
        "病退申请表",
        "死亡待遇申领表",
        "住院预交金收据",
        "患者一日清单",
    ],
)
def test_a_paper_with_words_of_our_titles_is_not_always_ours(title: str) -> None:
    lines = _lines("长春市中心医院", title, "姓名：王海涛", "科室：心内科", "签名", "2026年3月2日")
    assert classify(lines, 1200, 1700).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("血液透析知情同意书", ("透析器", "肝素", "透析液", "内瘘")),
        ("入院记录", ("主诉：胸闷", "现病史：略", "查体", "入院诊断：肺炎", "住院号 12")),
        ("手术知情同意书", ("拟行手术：冠状动脉造影术", "术前诊断", "麻醉方式", "手术名称")),
    ],
    ids=["dialysis", "admission", "operation"],
)
def test_no_words_make_another_paper_a_proof(title: str, texts: tuple[str, ...]) -> None:
    assert classify(_lines("长春市中心医院", title, *texts), 1200, 1700).kind is Kind.OTHER


def test_a_record_that_mentions_a_consent_stays_a_record() -> None:
    lines = _lines(
        *("长春市中心医院", "出院记录", "姓名：张三", "入院日期：2026-03-02", "入院诊断：肺炎"),
        *("主诉：胸闷", "现病史：见入院记录", "诊疗经过：签署手术知情同意书", "出院医嘱：休息"),
    )
    assert classify(lines, 1200, 1700).kind is Kind.DISCHARGE_RECORD


def test_papers_listed_on_a_cover_do_not_make_it_one_of_them() -> None:
    lines = _lines(
        "理赔材料清单",
        "报送单位",
        "材料名称 份数",
        "出院记录 1",
        "诊断证明 1",
        "结算单 1",
        "发票 1",
    )
    assert classify(lines, 1200, 1700).kind is Kind.COVER_SHEET


def test_both_sides_of_an_id_card_on_one_sheet_are_both_seen() -> None:
    front, back = (
        texts for kind, texts in PAPERS if kind in {Kind.ID_CARD_FRONT, Kind.ID_CARD_BACK}
    )
    verdict = classify(_lines(*front, *back), 1200, 1700)
    assert (verdict.kind, verdict.also) == (Kind.ID_CARD_FRONT, (Kind.ID_CARD_BACK,))


def test_three_cards_on_one_sheet_have_the_lines_of_three() -> None:
    front = (
        "姓名 胡雪梅",
        "性别 女",
        "民族 满",
        "1992年1月15日",
        "出生",
        "住址",
        "德惠市自由大路732号",
    )
    number = ("5栋4单元579室", "公民身份号码", "220183199201158188")
    back = (
        "中华人民共和国",
        "居民身份证",
        "签发机关",
        "德惠市公安局",
        "有效期限",
        "2020.06.16-2040.06.16",
    )
    card = ("中国农业银行", "储蓄卡", "6228484281316224916", "VALIDTHRU 03/33", "银联", "UnionPay")
    verdict = classify(
        _lines(*front, *number, *back, *card, "仅供办理互助保障", "会员卡"), 1200, 1700
    )
    assert verdict.kind is Kind.ID_CARD_FRONT
    assert verdict.also == (Kind.ID_CARD_BACK, Kind.BANK_CARD)


def test_an_empty_page_is_other() -> None:
    assert classify([], 1200, 1700).kind is Kind.OTHER
