"""Papers about money: the settlement sheet of the medical insurance and the electronic invoice."""

from random import Random

from samples.case import Case
from samples.form import SANS, FormSheet
from samples.sheet import Colour, Sheet
from samples.stamp import press
from samples.wording import yuan

ITEMS = ("床位费", "诊察费", "检查费", "化验费", "治疗费", "护理费", "西药费", "卫生材料费")
INVOICE_RED: Colour = (150, 40, 40)
JILIN = ("长春市", "吉林市")


def settlement_sheet(case: Case, rng: Random) -> Sheet:
    return rng.choice((_official, _hospitals_own))(case, rng)


def _official(case: Case, rng: Random) -> Sheet:
    """The sheet of the medical insurance: all values in boxes."""
    form = FormSheet(case, rng, SANS)
    local = ("吉林省医疗保障", "长春市医疗保障局", "吉林省省直医疗保险")
    form.heading(
        80, *(local if case.stay.hospital.is_local else ("跨省异地就医直接结算",)), size=32
    )
    form.heading(
        130,
        "住院医疗费用结算单",
        "职工基本医疗保险住院费用结算单",
        "医疗费用结算单（住院）",
        size=38,
    )
    form.say(90, 205, "结算单号：{number}", 21)
    form.say(1150, 205, "单位：元", 21, end="r")
    heads = """
        56 | 1.2 姓名 | 1.4 {name} | .8 性别 | .7 {sex} | 1.3 证件号码 | 3 {id}
        56 | 1.2 单位名称 | 3.6 {unit} | 1.3 人员类别 | 2.3 在职
        56 | 1.4 医疗机构 | 3.4 {hospital} | 1.3 医院等级 | 2.3 {level}
        56 | 1.4 {in_label} | 2 {admitted} | 1.4 {out_label} | 2 {discharged} | 1 天数 | .8 {days}
        56 | 1.4 出院诊断 | 4 {first} | 1.2 诊断编码 | 1.8 {first_code}
        """
    y = form.table(240, heads, 21)
    y = form.table(y + 24, _cost_rows(case, rng), 21)
    sums = """
        54 | 2 医疗费用总额 | 2 {total} | 4.4< 大写：{total_capitals}
        54 | 2 统筹基金支付 | 2 {fund} | 4.4< 大写：{fund_capitals}
        54 | 2 个人支付 | 2 {own} | 4.4< 大写：{own_capitals}
        54 | 2 其中：个人账户 | 2 {from_account} | 2.2 现金 | 2.2 {in_cash}
        """
    y = form.table(y, sums, 22)
    form.say(90, y + 40, "经办人：{clerk}        结算日期：{discharged}        参保人签字：", 22)
    press(form, 620, y + 120, case.stay.hospital.name, rng, "医保结算专用章")
    return form


def _cost_rows(case: Case, rng: Random) -> str:
    """The costs by kind, two in a row; they add up to the total."""
    costs = list(zip(ITEMS, split(case.stay.expense_fen, len(ITEMS), rng), strict=True))
    rows = ["48 | 1.4 费用项目 | 1.6 金额 | 1.4 费用项目 | 1.6 金额"]
    for (left, one), (right, two) in zip(costs[::2], costs[1::2], strict=True):
        rows.append(f"46 | 1.4 {left} | 1.6 {yuan(one)} | 1.4 {right} | 1.6 {yuan(two)}")
    return "\n".join(rows)


def _hospitals_own(case: Case, rng: Random) -> Sheet:
    """The sheet of a hospital: columns without boxes."""
    form = FormSheet(case, rng)
    form.heading(80, "{hospital}住院费用结算单", "{hospital}出院结算单", size=36, face="bold")
    heads = """
        病人姓名：{name}      性别：{sex}      {record_no}：{record}
        身份证号：{id}      费别：省直职工医保
        科室：{ward}      {in_label}：{admitted}
        {out_label}：{discharged}      住院天数：{days}      结算日期：{discharged}
        """
    y = form.lines(170, heads)
    form.rule(y)
    costs = zip(ITEMS, split(case.stay.expense_fen, len(ITEMS), rng), strict=True)
    y = _column(form, y + 14, [(name, yuan(fen)) for name, fen in costs])
    form.rule(y)
    total = rng.choice(("费用合计", "总费用", "医疗费总额"))
    sums = [(total, "¥{total}"), ("医保统筹支付", "¥{fund}"), ("个人支付", "¥{own}")]
    y = _column(form, y + 16, sums)
    form.say(140, y, "合计人民币（大写）：{total_capitals}", 26)
    press(form, 900, y - 40, case.stay.hospital.name, rng, "收费专用章")
    form.say(90, y + 90, "收款员：{clerk}        打印时间：{discharged}{hour}", 22)
    return form


