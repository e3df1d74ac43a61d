"""Papers that a hospital writes about an illness: discharge record, diagnosis certificate, pathology report."""

from random import Random

from samples.case import Case, Diagnosis
from samples.sheet import Box, Sheet
from samples.stamp import press
from samples.words import Wording

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


def discharge_record(case: Case, rng: Random) -> Sheet:
    return rng.choice((_lined_record, _boxed_record, _terse_record))(case, rng)


def _lined_record(case: Case, rng: Random) -> Sheet:
    """Headings over running text, the commonest print of a hospital's own system."""
    sheet, wording, stay, person = (
        Sheet(face=rng.choice(("song", "serif"))),
        Wording(rng),
        case.stay,
        case.person,
    )
    sheet.title(70, stay.hospital.name, 44, "bold")
    sheet.title(135, rng.choice(("出院记录", "出 院 记 录", "出院小结")), 38)
    sheet.rule(200)
    y = _heads(
        sheet,
        215,
        [
            [
                ("姓名", person.name),
                ("性别", person.sex),
                ("年龄", f"{person.age_on(stay.admitted_on)}岁"),
            ],
            [("科室", stay.ward), ("床号", f"{stay.bed}床"), (wording.record, stay.record_number)],
        ],
        wording,
    )
    sheet.rule(y)
    y = _heads(
        sheet,
        y + 15,
        [
            [
                (wording.admitted, wording.moment(stay.admitted_on)),
                (wording.discharged, wording.moment(stay.discharged_on)),
            ],
            [(wording.days, wording.stay_days(stay.days)), ("主管医师", stay.doctor)],
        ],
        wording,
    )
    sections = [
        ("入院诊断", _numbered(stay.diagnoses[:1], rng)),
        (
            "入院情况",
            f"患者{person.name}，{person.sex}，{person.age_on(stay.admitted_on)}岁，因“{stay.complaint}”于{wording.day(stay.admitted_on)}收入我科。查体：T36.5℃，P78次/分，R18次/分，BP128/82mmHg。",
        ),
        (rng.choice(("住院经过", "诊疗经过")), _course(rng)),
        ("出院诊断", _numbered(stay.diagnoses, rng)),
        ("出院情况", rng.choice(("治愈", "好转", "患者病情好转，无特殊不适主诉。"))),
        ("出院医嘱", _advice(rng)),
    ]
    for name, words in sections:
        sheet.text(90, y + 8, wording.label(name, ""), 25, "bold")
        y = sheet.paragraph(90, y + 48, 1060, "    " + words, 24) + 6
    _sign(sheet, case, wording, max(y + 60, 1420), rng)
    return sheet


def _boxed_record(case: Case, rng: Random) -> Sheet:
    """Everything in one table; diagnoses with their ICD codes in a column."""
    sheet, wording, stay, person = (
        Sheet(face=rng.choice(("hei", "sans"))),
        Wording(rng),
        case.stay,
        case.person,
    )
    sheet.title(80, stay.hospital.name, 42, "hei")
    sheet.title(145, "出院记录", 36, "hei")
    y = 215
    y = sheet.row(
        y,
        58,
        [
            Box(1, "姓名"),
            Box(1.5, person.name),
            Box(1, "性别"),
            Box(0.8, person.sex),
            Box(1, "年龄"),
            Box(1, f"{person.age_on(stay.admitted_on)}岁"),
            Box(1.2, wording.record),
            Box(1.8, stay.record_number),
        ],
        22,
    )
    y = sheet.row(
        y,
        58,
        [
            Box(1, "科别"),
            Box(2.5, stay.ward),
            Box(1.2, wording.admitted),
            Box(2.2, wording.moment(stay.admitted_on)),
            Box(1, "床号"),
            Box(1.0, stay.bed),
        ],
        21,
    )
    y = sheet.row(
        y,
        58,
        [
            Box(1.6, wording.discharged),
            Box(3, wording.moment(stay.discharged_on)),
            Box(1.6, wording.days),
            Box(3, wording.stay_days(stay.days)),
        ],
        22,
    )
    y = sheet.row(y, 50, [Box(5, "出院诊断名称"), Box(2, "ICD-10编码"), Box(1.5, "转归")], 22)
    for one in stay.diagnoses:
        y = sheet.row(
            y, 50, [Box(5, one.text), Box(2, one.icd), Box(1.5, rng.choice(("治愈", "好转")))], 22
        )
    for name, words, height in (
        ("入院时情况", f"因“{stay.complaint}”入院。神清，双肺呼吸音清，心律齐，腹软。", 150),
        ("诊疗经过", _course(rng), 290),
        ("出院时情况", "一般状态可，无发热，切口愈合良好。", 110),
        ("出院医嘱", _advice(rng), 210),
    ):
        y = sheet.row(y, height, [Box(1.4, name), Box(7, words, align="left")], 22)
    _sign(sheet, case, wording, y + 70, rng)
    return sheet


