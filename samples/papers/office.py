"""Papers around a claim: the cover sheet, the statement of the unit, and unrelated pages."""

from random import Random

from samples.case import Case
from samples.form import SANS, SERIFS, FormSheet
from samples.papers.bills import ITEMS, split
from samples.sheet import Sheet
from samples.stamp import press
from samples.wording import yuan

ENCLOSED = ("互助金申请表", "身份证复印件", "银行卡复印件", "出院记录", "医疗费用结算单", "其他")
# Name, the lower and the upper end of what is usual in tenths, unit.
TESTS = (
    ("白细胞计数", 35, 95, "10^9/L"),
    ("红细胞计数", 38, 51, "10^12/L"),
    ("血红蛋白", 1150, 1500, "g/L"),
    ("血小板计数", 1250, 3500, "10^9/L"),
    ("谷丙转氨酶", 70, 400, "U/L"),
    ("肌酐", 410, 810, "μmol/L"),
    ("空腹血糖", 39, 61, "mmol/L"),
)


def cover_sheet(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, (*SERIFS, "hei", "kai"))
    form.title(200, "中国职工保险互助会长春办事处", 38)
    form.heading(300, "案卷封面", "理赔案卷封面", "互助金申请材料封面", size=60, face="bold")
    rows = f"""
        80 | 2 单位名称 | 5 {{unit}}
        80 | 2 会员姓名 | 5 {{name}}
        80 | 2 申请项目 | 5 {{benefit}}
        80 | 2 交件日期 | 5 {{applied}}
        80 | 2 材料份数 | 5 共 {rng.randrange(5, 12)} 页
        """
    y = form.table(470, rows, 28, 200)
    listed = [f"{rng.choice('□√')} {place}. {name}" for place, name in enumerate(ENCLOSED, 1)]
    form.lines(y + 60, "\n".join(listed), 28, 60, 240)
    form.say(200, 1560, "经办人：{clerk}", 28)
    return form


def accident_statement(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, (*SERIFS, "kai"))
    form.heading(150, "意外事故情况说明", "意外伤害经过说明", "事故证明", size=48, face="bold")
    words = (
        "    我单位职工{name}，{sex}，身份证号{id}，于{admitted}{hour}许，{how}，造成{first}，"
        "当即送往{hospital}救治。现场有同事两人在场，未涉及第三方责任。"
    )
    y = form.prose(300, words, 30, 130, 1.8)
    y = form.prose(y + 20, "    以上情况属实，特此说明。", 30, 130)
    form.say(130, y + 80, "证明人：{clerk}    联系电话：0431-8000{bed}00", 27)
    form.say(640, y + 180, "{unit}", 28)
    form.say(740, y + 240, "{applied}", 28)
    press(form, 860, y + 210, case.unit_name, rng)
    return form


def police_finding(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng)
    form.title(120, "长春市公安局交通警察支队", 38, "bold")
    form.heading(180, "道路交通事故认定书", size=46, face="bold")
    form.say(1130, 260, f"第{case.applied_on.year}{rng.randrange(1000, 9999)}号", end="r")
    y = 330
    for name, words in (
        ("交通事故时间", "{admitted}{hour}"),
        ("交通事故地点", "长春市人民大街样例路口"),
        ("当事人", "{name}，{sex}，身份证号{id}，驾驶小型轿车"),
        ("道路交通事故形成原因", "{name}{fault}，车辆与路边护栏相撞，造成{name}受伤、车辆损坏。"),
        ("当事人的责任", "依据《中华人民共和国道路交通安全法》，{name}负全部责任。"),
    ):
        form.say(110, y, f"{name}：", 27, "bold")
        y = form.paragraph(130, y + 48, 980, form.filled(words), 27) + 20
    form.say(640, y + 80, "交通警察：{clerk}", 26)
    form.say(740, y + 140, "{applied}", 26)
    press(form, 860, y + 110, "长春市公安局交通警察支队", rng)
    return form


def other(case: Case, rng: Random) -> Sheet:
    return rng.choice((_laboratory_report, _cost_list, _doctors_orders))(case, rng)


def _laboratory_report(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, SANS, (1240, 877))
    form.title(40, f"{case.stay.hospital.name}检验报告单", 34)
    form.say(
        80, 105, "姓名：{name}   性别：{sex}   科室：{ward}   标本：血清   采集日期：{admitted}", 22
    )
    y = form.table(150, "44 | 3 检验项目 | 2 结果 | 1 提示 | 2 参考区间 | 1 单位", 21)
    for name, low, high, unit in TESTS:
        value = rng.randrange(int(low * 0.9), int(high * 1.2))
        mark = "↑" if value > high else "↓" if value < low else ""
        cells = f"3 {name} | 2 {value / 10} | 1 {mark} | 2 {low / 10}-{high / 10} | 1 {unit}"
        y = form.table(y, f"44 | {cells}", 21, line=0)
    form.say(80, 790, "检验者：{clerk}   审核者：{doctor}   本报告仅对所检标本负责", 20)
    return form


def _cost_list(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng)
    form.title(70, f"{case.stay.hospital.name}住院患者费用清单", 34, "bold")
    form.say(90, 140, "姓名：{name}   住院号：{record}   第 1 页 / 共 3 页", 23)
    part = case.stay.expense_fen // 3
    y = form.table(190, "44 | 3 项目名称 | 1 规格 | 1 数量 | 1 单价 | 1 金额", 21)
    for fen in split(part, 26, rng):
        name, count = rng.choice(ITEMS), rng.randrange(1, 9)
        cells = f"3 {name} | 1 次 | 1 {count} | 1 {yuan(fen // count)} | 1 {yuan(fen)}"
        y = form.table(y, f"42 | {cells}", 20)
    form.say(90, y + 30, f"本页小计：{yuan(part)}", 22)
    return form


def _doctors_orders(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng)
    form.title(80, case.stay.hospital.name, 38, "bold")
    form.title(140, "长期医嘱单", 34)
    form.say(90, 210, "姓名：{name}   科别：{ward}   床号：{bed}   住院号：{record}", 23)
    orders = (
        "内科护理常规",
        "二级护理",
        "低盐低脂饮食",
        "测血压 每日两次",
        "0.9%氯化钠注射液 100ml 静脉滴注",
        "阿司匹林肠溶片 100mg 口服",
    )
    rows = [f"50 | 2 {{admitted}} | 5< {order} | 1.2 {{doctor}} | 1.2" for order in orders]
    form.table(260, "\n".join(["50 | 2 开始时间 | 5 医嘱内容 | 1.2 医师 | 1.2 护士", *rows]), 22)
    return form
