"""What happened to one person; every paper of a packet is printed from it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from samples.hospitals import SampleHospital
from samples.people import SamplePerson


@dataclass(frozen=True)
class SampleDiagnosis:
    text: str
    icd: str


# The ward, the diagnoses made there, and the complaint of the patient.
Ailment = tuple[str, SampleDiagnosis, str]
WOMENS_WARDS = ("妇科", "乳腺外科")
ILLNESSES: tuple[Ailment, ...] = (
    ("呼吸内科", SampleDiagnosis("社区获得性肺炎", "J18.900"), "发热、咳嗽5天"),
    ("普通外科", SampleDiagnosis("急性阑尾炎", "K35.900"), "转移性右下腹痛1天"),
    ("心血管内科", SampleDiagnosis("冠状动脉粥样硬化性心脏病", "I25.100"), "间断胸闷1月，加重3天"),
    ("消化内科", SampleDiagnosis("结肠息肉", "K63.500"), "体检发现结肠息肉2周"),
    ("神经内科", SampleDiagnosis("腔隙性脑梗死", "I63.801"), "头晕伴左侧肢体麻木2天"),
    ("骨科", SampleDiagnosis("腰椎间盘突出症", "M51.202"), "腰痛伴右下肢放射痛半年"),
    ("内分泌科", SampleDiagnosis("2型糖尿病", "E11.900"), "口干、多饮3年，血糖控制不佳1周"),
    ("泌尿外科", SampleDiagnosis("输尿管结石", "N20.100"), "左侧腰腹部绞痛6小时"),
    ("肝胆外科", SampleDiagnosis("胆囊结石伴慢性胆囊炎", "K80.101"), "反复右上腹痛2年"),
    ("妇科", SampleDiagnosis("子宫平滑肌瘤", "D25.900"), "发现子宫肌瘤1年"),
    ("眼科", SampleDiagnosis("视网膜脱离", "H33.000"), "右眼视物模糊1周"),
    ("甲状腺外科", SampleDiagnosis("结节性甲状腺肿", "E04.902"), "发现颈部肿物3月"),
)
SECOND = (
    SampleDiagnosis("高血压病2级", "I10.x05"),
    SampleDiagnosis("高脂血症", "E78.500"),
    SampleDiagnosis("脂肪肝", "K76.000"),
    SampleDiagnosis("低钾血症", "E87.600"),
    SampleDiagnosis("慢性胃炎", "K29.500"),
)
TUMOURS: tuple[Ailment, ...] = (
    ("胃肠外科", SampleDiagnosis("胃窦恶性肿瘤", "C16.300"), "上腹部不适2月"),
    ("胸外科", SampleDiagnosis("右肺上叶恶性肿瘤", "C34.101"), "体检发现肺占位1周"),
    ("乳腺外科", SampleDiagnosis("左乳房恶性肿瘤", "C50.902"), "发现左乳肿物1月"),
    ("甲状腺外科", SampleDiagnosis("甲状腺恶性肿瘤", "C73.x00"), "发现颈部肿物3月"),
)
INJURIES: tuple[Ailment, ...] = (
    ("骨科", SampleDiagnosis("右胫腓骨骨折", "S82.201"), "摔伤致右小腿疼痛、活动受限3小时"),
    ("手外科", SampleDiagnosis("左手示指离断伤", "S68.101"), "机器绞伤左手2小时"),
)
HEART_ATTACK: Ailment = (
    "心血管内科",
    SampleDiagnosis("急性前壁心肌梗死", "I21.000"),
    "突发胸痛2小时",
)
BURN: Ailment = ("烧伤科", SampleDiagnosis("双手Ⅲ度烫伤6%", "T23.300"), "蒸汽烫伤双手1小时")
CHILDBIRTH: Ailment = ("产科", SampleDiagnosis("足月妊娠剖宫产分娩", "O82.900"), "停经39周")
FRACTURE: Ailment = (
    "骨科",
    SampleDiagnosis("右胫腓骨骨折", "S82.201"),
    "车祸致右小腿疼痛2小时",
)
FATAL: tuple[Ailment, ...] = (
    ("急诊科", SampleDiagnosis("重型颅脑损伤", "S06.200"), "摔伤致意识不清1小时"),
    ("重症医学科", SampleDiagnosis("失血性休克", "R57.100"), "高处坠落伤2小时"),
)


@dataclass(frozen=True)
class Stay:
    hospital: SampleHospital
    ward: str
    record_number: str
    bed: str
    doctor: str
    admitted_on: date
    discharged_on: date
    diagnoses: tuple[SampleDiagnosis, ...]
    complaint: str
    expense_fen: int
    fund_fen: int

    @property
    def days(self) -> int:
        return (self.discharged_on - self.admitted_on).days


@dataclass(frozen=True)
class SampleHeir:
    """Who is paid when the member has died: how the two are related, and the share."""

    person: SamplePerson
    kinship: str
    share: str = "1/1"


@dataclass(frozen=True)
class Case:
    person: SamplePerson
    unit_name: str
    stay: Stay
    applied_on: date
    benefit: str = "住院津贴"
    # Of a death: the heirs, and which of them the cards and proofs are about.
    heirs: tuple[SampleHeir, ...] = ()
    shown: int = 0
    # Of an accident: how it happened, and the grade of disability that stayed (1 to 10).
    how: str = ""
    grade: int = 10
    # What the police found at fault, and what a test report of this case shows.
    fault: str = "未保持安全车速"
    test: str = "ecg"

    @property
    def payee(self) -> SamplePerson:
        return self.heirs[self.shown].person if self.heirs else self.person

    @property
    def kinship(self) -> str:
        return self.heirs[self.shown].kinship if self.heirs else ""


def made_up_stay(
    rng: Random,
    person: SamplePerson,
    hospital: SampleHospital,
    admitted_on: date,
    days: int,
    illnesses: tuple[Ailment, ...],
) -> Stay:
    fitting = [one for one in illnesses if person.sex == "女" or one[0] not in WOMENS_WARDS]
    ward, first, complaint = rng.choice(fitting)
    others = tuple(rng.sample(SECOND, rng.randrange(3)))
    expense = rng.randrange(250_000, 400_000) + days * rng.randrange(60_000, 150_000)
    return Stay(
        hospital=hospital,
        ward=ward + rng.choice(("", "一病区", "二病区", "一疗区")),
        record_number=f"{rng.randrange(10**6, 10**8):08d}",
        bed=f"{rng.randrange(1, 60):02d}",
        doctor=rng.choice("尹姜金崔祝柳邢") + rng.choice(("维国", "晓东", "宏宇", "春艳", "立新")),
        admitted_on=admitted_on,
        discharged_on=admitted_on + timedelta(days=days),
        diagnoses=(first, *others),
        complaint=complaint,
        expense_fen=expense,
        fund_fen=expense * rng.randrange(40, 80) // 100,
    )
