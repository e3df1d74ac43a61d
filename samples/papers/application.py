"""The application form, in the layouts that different offices hand out."""

from random import Random

from samples.case import Case
from samples.form import SANS, FormSheet
from samples.sheet import Sheet
from samples.stamp import press

TITLE = "职工互助保障互助金申请表"
TITLES = (
    TITLE,
    "职工互助保障互助金给付申请书",
    "互助金领取申请表",
    "住院津贴互助金申请审批表",
)
PROMISE = (
    "本人承诺以上所填内容及所附材料真实、准确、完整，如有虚假，"
    "愿承担相应责任，并退回已领取的互助金。"
)


def application_form(case: Case, rng: Random) -> Sheet:
    layouts = (_pairs, _sections, _underlined, _one_a_row)
    if case.benefit != "住院津贴" and not case.heirs:
        layouts = (_pairs, _one_a_row, _pairs, _one_a_row)  # those with boxes to tick
    return rng.choice(layouts)(case, rng)


def _pairs(case: Case, rng: Random) -> Sheet:
    """Two pairs of label and value in each row."""
    form = FormSheet(case, rng)
    form.heading(120, *TITLES, "在职职工住院津贴综合互助保障计划互助金申请表", size=36, face="bold")
    form.say(90, 205, "单位（盖章）：")
    form.say(1150, 205, "申请日期：{applied}", end="r")
    branch = rng.choice(("长春分行", "长春南湖支行", "", "长春人民广场支行"))
    y = form.table(
        250,
        f"""
        84 | 1.3 姓名 | 3.2* {{name}} | 1.3 性别 | 3.0* {{sex}}
        84 | 1.3 身份证号 | 3.2* {{id}} | 1.3 联系电话 | 3.0* {{phone}}
        84 | 1.3 工作单位 | 3.2* {{unit}} | 1.3 用工性质 | 3.0* 正式
        84 | 1.3 开户行 | 3.2* {{bank}}{branch} | 1.3 银行卡号 | 3.0* {{card}}
        84 | 1.3 就诊医院 | 3.2* {{hospital}} | 1.3 {{days_label}} | 3.0* {{days_worded}}
        84 | 1.3 {{in_label}} | 3.2* {{admitted}} | 1.3 {{out_label}} | 3.0* {{discharged}}
        100 | 1.3 疾病诊断 | 7.5*< {{illness}}
        70 | 1.3 申请项目 | 7.5< {_ticks(case.benefit)}
        """,
    )
    form.table(y, "220 | 1.3 申请人承诺 | 7.5")
    form.paragraph(330, y + 25, 780, PROMISE, 23)
    _sign(form, 640, y + 160)
    end = form.table(y + 220, "260 | 1.3 单位工会意见 | 3.1 | 1.3 办事处审核意见 | 3.1")
    form.say(320, y + 250, "情况属实，同意申报。", face="kai")
    form.say(320, end - 50, "{applied}")
    press(form, 480, end - 130, case.unit_name, rng)
    form.say(90, end + 30, "注：本表一式两份，附身份证、银行卡复印件及出院记录等材料。", 20)
    return form


def _sections(case: Case, rng: Random) -> Sheet:
    """Sections with headings: member, event, account. Some have a small box for each digit."""
    form = FormSheet(case, rng, SANS)
    form.title(90, "中国职工保险互助会长春办事处", 30)
    form.heading(140, *TITLES, face="bold")
    form.say(1150, 215, "编号：{number}", 22, end="r")
    number, card = rng.choice((("#", "#"), ("*", "*"), ("*", "*"), ("", "")))
    shown = "{card}" if card == "#" or rng.random() < 0.5 else "{card_in_fours}"
    y = form.table(
        250,
        f"""
        50 | 1< 一、会员信息
        70 | 2 会员姓名 | 2.4* {{name}} | 1 性别 | 1* {{sex}} | 1 年龄 | 1.2* {{age}}
        70 | 2 身份证号码 | 6.6{number} {{id}}
        70 | 2 所在单位 | 3.6* {{unit}} | 1.2 手机号 | 1.8* {{phone}}
        50 | 1< 二、出险情况
        70 | 2 治疗医院 | 6.6* {{hospital}}
        70 | 2 住院时间 | 6.6* 自 {{admitted}} 至 {{discharged}}，共 {{days}} 天
        100 | 2 出院诊断 | 6.6*< {{illness}}
        50 | 1< 三、收款账户（会员本人）
        70 | 2 户名 | 2.4* {{payee}} | 1.4 开户银行 | 2.8* {{bank}}
        70 | 2 银行账号 | 6.6{card} {shown}
        50 | 1< 四、申请人声明
        """,
    )
    form.table(y, "200 | 1")
    form.paragraph(110, y + 20, 1010, PROMISE, 23)
    _sign(form, 600, y + 145)
    end = form.table(y + 200, "250 | 1 | 1")
    form.say(110, y + 220, "基层工会意见（盖章）：", 23)
    form.say(650, y + 220, "互助会意见（盖章）：", 23)
    form.say(330, end - 45, "{applied}", 22)
    press(form, 420, end - 125, case.unit_name, rng)
    return form


