"""Each illness of the plans' lists: with its proof from papers to money, without it asked for."""

from collections.abc import Iterator
from itertools import count, product

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import User
from models.people import Role
from models.states import ClaimState
from rules.illnesses import Illness, lists
from tests.desk import HOSPITAL, Desk, Person, a_card_number, a_page, an_id_number
from tests.workflows.claims.test_accident import certificate
from tests.workflows.claims.test_illness import TICKED
from workflows.claims.acts import told_events

DAY = "2026-05-01"
IN_MAY = {"admitted": DAY, "discharged": "2026-05-11"}
PATHOLOGY = a_page(Kind.PATHOLOGY_REPORT, HOSPITAL, "病理诊断报告", f"报告日期:{DAY}")
OPERATION = a_page(Kind.OPERATION_RECORD, HOSPITAL, "手术记录")
ECG = a_page(Kind.TEST_REPORT, HOSPITAL, "心电图报告单")
PROOFS: dict[str, tuple[PageReading, ...]] = {
    "pathology": (PATHOLOGY,),
    "heart_test": (ECG, a_page(Kind.TEST_REPORT, HOSPITAL, "检验报告单", "肌钙蛋白I 12")),
    "operation": (OPERATION,),
    "dialysis": (a_page(Kind.DIALYSIS_RECORD, HOSPITAL, "血液透析治疗记录单"),),
    "brain_image": (a_page(Kind.TEST_REPORT, HOSPITAL, "头颅CT检查报告单"),),
    "palsy_image": (a_page(Kind.TEST_REPORT, HOSPITAL, "胸椎CT检查报告单", "脊髓受压"),),
    "brain_operation": (OPERATION,),
    "nerve_test": (a_page(Kind.TEST_REPORT, HOSPITAL, "肌电图检查报告单"),),
    "marrow": (a_page(Kind.PATHOLOGY_REPORT, HOSPITAL, "骨髓细胞学检查报告", f"报告日期:{DAY}"),),
    "limb_loss": (a_page(Kind.TEST_REPORT, HOSPITAL, "双下肢X线检查报告单"),),
    "burn_record": (),
}
SAYS = {
    "acute_myocardial_infarction": "急性下壁心肌梗死",
    "coronary_bypass": "冠状动脉搭桥术后",
    "malignant_tumour": "胃恶性肿瘤",
    "chronic_renal_failure": "慢性肾衰竭尿毒症期",
    "organ_transplant": "肾移植术后",
    "leukaemia": "急性髓系白血病",
    "intracranial_tumour_surgery": "脑膜瘤切除术后",
    "paralysis": "截瘫",
    "stroke": "脑出血",
    "limb_loss": "双下肢缺失",
    "motor_neurone_disease": "肌萎缩侧索硬化",
    "severe_burns": "大面积烧伤",
    "heart_valve_surgery": "二尖瓣置换术后",
    "aortic_surgery": "主动脉夹层支架置入",
    "aplastic_anaemia": "重型再生障碍性贫血",
    "breast_cancer": "左乳腺癌",
    "vulvar_cancer": "外阴癌",
    "vaginal_cancer": "阴道癌",
    "cervical_cancer": "宫颈癌",
    "uterine_cancer": "子宫内膜癌",
    "ovarian_cancer": "卵巢癌",
    "fallopian_tube_cancer": "输卵管癌",
    "choriocarcinoma": "绒毛膜癌",
}
NAMES = (f"{family}{given}" for family, given in product("王李刘陈杨赵", "丽敏静艳娟霞玲芳"))
BY_ACCIDENT = ("MAY_ALSO_CLAIM", "accident")
OF_WOMEN = count(2, 2)
PLANS = {"fifteen": "main-2020", "women_eight": "women-changchun"}


def the_illnesses() -> Iterator[tuple[str, Illness]]:
    return ((PLANS[name], each) for name, found in lists().items() for each in found.values())


def handed_in(
    desk: Desk,
    plan: str,
    illness: Illness,
    *proof: PageReading,
    without: tuple[Kind, ...] = (),
) -> int:
    woman = Person(next(NAMES), an_id_number("19850317", sequence=next(OF_WOMEN)), a_card_number())
    more = (certificate(SAYS[illness.code]), *proof)
    person = desk.member(on_roster=woman, plan=plan)
    told = {"diagnosis": SAYS[illness.code], "more": more, "without": without, **IN_MAY}
    return desk.claim(person, TICKED, **told)


def name_it(desk: Desk, clerk: User, claim_id: int, illness: Illness) -> None:
    told: dict[str, object] = {"kind": "critical_illness", "illness": illness.code}
    told |= {"diagnosed_on": DAY, "first_diagnosis": True}
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, told, reason="已核对材料")


@pytest.mark.timeout(300)
def test_every_illness_is_paid_by_its_proof_and_asked_for_without(desk: Desk) -> None:
    clerk = desk.user(Role.CLERK)
    proved, bare = {}, {}
    for plan, illness in the_illnesses():
        proved[handed_in(desk, plan, illness, *PROOFS[illness.proof])] = illness
        # The record of the stay proves a burn.
        without = () if PROOFS[illness.proof] else (Kind.DISCHARGE_RECORD,)
        bare[handed_in(desk, plan, illness, without=without)] = illness
    desk.work()
    for claim_id, illness in bare.items():
        assert ("MISSING_PAPER", illness.proof) in desk.open_findings(claim_id), illness.code
        assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    for claim_id, illness in proved.items():
        offered = {BY_ACCIDENT} if illness.code == "severe_burns" else set()
        assert desk.open_findings(claim_id) == offered, illness.code
        if offered:
            desk.waive(clerk, claim_id, "不按意外申请")
        name_it(desk, clerk, claim_id, illness)
    desk.work()
    for claim_id, illness in proved.items():
        paid = {part.amount for part in desk.decision(claim_id).parts}
        assert 10_000_00 in paid, illness.code
        assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert desk.approve_all().count == len(proved) == len(SAYS)


def test_an_ecg_proves_no_lost_limb_and_no_palsy(desk: Desk) -> None:
    illnesses = lists()["fifteen"]
    for code in ("limb_loss", "paralysis"):
        claim_id = handed_in(desk, "main-2020", illnesses[code], ECG)
        desk.work()
        proof = illnesses[code].proof
        assert desk.open_findings(claim_id) == {("MISSING_PAPER", proof)}
