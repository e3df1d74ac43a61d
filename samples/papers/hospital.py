"""Papers that a hospital writes about an illness."""

from random import Random

from samples.case import Case, SampleDiagnosis
from samples.form import SANS, FormSheet
from samples.sheet import Sheet
from samples.stamp import press

COURSE = (
    "患者入院后完善血常规、尿常规、肝肾功能、凝血、心电图等相关检查，",
    "给予二级护理，监测生命体征，",
    "予以对症支持治疗，请相关科室会诊后继续当前方案，",
    "排除禁忌证后行手术治疗，手术顺利，术后安返病房，",
    "现患者一般状态良好，饮食睡眠可，生命体征平稳，经上级医师同意，准予出院。",
)
ADVICE = (
    "出院后注意休息，避免劳累；",
    "清淡饮食，戒烟酒；",
    "按时服药，不适随诊；",
    "1个月后门诊复查血常规、肝功能；",
    "定期监测血压、血糖；",
    "2周后门诊换药拆线；",
)
STAMPS = ("病案专用章", "诊断专用章", "医务处")
FOUND = "因“{complaint}”于{admitted}收入我科。查体：T36.5℃，P78次/分，R18次/分，BP128/82mmHg。"


def discharge_record(case: Case, rng: Random) -> Sheet:
    return rng.choice((_running, _boxed, _listed, _spread))(case, rng)


def _running(case: Case, rng: Random) -> Sheet:
    """Headings over running text, the commonest print of a hospital's own system."""
    form = FormSheet(case, rng)
    form.title(70, case.stay.hospital.name, 44, "bold")
    form.heading(135, "出院记录", "出 院 记 录", "出院小结", size=38)
    form.rule(200)
    heads = """
        姓名：{name}          性别：{sex}          年龄：{age}岁          床号：{bed}床
        科室：{ward}          {record_no}：{record}
        """
    y = form.lines(215, heads)
    form.rule(y)
    dates = """
        {in_label}：{admitted_at}          {out_label}：{discharged_at}
        {days_label}：{days_worded}          主管医师：{doctor}
        """
    y = form.lines(y + 15, dates)
    for name, words in (
        ("入院诊断", _numbered(case.stay.diagnoses[:1], rng)),
        ("入院情况", "患者{name}，{sex}，{age}岁，" + FOUND),
        (rng.choice(("住院经过", "诊疗经过")), _course(rng)),
        ("出院诊断", _numbered(case.stay.diagnoses, rng)),
        ("出院情况", rng.choice(("治愈", "好转", "患者病情好转，无特殊不适主诉。"))),
        ("出院医嘱", _advice(rng)),
    ):
        form.say(90, y + 8, f"{name}：", 25, "bold")
        y = form.prose(y + 48, "    " + words) + 6
    return _signed(form, max(y + 60, 1420))


def _boxed(case: Case, rng: Random) -> Sheet:
    """Everything in one table; diagnoses with their ICD codes in a column."""
    form = FormSheet(case, rng, SANS)
    form.title(80, case.stay.hospital.name)
    form.title(145, "出院记录", 36)
    heads = """
        58 | 2 姓名 | 3 {name} | 2 性别 | 1 {sex} | 2 年龄 | 2 {age}岁 | 3 {record_no} | 4 {record}
        58 | 1 科别 | 2.5 {ward} | 1.2 {in_label} | 2.9 {admitted_at} | .8 床号 | .8 {bed}
        58 | 1.6 {out_label} | 3 {discharged_at} | 1.6 {days_label} | 3 {days_worded}
        50 | 5 出院诊断名称 | 2 ICD-10编码 | 1.5 转归
        """
    y = form.table(215, heads, 21)
    for one in case.stay.diagnoses:
        result = rng.choice(("治愈", "好转"))
        y = form.table(y, f"50 | 5 {one.text} | 2 {one.icd} | 1.5 {result}", 22)
    body = f"""
        150 | 1.4 入院时情况 | 7< {FOUND}
        290 | 1.4 诊疗经过 | 7< {_course(rng)}
        110 | 1.4 出院时情况 | 7< 一般状态可，无发热，切口愈合良好。
        210 | 1.4 出院医嘱 | 7< {_advice(rng)}
        """
    return _signed(form, form.table(y, body, 22) + 70)


def _listed(case: Case, rng: Random) -> Sheet:
    """Label and value one under the other, as small systems print them."""
    form = FormSheet(case, rng)
    form.title(90, case.stay.hospital.name, 38)
    form.heading(150, "出院小结", "出院记录单", "出院证明书（出院小结）", size=34, face="bold")
    y = 240
    for name, words in (
        ("病人姓名", "{name}    性别：{sex}    年龄：{age}岁"),
        ("住院科室", "{ward}    {record_no}：{record}    床号：{bed}"),
        ("工作单位", "{unit}    联系电话：{phone}"),
        ("住院日期", "{admitted} 至 {discharged}    共住院 {days} 天"),
        ("入院诊断", "{first}"),
        ("出院诊断", "；".join(one.text for one in case.stay.diagnoses)),
        ("治疗经过", _course(rng)),
        ("治疗结果", rng.choice(("治愈", "好转"))),
        ("出院建议", _advice(rng)),
    ):
        form.say(100, y, f"{name}：", 26)
        y = form.paragraph(250, y, 880, form.filled(words), 26) + 22
    return _signed(form, max(y + 60, 1350))


