"""The application form, in the layouts that different offices hand out."""

from random import Random

from samples.case import Case
from samples.sheet import Box, Sheet
from samples.stamp import press
from samples.words import Wording

TITLES = (
    "职工互助保障互助金申请表",
    "在职职工住院津贴综合互助保障计划互助金申请表",
    "职工互助保障互助金给付申请书",
    "互助金领取申请表",
)
PROMISE = "本人承诺以上所填内容及所附材料真实、准确、完整，如有虚假，愿承担相应责任，并退回已领取的互助金。"


def application_form(case: Case, rng: Random) -> Sheet:
    return rng.choice((_table_form, _wide_form, _plain_form))(case, rng)


def _table_form(case: Case, rng: Random) -> Sheet:
    """Two pairs of label and value in each row, filled in by pen or by machine."""
    sheet, wording, hand = (
        Sheet(face=rng.choice(("song", "serif"))),
        Wording(rng),
        rng.random() < 0.5,
    )
    person, stay = case.person, case.stay
    title = rng.choice(TITLES)
    sheet.title(120, title, 46 if len(title) < 14 else 36, "bold")
    sheet.text(90, 205, wording.label("单位（盖章）", ""), 24)
    sheet.text(1150, 205, wording.label("申请日期", wording.day(case.applied_on)), 24, anchor="ra")
    pairs = [
        ("姓名", person.name, "性别", person.sex),
        ("身份证号", person.id_number, "联系电话", person.phone),
        ("工作单位", case.unit_name, "用工性质", "正式"),
        (
            "开户行",
            case.payee.bank_name + rng.choice(("长春分行", "长春南湖支行", "", "长春人民广场支行")),
            "银行卡号",
            case.payee.card_number,
        ),
        ("就诊医院", stay.hospital.name, wording.days, wording.stay_days(stay.days)),
        (
            wording.admitted,
            wording.day(stay.admitted_on),
            wording.discharged,
            wording.day(stay.discharged_on),
        ),
    ]
    y = 250
    for left, one, right, two in pairs:
        boxes = [
            Box(1.3, left),
            Box(3.2, one, by_hand=hand),
            Box(1.3, right),
            Box(3.0, two, by_hand=hand),
        ]
        y = sheet.row(y, 84, boxes, 24, rng=rng)
    y = sheet.row(
        y,
        100,
        [Box(1.3, "疾病诊断"), Box(7.5, _illness(case), align="left", by_hand=hand)],
        24,
        rng=rng,
    )
    y = sheet.row(y, 70, [Box(1.3, "申请项目"), Box(7.5, _ticks(case.benefit), align="left")], 24)
    sheet.row(y, 220, [Box(1.3, "申请人承诺"), Box(7.5)], 24)
    sheet.paragraph(330, y + 25, 780, PROMISE, 23)
    _signature(sheet, case, 640, y + 160, wording, rng)
    y += 220
    half = sheet.row(
        y, 260, [Box(1.3, "单位工会意见"), Box(3.1), Box(1.3, "办事处审核意见"), Box(3.1)], 24
    )
    sheet.text(320, y + 40, "情况属实，同意申报。", 24, "kai")
    sheet.text(320, half - 50, wording.day(case.applied_on), 23)
    press(sheet, 480, half - 130, case.unit_name, rng)
    sheet.text(90, half + 30, "注：本表一式两份，附身份证、银行卡复印件及出院记录等材料。", 20)
    sheet.made_up(rng)
    return sheet