def _underlined(case: Case, rng: Random) -> Sheet:
    """A letter-like form with words over rules."""
    form = FormSheet(case, rng)
    form.title(150, TITLE, 46, "bold")
    lines = (
        (("申请人姓名", "{name}", 240), ("性别", "{sex}", 90), ("联系电话", "{phone}", 260)),
        (("身份证号码", "{id}", 460),),
        (("工作单位", "{unit}", 640),),
        (("就诊医院", "{hospital}", 520), ("科室", "{ward}", 260)),
        (("{in_label}", "{admitted}", 300), ("{out_label}", "{discharged}", 300)),
        (("住院天数", "{days_worded}", 160),),
        (("疾病诊断", "{illness}", 800),),
        (("开户行", "{bank}", 420),),
        (("银行卡号", "{card}", 560),),
    )
    y = 290
    for line in lines:
        _blanks(form, y, line)
        y += 82
    y = form.prose(y + 20, "    " + PROMISE, 26, 120)
    _sign(form, 640, y + 30)
    form.say(120, y + 190, "单位工会（盖章）：", 27)
    form.say(420, y + 330, "{applied}", 25)
    press(form, 480, y + 250, case.unit_name, rng)
    return form


def _blanks(form: FormSheet, y: int, blanks: tuple[tuple[str, str, int], ...]) -> None:
    x = 120
    for label, value, room in blanks:
        x = form.say(x, y, f"{label}：", 27) + 6
        if form.by_pen:
            form.by_hand(x + 10, y - 4, form.filled(value), 30, form.rng)
        else:
            form.say(x + 10, y, value, 27, "kai")
        form.rule(y + 38, x, x + room, 1)
        x += room + 20


def _one_a_row(case: Case, rng: Random) -> Sheet:
    """One label and one value in each row, the labels spread out as typists do."""
    form = FormSheet(case, rng, (*SANS, "song"))
    form.heading(110, *TITLES, size=40)
    rows = """
        62 | 1 姓    名 | 3* {name}
        62 | 1 性    别 | 3* {sex}
        62 | 1 身份证号 | 3* {id}
        62 | 1 单    位 | 3* {unit}
        62 | 1 电    话 | 3* {phone}
        62 | 1 住院医院 | 3* {hospital}
        62 | 1 入院日期 | 3* {admitted}
        62 | 1 出院日期 | 3* {discharged}
        62 | 1 住院天数 | 3* {days_worded}
        90 | 1 疾病名称 | 3* {illness}
        62 | 1 户    名 | 3* {payee}
        62 | 1 开户银行 | 3* {bank}
        62 | 1 卡    号 | 3* {card_in_fours}
        """
    y = form.table(190, rows, 25, 140)
    form.say(140, y + 20, _ticks(case.benefit), 23)
    y = form.prose(y + 70, PROMISE, 22, 140)
    _sign(form, 560, y + 30)
    form.say(140, y + 120, "单位工会审核意见：经审核，情况属实。", 25)
    form.say(760, y + 320, "（公章）  {applied}", 23)
    press(form, 860, y + 250, case.unit_name, rng)
    return form


def _sign(form: FormSheet, x: int, y: int) -> None:
    right = form.say(x, y, form.rng.choice(("申请人签字：", "申请人（签名）：", "本人签字：")))
    form.by_hand(right + 10, y - 12, form.case.payee.name, 38, form.rng)
    form.say(right + 190, y, "{applied}", 22)


def _ticks(chosen: str) -> str:
    names = ("住院津贴", "重大疾病", "意外伤害")
    ticked = chosen.split("、")
    return "　".join(("√" if name in ticked else "□") + name for name in names)