def _spread(case: Case, rng: Random) -> Sheet:
    """Small print with no rules at all, the numbers of the stay in one dense line."""
    form = FormSheet(case, rng, (*SANS, "song"))
    form.text(620, 60, case.stay.hospital.name, 32, anchor="ma")
    form.heading(112, "出院记录", "出院病历摘要", "出院记录（住院病历）", size=30)
    heads = """
        姓名：{name}   性别：{sex}   年龄：{age}岁   民族：{nation}族   婚姻：已婚
        {record_no}：{record}   科室：{ward}   病床：{bed}   打印时间：{discharged}{hour}
        入院：{admitted_at}   出院：{discharged_at}   住院 {days} 天
        """
    y = form.lines(190, heads, 21, 42)
    for name, words in (
        ("主诉", "{complaint}。"),
        ("入院诊断", "{first}"),
        ("诊治经过", _course(rng) * 2),
        ("出院诊断", _numbered(case.stay.diagnoses, rng)),
        ("出院时情况", "病情平稳，切口Ⅱ/甲愈合。"),
        ("出院医嘱及注意事项", _advice(rng)),
    ):
        y = form.prose(y + 14, f"【{name}】{words}", 22)
    return _signed(form, y + 90)


def diagnosis_certificate(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, size=(1240, 877))
    form.title(50, case.stay.hospital.name, 38, "bold")
    form.heading(108, "诊断证明书", "疾病诊断证明书", "诊 断 书", size=36)
    form.say(1140, 160, "No.{number}", 22, "hei", "r")
    heads = """
        姓名：{name}          性别：{sex}          年龄：{age}
        单位：{unit}          {record_no}：{record}
        科别：{ward}          住院日期：{admitted}—{discharged}
        """
    y = form.lines(195, heads)
    form.rule(y)
    advice = rng.choice(("建议休息两周，门诊复查。", "全休一个月，避免剧烈活动。", "定期复查。"))
    y = form.prose(y + 20, "诊断：" + _numbered(case.stay.diagnoses, rng), 27)
    y = form.prose(y + 20, "处理意见：" + advice, 27)
    return _signed(form, max(y + 60, 700))


def pathology_report(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, SANS, (1240, 1500))
    form.title(70, case.stay.hospital.name)
    form.heading(135, "病理检查报告单", "病理诊断报告书", "病理报告单", size=36)
    form.say(1140, 185, "病理号：{number}", 24, end="r")
    form.rule(222)
    heads = """
        姓名：{name}          性别：{sex}          年龄：{age}岁          床号：{bed}
        送检科室：{ward}          {record_no}：{record}
        收到日期：{admitted}          送检材料：组织
        """
    y = form.lines(235, heads)
    form.rule(y)
    form.say(90, y + 20, "肉眼所见：", 25)
    size = f"{rng.randrange(2, 6)}×{rng.randrange(2, 5)}×2cm"
    y = form.prose(y + 60, f"灰白灰红组织{rng.randrange(2, 6)}块，大小{size}，切面灰白，质硬。")
    _stained(form, y)
    form.say(90, y + 330, "病理诊断：", 26, "bold")
    grade = rng.choice(("中分化", "低分化", "高分化"))
    end = form.prose(y + 380, f"（送检标本）{{first}}，{grade}，切缘未见癌组织。", 26)
    form.say(
        90, max(end + 60, 1250), "报告医师：{doctor}    审核医师：{clerk}    报告日期：{admitted}"
    )
    press(form, 950, max(end + 40, 1240), case.stay.hospital.name, rng, "病理科")
    form.say(90, 1430, "本报告仅对送检标本负责", 20)
    return form


def test_report(case: Case, rng: Random) -> Sheet:
    """The tests that prove an illness: an electrocardiogram, or troponin in the blood."""
    return (_troponin if case.test == "troponin" else _electrocardiogram)(case, rng)


def _electrocardiogram(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, SANS, (1240, 877))
    form.title(50, case.stay.hospital.name, 34)
    form.heading(100, "心电图报告单", "常规心电图检查报告单", size=34)
    form.say(
        90, 170, "姓名：{name}   性别：{sex}   年龄：{age}岁   科室：{ward}   {record_no}：{record}"
    )
    _traced(form, 230)
    form.say(90, 540, f"心率：{rng.randrange(62, 98)}次/分   PR间期：160ms   QRS时限：92ms")
    form.say(
        90, 600, "心电图诊断：窦性心律；V1-V4导联ST段弓背向上抬高，符合急性前壁心肌梗死改变。", 25
    )
    form.say(90, 720, "报告医师：{doctor}    报告日期：{admitted}")
    return form