def _terse_record(case: Case, rng: Random) -> Sheet:
    """Label and value one under the other, as small systems print them."""
    sheet, wording, stay, person = (
        Sheet(face=rng.choice(("song", "serif"))),
        Wording(rng),
        case.stay,
        case.person,
    )
    sheet.title(90, f"{stay.hospital.name}", 38)
    sheet.title(150, rng.choice(("出院小结", "出院记录单", "出院证明书（出院小结）")), 34, "bold")
    y = 240
    for name, words in (
        (
            "病人姓名",
            f"{person.name}    性别：{person.sex}    年龄：{person.age_on(stay.admitted_on)}岁",
        ),
        ("住院科室", f"{stay.ward}    {wording.record}：{stay.record_number}    床号：{stay.bed}"),
        ("工作单位", f"{case.unit_name}    联系电话：{person.phone}"),
        (
            "住院日期",
            f"{wording.day(stay.admitted_on)} 至 {wording.day(stay.discharged_on)}    共住院 {stay.days} 天",
        ),
        ("入院诊断", stay.diagnoses[0].text),
        ("出院诊断", "；".join(one.text for one in stay.diagnoses)),
        ("治疗经过", _course(rng)),
        ("治疗结果", rng.choice(("治愈", "好转"))),
        ("出院建议", _advice(rng)),
    ):
        sheet.text(100, y, f"{name}：", 26)
        y = sheet.paragraph(250, y, 880, words, 26) + 22
    _sign(sheet, case, wording, max(y + 60, 1350), rng)
    return sheet


def diagnosis_certificate(case: Case, rng: Random) -> Sheet:
    sheet, wording, stay, person = (
        Sheet((1240, 877), face="song"),
        Wording(rng),
        case.stay,
        case.person,
    )
    sheet.title(50, stay.hospital.name, 38, "bold")
    sheet.title(108, rng.choice(("诊断证明书", "疾病诊断证明书", "诊 断 书")), 36)
    sheet.text(1140, 160, f"No.{rng.randrange(10**6, 10**7)}", 22, "hei", (190, 40, 40), "ra")
    y = _heads(
        sheet,
        190,
        [
            [
                ("姓名", person.name),
                ("性别", person.sex),
                ("年龄", str(person.age_on(stay.discharged_on))),
            ],
            [("单位", case.unit_name), (wording.record, stay.record_number)],
            [
                ("科别", stay.ward),
                ("住院日期", f"{wording.day(stay.admitted_on)}—{wording.day(stay.discharged_on)}"),
            ],
        ],
        wording,
    )
    sheet.rule(y)
    y = sheet.paragraph(100, y + 20, 1040, "诊断：" + _numbered(stay.diagnoses, rng), 27)
    y = sheet.paragraph(
        100,
        y + 20,
        1040,
        "处理意见："
        + rng.choice(
            (
                "建议休息两周，门诊复查。",
                "出院后全休一个月，避免剧烈活动。",
                "继续药物治疗，定期复查。",
            )
        ),
        27,
    )
    _sign(sheet, case, wording, max(y + 60, 700), rng)
    return sheet


