"""Papers of bureaus and appraisers that prove a disability, a death or a kinship."""

from random import Random

from samples.case import Case
from samples.form import SERIFS, FormSheet
from samples.sheet import Sheet
from samples.stamp import press

STATION = "长春市公安局样例派出所"
DEATH_ROWS = """
64 | 1.3 死者姓名 | 1.6 {name} | .8 性别 | .8 {sex} | .8 民族 | 1 {nation}族 | .8 婚姻 | 1 已婚
64 | 1.9 有效身份证件类别 | 1 身份证 | 1 证件号码 | 2.6 {id} | .7 年龄 | .7 {age}
64 | 1.3 出生日期 | 2 {born} | 1.3 死亡日期 | 2.6 {discharged}{hour}
64 | 1.3 死亡地点 | 2 医疗卫生机构 | 1.6 生前工作单位 | 3 {unit}
84 | 1.3 常住地址 | 6.3< {address}
64 | 1.3 家属姓名 | 1.6 {payee} | 1 电话 | 2 {payee_phone} | 1.5 与死者关系 | 1.2 {kinship}
52 | 5 致死的主要疾病诊断 | 1.8 发病至死亡间隔
64 | 2.4< Ⅰ.(a) 直接死亡原因 | 2.6 {first} | 1.8 1天
64 | 2.4< (b) 引起(a)的情况 | 2.6 {how} | 1.8 1天
64 | 2.4< (c) 引起(b)的情况 | 2.6 | 1.8
"""


def disability_appraisal(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng)
    office = rng.choice(("吉林样例司法鉴定中心", "长春虚构司法鉴定所", case.stay.hospital.name))
    form.title(120, office, 40, "bold")
    form.heading(185, "司法鉴定意见书", "伤残等级鉴定意见书", "伤残鉴定书", size=40)
    year, number = case.applied_on.year, rng.randrange(100, 999)
    form.say(1130, 260, f"{year}临鉴字第{number}号", end="r")
    grade = rng.choice(("一二三四五六七八九十"[case.grade - 1], str(case.grade)))
    y = 320
    for name, words in (
        ("委托人", "{unit}"),
        ("被鉴定人", "{name}，{sex}，{born}出生"),
        ("身份证号", "{id}"),
        ("受伤日期", "{admitted}"),
        ("鉴定事项", "伤残等级评定"),
        ("鉴定日期", "{applied}"),
        ("基本案情", "被鉴定人于{admitted}因意外受伤，在{hospital}住院治疗，诊断为{first}。"),
        ("鉴定标准", "《人身保险伤残评定标准》（JR/T 0083-2013）"),
        ("鉴定意见", f"被鉴定人{{name}}之损伤评定为{grade}级伤残。"),
    ):
        form.say(110, y, f"{name}：", 27, "bold")
        y = form.paragraph(280, y, 850, form.filled(words), 27) + 26
    form.say(560, y + 60, "司法鉴定人：{doctor}", 26)
    form.say(560, y + 120, "{applied}", 26)
    press(form, 860, y + 110, office, rng, "鉴定专用章")
    return form


def death_certificate(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, (*SERIFS, "hei"))
    form.title(100, "居民死亡医学证明（推断）书", face="bold")
    form.say(90, 190, "编号：{number}", 22)
    y = form.table(230, DEATH_ROWS, 22)
    form.say(100, y + 40, "医师签名：{doctor}          医疗卫生机构盖章：")
    form.say(100, y + 110, "填表日期：{discharged}")
    press(form, 800, y + 100, case.stay.hospital.name, rng, "死亡证明专用章")
    form.say(90, 1600, "注：此证由家属保存，作为办理户籍注销、殡葬等手续的凭证。", 21)
    return form


def household_cancellation(case: Case, rng: Random) -> Sheet:
    words = (
        "    兹证明{name}，{sex}，{nation}族，{born}出生，公民身份号码：{id}，"
        "户籍地址：{address}，因死亡已于{applied}在我所办理户口注销登记。"
    )
    form = FormSheet(case, rng, size=(1240, rng.choice((877, 1754))))
    form.heading(110, "户口注销证明", "居民死亡户口注销证明", "注销户口证明", size=46, face="bold")
    return _certified(form, 240, words, "    特此证明。", STATION)


def relationship_proof(case: Case, rng: Random) -> Sheet:
    words = (
        "    兹证明{name}（{sex}，身份证号：{id}）与{payee}（{payee_sex}，身份证号：{payee_id}）"
        "系{kinship}关系。{payee}为{name}的法定继承人。"
    )
    form = FormSheet(case, rng, (*SERIFS, "kai"))
    form.heading(160, "亲属关系证明", "关系证明", "亲属关系证明书", size=48, face="bold")
    office = rng.choice((case.unit_name, "长春市朝阳区样例社区居民委员会", STATION))
    return _certified(form, 320, words, "    情况属实，特此证明。", office)


def joint_statement(case: Case, rng: Random) -> Sheet:
    """All heirs say together who gets which share, on which account (R35)."""
    form = FormSheet(case, rng, (*SERIFS, "kai"))
    form.heading(130, "继承人共同声明", "全体继承人共同声明", size=46, face="bold")
    words = (
        "    我们是已故职工{name}（身份证号：{id}）的全体法定继承人。经协商一致，"
        "共同声明：{name}应得的互助金由下列继承人按份额领取，今后不再有异议。"
    )
    y = form.prose(260, words, 29, 130, 1.8)
    rows = "52 | 1.2 继承人 | 1.2 关系 | 3 身份证号 | 1 份额 | 3.4 领取账户"
    for heir in case.heirs:
        told = heir.person
        rows += f"\n64 | 1.2 {told.name} | 1.2 {heir.kinship} | 3 {told.id_number}"
        rows += f" | 1 {heir.share} | 3.4 {told.bank_name} {told.card_number}"
    y = form.table(y + 30, rows, 21)
    form.say(130, y + 60, "全体继承人签字：", 27)
    for at, heir in enumerate(case.heirs):
        form.by_hand(380 + 260 * at, y + 45, heir.person.name, 40, rng)
    form.say(720, y + 180, "{applied}", 28)
    return form


def _certified(form: FormSheet, y: int, words: str, closing: str, office: str) -> Sheet:
    """A short letter that certifies something, with the office, the day and the stamp under it."""
    y = form.prose(y, words, 30, 140, 1.8)
    y = form.prose(y + 20, closing, 30, 140)
    form.say(640, y + 80, office, 28)
    form.say(720, y + 140, "{applied}", 28)
    press(form, 860, y + 110, office, form.rng)
    return form