def _traced(form: FormSheet, y: int) -> None:
    """The beat of the heart as a line on a pink grid."""
    form.draw.rectangle((90, y, 1150, y + 260), fill=(252, 232, 235))
    points = [(90, y + 150)]
    for left in range(90, 1130, 130):
        beat = ((50, 0), (60, -90), (70, 40), (80, -40), (105, -40), (125, 0))
        points += [(left + x, y + 150 + rise) for x, rise in beat]
    form.draw.line(points, fill=(40, 40, 60), width=3)


def _troponin(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, SANS, (1240, 877))
    form.title(40, f"{case.stay.hospital.name}检验报告单", 34)
    form.say(
        80, 105, "姓名：{name}   性别：{sex}   科室：{ward}   标本：血清   采集日期：{admitted}", 22
    )
    y = form.table(150, "48 | 3 检验项目 | 2 结果 | 1 提示 | 2 参考区间 | 1 单位", 21)
    for name, value, usual, unit in (
        ("高敏肌钙蛋白I", f"{rng.randrange(900, 2500) / 100}", "0-0.04", "ng/ml"),
        ("肌酸激酶同工酶", f"{rng.randrange(60, 180)}", "0-24", "U/L"),
        ("肌红蛋白", f"{rng.randrange(200, 600)}", "0-110", "ng/ml"),
    ):
        y = form.table(y, f"48 | 3 {name} | 2 {value} | 1 ↑ | 2 {usual} | 1 {unit}", 21, line=0)
    form.say(80, 790, "检验者：{clerk}   审核者：{doctor}   本报告仅对所检标本负责", 20)
    return form


def dialysis_record(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng, SANS, (1240, 877))
    form.title(50, case.stay.hospital.name, 34)
    form.heading(100, "血液透析治疗记录单", "血液净化治疗记录", size=34)
    form.say(90, 170, "姓名：{name}   性别：{sex}   年龄：{age}岁   {record_no}：{record}")
    rows = f"""
        56 | 2 透析日期 | 3 {{admitted}} | 2 透析器 | 3 F14
        56 | 2 干体重 | 3 {rng.randrange(50, 75)} kg | 2 超滤量 | 3 {rng.randrange(15, 35) / 10} L
        56 | 2 血流量 | 3 250 ml/min | 2 透析液 | 3 碳酸氢盐
        """
    y = form.table(230, rows, 22)
    form.say(90, y + 30, "治疗过程顺利，内瘘通畅，患者无不适。")
    return _signed(form, y + 120)


def operation_record(case: Case, rng: Random) -> Sheet:
    form = FormSheet(case, rng)
    form.title(80, case.stay.hospital.name, 38, "bold")
    form.heading(145, "手术记录", "手术记录单", size=36)
    form.say(
        90, 215, "姓名：{name}   性别：{sex}   年龄：{age}岁   科室：{ward}   {record_no}：{record}"
    )
    y = 280
    for name, words in (
        ("手术日期", "{admitted}"),
        ("术前诊断", "{first}"),
        ("术中诊断", "{first}"),
        ("手术名称", rng.choice(("病灶切除术", "切开复位内固定术", "瓣膜置换术"))),
        ("麻醉方式", "全身麻醉"),
        ("手术经过", "麻醉成功后，常规消毒铺巾，逐层切开，手术顺利，术中出血约100ml，安返病房。"),
    ):
        form.say(90, y, f"{name}：", 25, "bold")
        y = form.paragraph(240, y, 900, form.filled(words), 25) + 20
    return _signed(form, y + 80)


def _stained(form: FormSheet, y: int) -> None:
    """The picture under the microscope: violet grains on pink."""
    form.draw.rectangle((150, y + 20, 560, y + 300), fill=(222, 180, 205))
    for _ in range(400):
        left, top = form.rng.randrange(152, 548), form.rng.randrange(y + 22, y + 290)
        size = form.rng.randrange(3, 10)
        form.draw.ellipse((left, top, left + size, top + size), fill=(140, 60, 140))


def _numbered(diagnoses: tuple[SampleDiagnosis, ...], rng: Random) -> str:
    with_code = rng.random() < 0.5
    texts = [f"{one.text}（{one.icd}）" if with_code else one.text for one in diagnoses]
    if len(texts) == 1:
        return texts[0]
    return "  ".join(f"{place}.{text}" for place, text in enumerate(texts, 1))


def _course(rng: Random) -> str:
    return "".join(
        part for place, part in enumerate(COURSE) if place in (0, 4) or rng.random() < 0.6
    )


def _advice(rng: Random) -> str:
    return "".join(f"{place}.{part}" for place, part in enumerate(rng.sample(ADVICE, 4), 1))


def _signed(form: FormSheet, y: int) -> Sheet:
    form.say(640, y, "医师签名：")
    form.by_hand(790, y - 8, form.case.stay.doctor, 34, form.rng)
    form.say(640, y + 60, "日期：{discharged}")
    press(form, 940, y + 20, form.case.stay.hospital.name, form.rng, form.rng.choice(STAMPS))
    return form
