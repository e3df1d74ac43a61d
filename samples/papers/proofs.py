"""Papers of bureaus and appraisers: disability appraisal, death certificate, household cancellation, kinship."""

from random import Random

from samples.case import Case
from samples.sheet import Box, Sheet
from samples.stamp import press
from samples.words import Wording


def disability_appraisal(case: Case, rng: Random) -> Sheet:
    sheet, wording, person = Sheet(face=rng.choice(("song", "serif"))), Wording(rng), case.person
    office = rng.choice(("吉林样例司法鉴定中心", "长春虚构司法鉴定所", case.stay.hospital.name))
    appraised = case.applied_on
    sheet.title(120, office, 40, "bold")
    sheet.title(185, rng.choice(("司法鉴定意见书", "伤残等级鉴定意见书", "劳动能力伤残鉴定书")), 40)
    number = f"{appraised.year}临鉴字第{rng.randrange(100, 999)}号"
    sheet.text(1130, 260, f"〔{number}〕", 24, anchor="ra")
    grade = "一二三四五六七八九十"[case.grade - 1]
    y = 320
    for name, words in (
        ("委托人", case.unit_name),
        ("被鉴定人", f"{person.name}，{person.sex}，{wording.day(person.born_on)}出生"),
        ("身份证号", person.id_number),
        ("受伤日期", wording.day(case.stay.admitted_on)),
        ("鉴定事项", "伤残等级评定"),
        ("鉴定日期", wording.day(appraised)),
        (
            "基本案情",
            f"{wording.day(case.stay.admitted_on)}，被鉴定人因意外受伤，在{case.stay.hospital.name}住院治疗，诊断为{case.stay.diagnoses[0].text}。",
        ),
        ("鉴定标准", "《人身保险伤残评定标准》（JR/T 0083-2013）"),
        (
            "鉴定意见",
            f"被鉴定人{person.name}之损伤评定为{rng.choice((grade + '级', f'{case.grade}级'))}伤残。",
        ),
    ):
        sheet.text(110, y, wording.label(name, ""), 27, "bold")
        y = sheet.paragraph(280, y, 850, words, 27) + 26
    sheet.text(560, y + 60, f"司法鉴定人：{case.stay.doctor}", 26)
    sheet.text(560, y + 120, wording.day(appraised), 26)
    press(sheet, 860, y + 110, office, rng, "鉴定专用章")
    sheet.made_up(rng)
    return sheet


