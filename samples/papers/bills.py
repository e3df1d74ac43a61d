"""Papers about money: the settlement sheet of the medical insurance and the electronic invoice."""

from random import Random

from samples.case import Case
from samples.sheet import Box, Sheet
from samples.stamp import press
from samples.words import Wording, capitals, yuan

ITEMS = ("床位费", "诊察费", "检查费", "化验费", "治疗费", "护理费", "西药费", "卫生材料费")


def settlement_sheet(case: Case, rng: Random) -> Sheet:
    return rng.choice((_province_sheet, _hospital_sheet))(case, rng)


def _province_sheet(case: Case, rng: Random) -> Sheet:
    sheet, wording, stay, person = (
        Sheet(face=rng.choice(("hei", "sans"))),
        Wording(rng),
        case.stay,
        case.person,
    )
    sheet.title(
        80,
        rng.choice(("吉林省医疗保障", "长春市医疗保障局", "吉林省省直医疗保险"))
        if stay.hospital.is_local
        else "跨省异地就医直接结算",
        32,
    )
    sheet.title(
        130,
        rng.choice(
            ("住院医疗费用结算单", "职工基本医疗保险住院费用结算单", "医疗费用结算单（住院）")
        ),
        38,
    )
    sheet.text(90, 205, f"结算单号：{rng.randrange(10**14, 10**15)}", 21)
    sheet.text(1150, 205, "单位：元", 21, anchor="ra")
    y = sheet.row(
        240,
        56,
        [
            Box(1.2, "姓名"),
            Box(1.4, person.name),
            Box(0.8, "性别"),
            Box(0.7, person.sex),
            Box(1.3, "证件号码"),
            Box(3, person.id_number),
        ],
        22,
    )
    y = sheet.row(
        y,
        56,
        [Box(1.2, "单位名称"), Box(3.6, case.unit_name), Box(1.3, "人员类别"), Box(2.3, "在职")],
        22,
    )
    y = sheet.row(
        y,
        56,
        [
            Box(1.4, "医疗机构"),
            Box(3.4, stay.hospital.name),
            Box(1.3, "医院等级"),
            Box(2.3, ("一级", "二级", "三级")[stay.hospital.level - 1]),
        ],
        22,
    )
    y = sheet.row(
        y,
        56,
        [
            Box(1.4, wording.admitted),
            Box(2, wording.day(stay.admitted_on)),
            Box(1.4, wording.discharged),
            Box(2, wording.day(stay.discharged_on)),
            Box(1.2, "住院天数"),
            Box(0.8, str(stay.days)),
        ],
        21,
    )
    y = sheet.row(
        y,
        56,
        [
            Box(1.4, "出院诊断"),
            Box(4, stay.diagnoses[0].text),
            Box(1.2, "诊断编码"),
            Box(1.8, stay.diagnoses[0].icd),
        ],
        22,
    )
    y = _split_table(sheet, y + 24, case, rng)
    own = stay.expense_fen - stay.fund_fen
    for name, fen in (
        ("医疗费用总额", stay.expense_fen),
        ("统筹基金支付", stay.fund_fen),
        ("个人账户支付", own // 3),
        ("个人现金支付", own - own // 3),
    ):
        y = sheet.row(
            y,
            54,
            [Box(2, name), Box(2, yuan(fen)), Box(4.4, f"大写：{capitals(fen)}", align="left")],
            22,
        )
    sheet.text(90, y + 40, f"经办人：{rng.choice('柳姜尹')}{rng.choice(('春艳', '晓东'))}", 22)
    sheet.text(480, y + 40, f"结算日期：{wording.day(stay.discharged_on)}", 22)
    sheet.text(850, y + 40, "参保人签字：", 22)
    press(sheet, 620, y + 120, stay.hospital.name, rng, "医保结算专用章")
    sheet.made_up(rng)
    return sheet


def _split_table(sheet: Sheet, y: int, case: Case, rng: Random) -> int:
    """The costs by kind, two kinds in a row; they add up to the total."""
    y = sheet.row(
        y, 48, [Box(1.4, "费用项目"), Box(1.6, "金额"), Box(1.4, "费用项目"), Box(1.6, "金额")], 21
    )
    parts = split(case.stay.expense_fen, len(ITEMS), rng)
    for at in range(0, len(ITEMS), 2):
        y = sheet.row(
            y,
            46,
            [
                Box(1.4, ITEMS[at]),
                Box(1.6, yuan(parts[at])),
                Box(1.4, ITEMS[at + 1]),
                Box(1.6, yuan(parts[at + 1])),
            ],
            21,
        )
    return y


def _hospital_sheet(case: Case, rng: Random) -> Sheet:
    """A hospital's own print: lines without boxes."""
    sheet, wording, stay, person = (
        Sheet(face=rng.choice(("song", "serif"))),
        Wording(rng),
        case.stay,
        case.person,
    )
    sheet.title(80, f"{stay.hospital.name}住院费用结算单", 36, "bold")
    y = 170
    for line in (
        f"病人姓名：{person.name}      性别：{person.sex}      {wording.record}：{stay.record_number}",
        f"身份证号：{person.id_number}      费别：省直职工医保",
        f"科室：{stay.ward}      {wording.admitted}：{wording.day(stay.admitted_on)}",
        f"{wording.discharged}：{wording.day(stay.discharged_on)}      住院天数：{stay.days}      结算日期：{wording.day(stay.discharged_on)}",
    ):
        sheet.text(90, y, line, 24)
        y += 50
    sheet.rule(y)
    parts = split(stay.expense_fen, len(ITEMS), rng)
    for name, fen in zip(ITEMS, parts, strict=True):
        sheet.text(140, y + 14, name, 24)
        sheet.text(700, y + 14, yuan(fen), 24, anchor="ra")
        y += 44
    sheet.rule(y + 14)
    own = stay.expense_fen - stay.fund_fen
    for name, fen in (
        ("费用合计", stay.expense_fen),
        ("医保统筹支付", stay.fund_fen),
        ("个人支付", own),
    ):
        sheet.text(140, y + 30, name, 26)
        sheet.text(700, y + 30, f"¥{yuan(fen)}", 26, anchor="ra")
        y += 52
    sheet.text(140, y + 34, f"合计人民币（大写）：{capitals(stay.expense_fen)}", 26)
    press(sheet, 900, y - 40, stay.hospital.name, rng, "收费专用章")
    sheet.text(
        90,
        y + 110,
        "收款员：1027        打印时间：" + wording.day(stay.discharged_on) + wording.hour(),
        22,
    )
    sheet.made_up(rng)
    return sheet


def invoice(case: Case, rng: Random) -> Sheet:
    """The electronic medical receipt of the Ministry of Finance, in the form every province prints."""
    sheet, wording, stay, person = (
        Sheet((1400, 920), (253, 251, 248), "song"),
        Wording(rng),
        case.stay,
        case.person,
    )
    place = "吉林省" if stay.hospital.city in ("长春市", "吉林市") else stay.hospital.city
    red = (150, 40, 40)
    sheet.title(36, f"{place}医疗住院收费票据（电子）", 42, "kai", red)
    sheet.text(
        90, 120, f"票据代码：{rng.choice(('22', '11', '21'))}0601{rng.randrange(10, 99)}", 23
    )
    sheet.text(1310, 120, f"票据号码：{rng.randrange(10**9, 10**10)}", 23, anchor="ra")
    shown = (
        person.id_number
        if rng.random() < 0.4
        else person.id_number[:6] + "********" + person.id_number[-4:]
    )
    sheet.text(90, 160, f"交款人统一社会信用代码：{shown}", 23)
    sheet.text(1310, 160, f"校验码：{rng.randrange(10**5, 10**6)}", 23, anchor="ra")
    sheet.text(90, 200, f"交款人：{person.name}", 23)
    sheet.text(1310, 200, f"开票日期：{stay.discharged_on:%Y-%m-%d}", 23, anchor="ra")
    heads = [Box(2, "项目名称"), Box(1, "数量/单位"), Box(1.3, "金额（元）"), Box(1, "备注")]
    y = sheet.row(240, 44, heads + heads, 20, ink=red)
    parts = split(stay.expense_fen, len(ITEMS), rng)
    for at in range(0, len(ITEMS), 2):
        boxes = [
            part
            for one in (at, at + 1)
            for part in (Box(2, ITEMS[one]), Box(1, "1"), Box(1.3, yuan(parts[one])), Box(1))
        ]
        y = sheet.row(y, 40, boxes, 20, line=0)
    sheet.frame(90, 284, 1310, y, 2, red)
    y = sheet.row(
        y,
        50,
        [
            Box(5.3, f"金额合计（大写）{capitals(stay.expense_fen)}", align="left"),
            Box(5.3, f"（小写）{yuan(stay.expense_fen)}", align="left"),
        ],
        23,
        ink=red,
    )
    own = stay.expense_fen - stay.fund_fen
    other = (
        f"业务流水号：{rng.randrange(10**9, 10**10)}    {wording.record}：{stay.record_number}    {wording.record if wording.record != '病案号' else '住院号'}：{stay.record_number}    科室：{stay.ward}",
        f"住院时间：{stay.admitted_on:%Y%m%d}-{stay.discharged_on:%Y%m%d}（{stay.days}天）    医保类型：职工基本医疗保险    性别：{person.sex}"
        if rng.random() < 0.4
        else f"{wording.admitted}：{wording.day(stay.admitted_on)}    {wording.discharged}：{wording.day(stay.discharged_on)}    住院天数：{stay.days}    性别：{person.sex}",
        f"预缴金额：{yuan(200_000)}    补缴金额：0.00    退费金额：0.00    医保统筹基金支付：{yuan(stay.fund_fen)}    个人自付：{yuan(own)}",
        f"个人账户支付：{yuan(own // 3)}    个人现金支付：{yuan(own - own // 3)}    个人自费：{yuan(own // 7)}    其他支付：0.00",
    )
    top = y
    for line in other:
        sheet.text(130, y + 12, line, 20)
        y += 42
    sheet.frame(90, top, 1310, y + 12, 2, red)
    for place, letter in enumerate("其他信息"):
        sheet.text(100, (top + y) / 2 - 44 + 26 * place, letter, 20, fill=red)
    sheet.text(90, y + 34, f"收款单位（章）：{stay.hospital.name}", 23)
    sheet.text(760, y + 34, "复核人：0212", 23)
    sheet.text(1310, y + 34, f"收款人：{rng.randrange(1000, 9999)}", 23, anchor="ra")
    press(sheet, 480, y + 30, stay.hospital.name, rng, "财务专用章", 190)
    sheet.made_up(rng)
    return sheet


def split(fen: int, count: int, rng: Random) -> list[int]:
    """Parts of a sum that add up to it to the fen."""
    cuts = sorted(rng.randrange(fen) for _ in range(count - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, fen], strict=True)]
