"""One letter of each kind as the office would send it; people, unit and office are made up."""

from datetime import date
from typing import Any

from documents.letters.contents import (
    AgreedInstalment,
    DecidedPart,
    DenialNotice,
    Ground,
    HeirNotice,
    InstalmentNotice,
    Issued,
    Note,
    ObjectionAnswer,
    ObjectionWithdrawn,
    PaymentNotice,
    Receipt,
    ReceivedPaper,
    RecoveryNotice,
    ReturnedPayment,
    ReturnNotice,
    Sender,
    SumLine,
    SupplementNotice,
    WantedPaper,
)
from documents.letters.cover_papers import CoverConfirmation
from documents.letters.renewal_notice import FeeAccount, RenewalNotice
from documents.letters.subsidy_statement import SubsidyLine, SubsidyStatement
from rules.money import fen
from rules.notice import quote
from rules.plans import Plan, load
from rules.verdict import Code

_OFFICE = Sender("样例职工互助保障办公室", "地址：样例市样例路1号　电话：0431-00000000")
_UNIT = "吉林省样例厅机关工会"
_MAIN, _ILLNESS = load("main-2020"), load("illness-2020")
_YEAR = date(2026, 1, 1), date(2026, 12, 31)


def sample_letters() -> tuple[Issued, ...]:
    """A letter of each kind, in the order in which a unit gets them."""
    return (
        _confirmation(),
        _receipt(),
        _supplement(),
        _payment(),
        _heir(),
        _returned(),
        _denial(),
        _answer(),
        _taken_back(),
        _recovery(),
        _instalments(),
        _renewal(),
        _subsidies(),
    )


def _about(letter: int, day: date) -> dict[str, Any]:
    return {
        "office": _OFFICE,
        "number": f"HZ2026000128-{letter}",
        "issued_on": day,
        "claim_number": "HZ2026000128",
        "received_on": date(2026, 3, 16),
        "member_name": "王晓样",
        "id_masked": "2201**********1524",
        "unit_name": _UNIT,
    }


def _part(plan: Plan, event: str) -> DecidedPart:
    return DecidedPart(plan.name, plan.cited, *_YEAR, event)


_STAY = _part(_MAIN, "2026年2月2日至2026年2月14日在样例大学第一医院住院")
_TUMOUR = "2026年2月2日确诊恶性肿瘤"


def _receipt() -> Receipt:
    return Receipt(
        **_about(1, date(2026, 3, 16)),
        handed_in_by=_UNIT,
        papers=(
            ReceivedPaper("申请表和身份证.pdf", 3),
            ReceivedPaper("银行卡.jpg", 1),
            ReceivedPaper("出院记录和病理报告.pdf", 5),
        ),
    )


def _supplement() -> SupplementNotice:
    return SupplementNotice(
        **_about(2, date(2026, 3, 16)),
        items=(
            WantedPaper("身份证（国徽面）", "申请材料中没有"),
            WantedPaper("银行卡", "申请材料中没有；会员本人的借记卡，卡号清晰"),
        ),
        hand_in_by=date(2026, 4, 15),
    )


def _payment() -> PaymentNotice:
    return PaymentNotice(
        **_about(3, date(2026, 3, 20)),
        parts=(_STAY, _part(_MAIN, _TUMOUR), _part(_ILLNESS, _TUMOUR)),
        lines=(
            SumLine("第 1 项：12 天 × 50 元 = 600 元", "4.1.1", fen("600")),
            SumLine("第 2 项：确诊在生效第 398 日：一次性 10000 元", "4.1.2", fen("10000")),
            SumLine(
                "第 3 项：确诊在生效第 398 日：一次性 10000 元 × 2 份 = 20000 元",
                "4.2",
                fen("20000"),
            ),
        ),
        notes=(Note("同一病情既住院又属重大疾病的，两项都给付", "4.1"),),
        total=fen("30600"),
        payee_name="王晓样",
        bank_name="样例银行样例支行",
        card_masked="6217****0042",
        object_by=date(2026, 5, 19),
    )


def _heir() -> HeirNotice:
    return HeirNotice(
        **_about(6, date(2026, 6, 22)),
        parts=(_part(_MAIN, "2026年4月1日因意外身故"),),
        lines=(SumLine("意外身故：20000 元", "4.1.3", fen("20000")),),
        notes=(),
        total=fen("20000"),
        heir_name="王继样",
        share="2/3",
        amount=fen("13333.33"),
        bank_name="样例银行样例支行",
        card_masked="6217****0159",
        object_by=date(2026, 8, 21),
    )


def _returned() -> ReturnNotice:
    card = ("王晓样", "样例银行样例支行", "6217****0042")
    return ReturnNotice(
        **_about(4, date(2026, 3, 24)),
        payments=(
            ReturnedPayment(*card, fen("10600"), "账号与户名不符"),
            ReturnedPayment(*card, fen("20000"), "账号与户名不符"),
        ),
        total=fen("30600"),
        bring=("本人银行卡和身份证复印件",),
    )