def death_certificate(case: Case, rng: Random) -> Sheet:
    sheet, wording, person, stay = (
        Sheet(face=rng.choice(("song", "hei"))),
        Wording(rng),
        case.person,
        case.stay,
    )
    heir, died = case.payee, stay.discharged_on
    sheet.title(100, "居民死亡医学证明（推断）书", 42, "bold")
    sheet.text(90, 190, f"编号：{rng.randrange(10**9, 10**10)}", 22)
    y = sheet.row(
        230,
        64,
        [
            Box(1.3, "死者姓名"),
            Box(1.6, person.name),
            Box(0.8, "性别"),
            Box(0.8, person.sex),
            Box(0.8, "民族"),
            Box(1, person.nation),
            Box(1.3, "婚姻状况"),
            Box(1, "已婚"),
        ],
        22,
    )
    y = sheet.row(
        y,
        64,
        [
            Box(1.6, "有效身份证件类别"),
            Box(1.2, "身份证"),
            Box(1, "证件号码"),
            Box(2.6, person.id_number),
            Box(0.7, "年龄"),
            Box(0.7, str(person.age_on(died))),
        ],
        22,
    )
    y = sheet.row(
        y,
        64,
        [
            Box(1.3, "出生日期"),
            Box(2, wording.day(person.born_on)),
            Box(1.3, "死亡日期"),
            Box(2.6, wording.day(died) + wording.hour()),
        ],
        22,
    )
    y = sheet.row(
        y,
        64,
        [
            Box(1.3, "死亡地点"),
            Box(2.5, rng.choice(("医疗卫生机构", "来院途中", "其他场所"))),
            Box(1.3, "生前工作单位"),
            Box(2.5, case.unit_name),
        ],
        22,
    )
    y = sheet.row(y, 84, [Box(1.3, "常住地址"), Box(6.3, person.address, align="left")], 22)
    y = sheet.row(
        y,
        64,
        [
            Box(1.3, "家属姓名"),
            Box(1.6, heir.name),
            Box(1.3, "联系电话"),
            Box(2, heir.phone),
            Box(1.2, "与死者关系"),
            Box(1, case.kinship),
        ],
        22,
    )
    y = sheet.row(y, 52, [Box(5, "致死的主要疾病诊断"), Box(1.6, "发病至死亡间隔")], 22)
    for mark, words in (
        ("Ⅰ.(a) 直接死亡原因", stay.diagnoses[0].text),
        ("(b) 引起(a)的疾病或情况", case.how),
        ("(c) 引起(b)的疾病或情况", ""),
    ):
        y = sheet.row(
            y,
            64,
            [
                Box(2, mark, align="left"),
                Box(3, words),
                Box(1.6, rng.choice(("3小时", "1天")) if words else ""),
            ],
            22,
        )
    sheet.text(100, y + 40, f"医师签名：{stay.doctor}", 24)
    sheet.text(480, y + 40, "医疗卫生机构盖章：", 24)
    sheet.text(100, y + 110, f"填表日期：{wording.day(died)}", 24)
    press(sheet, 800, y + 100, stay.hospital.name, rng, "死亡证明专用章")
    sheet.text(90, 1600, "注：此证由家属保存，作为办理户籍注销、殡葬等手续的凭证。", 21)
    sheet.made_up(rng)
    return sheet


def household_cancellation(case: Case, rng: Random) -> Sheet:
    sheet, wording, person = (
        Sheet((1240, rng.choice((877, 1754))), face="song"),
        Wording(rng),
        case.person,
    )
    bureau = "长春市公安局样例派出所"
    sheet.title(
        110, rng.choice(("户口注销证明", "居民死亡户口注销证明", "注销户口证明")), 46, "bold"
    )
    words = (
        f"    兹证明{person.name}，{person.sex}，{person.nation}族，{wording.day(person.born_on)}出生，公民身份号码：{person.id_number}，"
        f"户籍地址：{person.address}，因死亡已于{wording.day(case.applied_on)}在我所办理户口注销登记。"
    )
    y = sheet.paragraph(140, 240, 960, words, 30, leading=1.8)
    y = sheet.paragraph(140, y + 10, 960, "    特此证明。", 30)
    sheet.text(680, y + 80, bureau, 28)
    sheet.text(740, y + 140, wording.day(case.applied_on), 28)
    press(sheet, 860, y + 110, bureau, rng, "户口专用章")
    sheet.made_up(rng)
    return sheet


def relationship_proof(case: Case, rng: Random) -> Sheet:
    sheet, wording, person, heir = (
        Sheet(face=rng.choice(("song", "kai"))),
        Wording(rng),
        case.person,
        case.payee,
    )
    office = rng.choice(
        (case.unit_name, "长春市朝阳区样例社区居民委员会", "长春市公安局样例派出所")
    )
    sheet.title(160, rng.choice(("亲属关系证明", "关系证明", "亲属关系证明书")), 48, "bold")
    words = (
        f"    兹证明{person.name}（{person.sex}，身份证号：{person.id_number}）与{heir.name}（{heir.sex}，身份证号：{heir.id_number}）"
        f"系{case.kinship}关系。{heir.name}为{person.name}的法定继承人。"
    )
    y = sheet.paragraph(140, 320, 960, words, 31, leading=1.8)
    y = sheet.paragraph(140, y + 20, 960, "    情况属实，特此证明。", 31)
    sheet.text(640, y + 120, office, 29)
    sheet.text(720, y + 180, wording.day(case.applied_on), 29)
    press(sheet, 860, y + 150, office, rng)
    sheet.made_up(rng)
    return sheet