def pathology_report(case: Case, rng: Random) -> Sheet:
    sheet, wording, stay, person = (
        Sheet((1240, 1500), face="hei"),
        Wording(rng),
        case.stay,
        case.person,
    )
    number = f"{stay.admitted_on.year}-{rng.randrange(10000, 99999)}"
    sheet.title(70, stay.hospital.name, 42)
    sheet.title(135, rng.choice(("病理检查报告单", "病理诊断报告书", "病理报告单")), 36)
    sheet.text(1140, 185, f"病理号：{number}", 24, anchor="ra")
    sheet.rule(222)
    y = _heads(
        sheet,
        235,
        [
            [
                ("姓名", person.name),
                ("性别", person.sex),
                ("年龄", f"{person.age_on(stay.admitted_on)}岁"),
            ],
            [("送检科室", stay.ward), ("床号", stay.bed), (wording.record, stay.record_number)],
            [("收到日期", wording.day(stay.admitted_on)), ("送检材料", "组织")],
        ],
        wording,
    )
    sheet.rule(y)
    sheet.text(90, y + 20, "肉眼所见：", 25)
    y = sheet.paragraph(
        110,
        y + 60,
        1020,
        f"灰白灰红组织{rng.randrange(2, 6)}块，大小{rng.randrange(2, 6)}×{rng.randrange(2, 5)}×2cm，切面灰白，质硬。",
        24,
    )
    sheet.draw.rectangle((150, y + 20, 560, y + 300), fill=(222, 180, 205))
    for _ in range(400):
        px, py, size = rng.randrange(152, 548), rng.randrange(y + 22, y + 290), rng.randrange(3, 10)
        sheet.draw.ellipse((px, py, px + size, py + size), fill=(120 + rng.randrange(40), 60, 140))
    sheet.text(90, y + 330, "病理诊断：", 26, "bold")
    y = sheet.paragraph(
        110,
        y + 380,
        1020,
        f"（{stay.ward[:3]}标本）{stay.diagnoses[0].text}，{rng.choice(('中分化', '低分化', '高分化'))}，切缘未见癌组织。",
        26,
    )
    sheet.text(
        90,
        max(y + 60, 1250),
        f"报告医师：{stay.doctor}    审核医师：{rng.choice('祝崔邢')}{rng.choice(('立新', '春艳'))}    报告日期：{wording.day(stay.admitted_on)}",
        24,
    )
    press(sheet, 950, max(y + 40, 1240), stay.hospital.name, rng, "病理科")
    sheet.text(90, 1430, "本报告仅对送检标本负责", 20)
    sheet.made_up(rng)
    return sheet


def _heads(sheet: Sheet, y: int, lines: list[list[tuple[str, str]]], wording: Wording) -> int:
    for line in lines:
        room = 1060 // len(line)
        for place, (name, value) in enumerate(line):
            sheet.text(90 + place * room, y, wording.label(name, value), 24)
        y += 48
    return y


def _numbered(diagnoses: tuple[Diagnosis, ...], rng: Random) -> str:
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


def _sign(sheet: Sheet, case: Case, wording: Wording, y: int, rng: Random) -> None:
    sheet.text(640, y, wording.label("医师签名", ""), 24)
    sheet.by_hand(790, y - 8, case.stay.doctor, 34, rng)
    sheet.text(640, y + 60, wording.label("日期", wording.day(case.stay.discharged_on)), 24)
    press(
        sheet,
        940,
        y + 20,
        case.stay.hospital.name,
        rng,
        rng.choice(("病案专用章", "诊断专用章", "医务处")),
    )
    sheet.made_up(rng)