def _denial() -> DenialNotice:
    return DenialNotice(
        **_about(5, date(2026, 3, 20)),
        parts=(_part(_MAIN, "2026年3月2日至2026年3月3日在样例社区医院住院"),),
        grounds=(
            _ground("4.1", Code.HOSPITAL_LEVEL, "样例社区医院为一级医院，须为二级及以上医院"),
            _ground("4.1.1", Code.STAY_TOO_SHORT, "住院 1 天，未超过 1 天"),
        ),
        object_by=date(2026, 5, 19),
    )


def _ground(article: str, code: Code, facts: str) -> Ground:
    return Ground(article, facts, quote(article, code))


def _answer() -> ObjectionAnswer:
    return ObjectionAnswer(
        **_about(6, date(2026, 4, 2)),
        objector="王晓样",
        objection_number="YY2026000007",
        made_on=date(2026, 3, 28),
        letter_on=date(2026, 3, 20),
        is_upheld=True,
        reason="经向医院核对，出院日期以病案首页为准，为2026年3月12日",
    )


def _taken_back() -> ObjectionWithdrawn:
    return ObjectionWithdrawn(
        **_about(8, date(2026, 4, 3)),
        objector="王晓样",
        objection_number="YY2026000007",
        made_on=date(2026, 3, 28),
        letter_on=date(2026, 3, 20),
        withdrawn_on=date(2026, 4, 2),
        object_by=date(2026, 5, 19),
    )


def _recovery() -> RecoveryNotice:
    return RecoveryNotice(
        **_about(7, date(2026, 4, 20)),
        recovery_number="ZH2026000003",
        part=_STAY,
        paid=fen("1000"),
        granted=fen("600"),
        amount=fen("400"),
        reasons=(
            "重新办理的原因：出院日期录入有误",
            "12 天 × 50 元 = 600 元（依据吉直工发〔2020〕1号 四（一）1）",
        ),
        due_on=date(2026, 5, 20),
        account_holder="样例职工互助保障专户",
        account="2200000000000000000",
        bank_name="样例银行样例支行",
        object_by=date(2026, 6, 19),
    )


def _instalments() -> InstalmentNotice:
    return InstalmentNotice(
        **_about(9, date(2026, 5, 6)),
        recovery_number="ZH2026000003",
        part=_STAY,
        amount=fen("400"),
        instalments=(
            AgreedInstalment(date(2026, 5, 31), fen("150")),
            AgreedInstalment(date(2026, 6, 30), fen("150")),
            AgreedInstalment(date(2026, 7, 31), fen("100")),
        ),
        account_holder="样例职工互助保障专户",
        account="2200000000000000000",
        bank_name="样例银行样例支行",
    )


def _renewal() -> RenewalNotice:
    return RenewalNotice(
        office=Sender(_OFFICE.name, "办理中如有疑问，请与样例职工互助保障办公室联系"),
        number="互助续保〔2026〕12号",
        issued_on=date(2026, 11, 1),
        unit_name=_UNIT,
        plan_name=_MAIN.name,
        plan_cited=_MAIN.cited,
        cover_from=_YEAR[0],
        cover_to=_YEAR[1],
        days_left=60,
        members=186,
        renewed=0,
        leavers=4,
        over_age=3,
        going_on=179,
        age_most=60,
        next_from=date(2027, 1, 1),
        fee=fen("110"),
        subsidy=fen("30"),
        rest=fen("80"),
        due=fen("14320"),
        account=FeeAccount("样例职工互助保障专户", "2200000000000000000", "样例银行样例支行"),
        phone="0431-00000000",
        term_years=1,
        gapless_by=_YEAR[1],
        unbroken_by=date(2027, 1, 29),
    )


def _confirmation() -> CoverConfirmation:
    return CoverConfirmation(
        office=_OFFICE,
        number="BM2026000007",
        issued_on=date(2026, 1, 1),
        unit_name=_UNIT,
        unit_code="",
        plan_name=_MAIN.name,
        plan_cited=_MAIN.cited,
        cover_from=_YEAR[0],
        cover_to=_YEAR[1],
        members=186,
        shares=186,
        own_part=fen("14880"),
        subsidy=fen("5580"),
        whole=fen("20460"),
        served_since=date(2025, 1, 1),
    )


def _subsidies() -> SubsidyStatement:
    return SubsidyStatement(
        office=_OFFICE,
        number="2026年第一季度",
        issued_on=date(2026, 4, 1),
        first_day=date(2026, 1, 1),
        last_day=date(2026, 3, 31),
        lines=(SubsidyLine(_UNIT, 186, fen("5580")), SubsidyLine("样例研究院", 42, fen("1260"))),
        heads=228,
        total=fen("6840"),
    )