def _wide_form(case: Case, rng: Random) -> Sheet:
    """Sections with side headings: member, event, account."""
    sheet, wording, hand = Sheet(face=rng.choice(("hei", "sans"))), Wording(rng), rng.random() < 0.4
    person, stay = case.person, case.stay
    sheet.title(90, "中国职工保险互助会长春办事处", 30, "song")
    sheet.title(140, rng.choice(TITLES[:1] + TITLES[2:]), 42, "bold")
    sheet.text(1150, 215, f"编号：{rng.randrange(10**7, 10**8)}", 22, anchor="ra")
    y = sheet.row(250, 50, [Box(1, "一、会员信息", align="left")], 23)
    y = sheet.row(
        y,
        70,
        [
            Box(2, "会员姓名"),
            Box(2.4, person.name, by_hand=hand),
            Box(1, "性别"),
            Box(1, person.sex, by_hand=hand),
            Box(1, "年龄"),
            Box(1.2, str(person.age_on(case.applied_on)), by_hand=hand),
        ],
        23,
        rng=rng,
    )
    y = sheet.row(
        y, 70, [Box(2, "身份证号码"), Box(6.6, person.id_number, by_hand=hand)], 25, rng=rng
    )
    y = sheet.row(
        y,
        70,
        [
            Box(2, "所在单位"),
            Box(3.6, case.unit_name, by_hand=hand),
            Box(1.2, "手机号"),
            Box(1.8, person.phone, by_hand=hand),
        ],
        22,
        rng=rng,
    )
    y = sheet.row(y, 50, [Box(1, "二、出险情况", align="left")], 23)
    y = sheet.row(
        y, 70, [Box(2, "治疗医院"), Box(6.6, stay.hospital.name, by_hand=hand)], 24, rng=rng
    )
    y = sheet.row(
        y,
        70,
        [
            Box(2, "住院时间"),
            Box(
                6.6,
                f"自 {wording.day(stay.admitted_on)} 至 {wording.day(stay.discharged_on)}，共 {stay.days} 天",
                by_hand=hand,
            ),
        ],
        24,
        rng=rng,
    )
    y = sheet.row(
        y,
        100,
        [Box(2, "出院诊断"), Box(6.6, _illness(case), align="left", by_hand=hand)],
        24,
        rng=rng,
    )
    y = sheet.row(y, 50, [Box(1, "三、收款账户（会员本人）", align="left")], 23)
    y = sheet.row(
        y,
        70,
        [
            Box(2, "户名"),
            Box(2.4, case.payee.name, by_hand=hand),
            Box(1.4, "开户银行"),
            Box(2.8, case.payee.bank_name, by_hand=hand),
        ],
        23,
        rng=rng,
    )
    y = sheet.row(
        y,
        70,
        [Box(2, "银行账号"), Box(6.6, _grouped(case.payee.card_number, rng), by_hand=hand)],
        25,
        rng=rng,
    )
    y = sheet.row(y, 50, [Box(1, "四、申请人声明", align="left")], 23)
    sheet.row(y, 200, [Box(1)])
    sheet.paragraph(110, y + 20, 1010, PROMISE, 23)
    _signature(sheet, case, 600, y + 145, wording, rng)
    y += 200
    end = sheet.row(y, 250, [Box(1), Box(1)])
    sheet.text(110, y + 20, "基层工会意见（盖章）：", 23)
    sheet.text(650, y + 20, "互助会意见（盖章）：", 23)
    sheet.text(330, end - 45, wording.day(case.applied_on), 22)
    press(sheet, 420, end - 125, case.unit_name, rng)
    sheet.made_up(rng)
    return sheet


def _plain_form(case: Case, rng: Random) -> Sheet:
    """A letter-like form with words over underlines."""
    sheet, wording, hand = (
        Sheet(face=rng.choice(("song", "serif"))),
        Wording(rng),
        rng.random() < 0.6,
    )
    person, stay = case.person, case.stay
    sheet.title(150, TITLES[0], 46, "bold")
    lines: list[list[tuple[str, str, int]]] = [
        [
            ("申请人姓名", person.name, 240),
            ("性别", person.sex, 90),
            ("联系电话", person.phone, 260),
        ],
        [("身份证号码", person.id_number, 460)],
        [("工作单位", case.unit_name, 640)],
        [("就诊医院", stay.hospital.name, 520), ("科室", stay.ward, 260)],
        [
            (wording.admitted, wording.day(stay.admitted_on), 300),
            (wording.discharged, wording.day(stay.discharged_on), 300),
        ],
        [("住院天数", wording.stay_days(stay.days), 160)],
        [("疾病诊断", _illness(case), 800)],
        [("开户行", case.payee.bank_name, 420)],
        [("银行卡号", case.payee.card_number, 560)],
    ]
    y = 290
    for line in lines:
        x = 120
        for label, value, room in line:
            x = sheet.text(x, y, wording.label(label, ""), 27) + 6
            if hand:
                sheet.by_hand(x + 10, y - 4, value, 30, rng)
            else:
                sheet.text(x + 10, y, value, 27, "kai")
            sheet.rule(y + 38, x, x + room, 1)
            x += room + 20
        y += 82
    y = sheet.paragraph(120, y + 20, 1000, "    " + PROMISE, 26)
    _signature(sheet, case, 640, y + 30, wording, rng)
    sheet.text(120, y + 190, "单位工会（盖章）：", 27)
    sheet.text(420, y + 330, wording.day(case.applied_on), 25)
    press(sheet, 480, y + 250, case.unit_name, rng)
    sheet.made_up(rng)
    return sheet


def _signature(sheet: Sheet, case: Case, x: int, y: int, wording: Wording, rng: Random) -> None:
    right = sheet.text(x, y, wording.label("申请人签字", ""), 24)
    sheet.by_hand(right + 10, y - 12, case.payee.name, 38, rng)
    sheet.text(right + 190, y, wording.day(case.applied_on), 22)


def _illness(case: Case) -> str:
    return "、".join(one.text for one in case.stay.diagnoses)


def _ticks(chosen: str) -> str:
    return "　".join(
        ("√" if name == chosen else "□") + name for name in ("住院津贴", "重大疾病", "意外伤害")
    )


def _grouped(number: str, rng: Random) -> str:
    if rng.random() < 0.5:
        return number
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