def _column(form: FormSheet, y: int, pairs: list[tuple[str, str]]) -> int:
    for name, amount in pairs:
        form.say(140, y, name)
        form.say(700, y, amount, end="r")
        y += 46
    return y


def invoice(case: Case, rng: Random) -> Sheet:
    """The electronic medical receipt of the Ministry of Finance, as every province prints it."""
    form, red = FormSheet(case, rng, size=(1400, 920), ground=(253, 251, 248)), INVOICE_RED
    place = "吉林省" if case.stay.hospital.city in JILIN else case.stay.hospital.city
    form.title(36, f"{place}医疗住院收费票据（电子）", 42, "kai", red)
    shown = rng.choice(("{id}", "{masked_id}", "{masked_id}"))
    form.lines(
        120, f"票据代码：22060126\n交款人统一社会信用代码：{shown}\n交款人：{{name}}", 23, 40
    )
    for y, words in (
        (120, "票据号码：{number}"),
        (160, "校验码：7fa21c"),
        (200, "开票日期：{issued}"),
    ):
        form.say(1310, y, words.replace("{issued}", f"{case.stay.discharged_on}"), 23, end="r")
    heads = "2 项目名称 | 1 数量/单位 | 1.3 金额（元） | 1 备注"
    y = form.table(240, f"44 | {heads} | {heads}", 20, ink=red)
    y = form.table(y, _item_rows(case, rng), 20, line=0)
    form.frame(90, 284, 1310, y, 2, red)
    sums = "50 | 1< 金额合计（大写）{total_capitals} | 1< （小写）{total}"
    top = form.table(y, sums, 23, ink=red)
    y = form.lines(top + 10, rng.choice((_OTHER_RANGE, _OTHER_DATES)) + _OTHER_SUMS, 20, 42, 130)
    form.frame(90, top, 1310, y, 2, red)
    for row, letter in enumerate("其他信息"):
        form.text(100, top + 30 + 28 * row, letter, 20, fill=red)
    form.say(90, y + 24, "收款单位（章）：{hospital}", 23)
    form.say(1310, y + 24, "复核人：0212            收款人：{clerk}", 23, end="r")
    press(form, 480, y + 40, case.stay.hospital.name, rng, "财务专用章", 190)
    return form


_OTHER_RANGE = """
业务流水号：{number}    病案号：{record}    住院号：{record}    科室：{ward}
住院时间：{in_digits}-{out_digits}（{days}天）    医保类型：职工医保    性别：{sex}
"""
_OTHER_DATES = """
业务流水号：{number}    住院号：{record}    住院科别：{ward}    性别：{sex}
{in_label}：{admitted}    {out_label}：{discharged}    住院天数：{days}
"""
_OTHER_SUMS = """\
预缴金额：2000.00    补缴金额：0.00    退费金额：0.00    医保统筹基金支付：{fund}    其他支付：0.00
个人账户支付：{from_account}    个人现金支付：{in_cash}    个人自付：{covered}    个人自费：{rest}
"""


def _item_rows(case: Case, rng: Random) -> str:
    costs = list(zip(ITEMS, split(case.stay.expense_fen, len(ITEMS), rng), strict=True))
    cells = [f"2 {name} | 1 1 | 1.3 {yuan(fen)} | 1" for name, fen in costs]
    return "\n".join(f"40 | {a} | {b}" for a, b in zip(cells[::2], cells[1::2], strict=True))


def split(fen: int, count: int, rng: Random) -> list[int]:
    """Parts of a sum that add up to it to the fen."""
    weights = [rng.randrange(20, 400) for _ in range(count)]
    parts = [fen * weight // sum(weights) for weight in weights]
    return [*parts[:-1], fen - sum(parts[:-1])]
