"""Papers around a claim: the cover sheet, the unit's statement of an accident, and pages that nobody asked for."""

from random import Random

from samples.case import Case
from samples.papers.bills import ITEMS, split
from samples.sheet import Box, Sheet
from samples.stamp import press
from samples.words import Wording, yuan

ENCLOSED = ("互助金申请表", "身份证复印件", "银行卡复印件", "出院记录", "医疗费用结算单", "其他")


def cover_sheet(case: Case, rng: Random) -> Sheet:
    sheet, wording = Sheet(face=rng.choice(("song", "hei", "kai"))), Wording(rng)
    sheet.title(200, "中国职工保险互助会长春办事处", 38)
    sheet.title(300, rng.choice(("案卷封面", "理赔案卷封面", "互助金申请材料封面")), 60, "bold")
    y = 470
    for name, words in (
        ("单位名称", case.unit_name),
        ("会员姓名", case.person.name),
        ("申请项目", case.benefit),
        ("交件日期", wording.day(case.applied_on)),
        ("材料份数", f"共 {rng.randrange(5, 12)} 页"),
    ):
        y = sheet.row(y, 80, [Box(2, name), Box(5, words)], 28, x=200)
    y += 60
    for place, name in enumerate(ENCLOSED, 1):
        sheet.text(240, y, f"{rng.choice('□√')} {place}. {name}", 28)
        y += 60
    sheet.text(200, 1560, f"经办人：{rng.choice('柳姜尹')}{rng.choice(('春艳', '晓东'))}", 28)
    sheet.made_up(rng)
    return sheet


def accident_statement(case: Case, rng: Random) -> Sheet:
    sheet, wording, person, stay = (
        Sheet(face=rng.choice(("song", "kai"))),
        Wording(rng),
        case.person,
        case.stay,
    )
    sheet.title(150, rng.choice(("意外事故情况说明", "意外伤害经过说明", "事故证明")), 48, "bold")
    words = (
        f"    我单位职工{person.name}，{person.sex}，身份证号{person.id_number}，于{wording.day(stay.admitted_on)}{wording.hour()}许，"
        f"{case.how}，造成{stay.diagnoses[0].text}，当即送往{stay.hospital.name}救治。现场有同事两人在场，未涉及第三方责任。"
    )
    y = sheet.paragraph(130, 300, 980, words, 30, leading=1.8)
    y = sheet.paragraph(130, y + 20, 980, "    以上情况属实，特此说明。", 30)
    sheet.text(
        130,
        y + 80,
        f"证明人：{rng.choice('邢祝崔')}{rng.choice(('立新', '宏宇'))}    联系电话：{rng.randrange(13000000000, 13999999999)}",
        27,
    )
    sheet.text(640, y + 180, case.unit_name, 28)
    sheet.text(740, y + 240, wording.day(case.applied_on), 28)
    press(sheet, 860, y + 210, case.unit_name, rng)
    sheet.made_up(rng)
    return sheet


def other(case: Case, rng: Random) -> Sheet:
    return rng.choice((_laboratory_report, _cost_list, _doctors_orders))(case, rng)


def _laboratory_report(case: Case, rng: Random) -> Sheet:
    sheet, stay, person = Sheet((1240, 877), face="hei"), case.stay, case.person
    sheet.title(40, f"{stay.hospital.name}检验报告单", 34)
    sheet.text(
        80,
        105,
        f"姓名：{person.name}   性别：{person.sex}   科室：{stay.ward}   标本：血清   采集时间：{stay.admitted_on} 06:{rng.randrange(10, 60)}",
        22,
    )
    y = sheet.row(
        150,
        44,
        [Box(3, "检验项目"), Box(2, "结果"), Box(1, "提示"), Box(2, "参考区间"), Box(1, "单位")],
        21,
    )
    for name, low, high, unit in (
        ("白细胞计数", 35, 95, "10^9/L"),
        ("红细胞计数", 38, 51, "10^12/L"),
        ("血红蛋白", 1150, 1500, "g/L"),
        ("血小板计数", 1250, 3500, "10^9/L"),
        ("谷丙转氨酶", 70, 400, "U/L"),
        ("肌酐", 410, 810, "μmol/L"),
        ("空腹血糖", 39, 61, "mmol/L"),
    ):
        value = rng.randrange(int(low * 0.9), int(high * 1.2))
        mark = "↑" if value > high else "↓" if value < low else ""
        y = sheet.row(
            y,
            44,
            [
                Box(3, name),
                Box(2, f"{value / 10}"),
                Box(1, mark),
                Box(2, f"{low / 10}-{high / 10}"),
                Box(1, unit),
            ],
            21,
            line=0,
        )
    sheet.text(80, 790, "检验者：0377   审核者：0214   本报告仅对所检标本负责", 20)
    sheet.made_up(rng)
    return sheet


def _cost_list(case: Case, rng: Random) -> Sheet:
    sheet, stay = Sheet(face=rng.choice(("song", "serif"))), case.stay
    sheet.title(70, f"{stay.hospital.name}住院患者费用清单", 34, "bold")
    sheet.text(
        90, 140, f"姓名：{case.person.name}   住院号：{stay.record_number}   第 1 页 / 共 3 页", 23
    )
    y = sheet.row(
        190,
        44,
        [Box(3, "项目名称"), Box(1, "规格"), Box(1, "数量"), Box(1, "单价"), Box(1, "金额")],
        21,
    )
    for fen in split(stay.expense_fen // 3, 26, rng):
        count = rng.randrange(1, 9)
        y = sheet.row(
            y,
            42,
            [
                Box(3, rng.choice(ITEMS)),
                Box(1, "次"),
                Box(1, str(count)),
                Box(1, yuan(fen // count)),
                Box(1, yuan(fen)),
            ],
            20,
        )
    sheet.text(90, y + 30, f"本页小计：{yuan(stay.expense_fen // 3)}", 22)
    sheet.made_up(rng)
    return sheet


def _doctors_orders(case: Case, rng: Random) -> Sheet:
    sheet, stay, wording = Sheet(face=rng.choice(("song", "serif"))), case.stay, Wording(rng)
    sheet.title(80, f"{stay.hospital.name}", 38, "bold")
    sheet.title(140, "长期医嘱单", 34)
    sheet.text(
        90,
        210,
        f"姓名：{case.person.name}   科别：{stay.ward}   床号：{stay.bed}   住院号：{stay.record_number}",
        23,
    )
    y = sheet.row(
        260, 50, [Box(2, "开始时间"), Box(5, "医嘱内容"), Box(1.2, "医师"), Box(1.2, "护士")], 22
    )
    orders = (
        "内科护理常规",
        "二级护理",
        "低盐低脂饮食",
        "测血压 每日两次",
        "0.9%氯化钠注射液 100ml 静脉滴注",
        "阿司匹林肠溶片 100mg 口服",
        "吸氧 必要时",
    )
    for words in orders:
        y = sheet.row(
            y,
            50,
            [
                Box(2, wording.day(stay.admitted_on)),
                Box(5, words, align="left"),
                Box(1.2, stay.doctor[0]),
                Box(1.2),
            ],
            22,
            rng=rng,
        )
    sheet.made_up(rng)
    return sheet
