"""A plan file is refused with file, key and value; what ships is whole."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from rules.assessing import assess
from rules.errors import BadInput
from rules.plans import available, choose, codes_of, family_of, load, load_file, table
from rules.plans.loading import SHIPPED

MAIN = (SHIPPED / "main-2020.toml").read_text(encoding="utf-8")
CASE = """{"plan": "main-2020", "received_on": "2026-04-20",
 "member": {"birth_date": "1985-03-17", "sex": "F"}, "unit_city": "长春市",
 "coverages": [{"start": "2025-07-01", "end": "2026-06-30"}],
 "event": {"kind": "hospital_stay", "cause": "%s", "admitted_on": "2026-03-02",
           "discharged_on": "2026-03-14", "hospital": {"name": "吉林大学第一医院"}}}"""


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    return tmp_path / "trial.toml"


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_file(path)
    said = str(caught.value)
    assert said.startswith(f"{path}：")
    return said.removeprefix(f"{path}：")


def edited(old: str, new: str, text: str = MAIN) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def test_the_editions_of_the_scheme_ship() -> None:
    assert [plan.code for plan in available()] == [
        "accident-2022",
        "illness-2020",
        "main-2020",
        "main-2025",
        "medical-old",
        "medical-2022",
        "women-changchun",
    ]


def test_the_main_plan_holds_the_figures_of_the_notice() -> None:
    plan = load("main-2020")
    stay, illness, accident = plan.hospital_allowance, plan.critical_illness, plan.accident
    assert stay is not None
    assert illness is not None
    assert accident is not None
    assert (plan.enrolment.fee.value, plan.enrolment.subsidy.value) == (11000, 3000)  # type: ignore[union-attr]
    assert (stay.local_rate.value, stay.local_most.value) == (5000, 450000)
    assert (stay.elsewhere_rate.value, stay.elsewhere_most.value) == (4000, 360000)
    assert (stay.least.value, stay.stays.value, stay.period_most.value) == (10000, 2, 900000)
    assert [(each.from_day, each.pays) for each in illness.windows] == [(31, 50000), (91, 1000000)]
    assert accident.death.value == accident.disability.value == 2000000
    assert accident.disability_in_hospital.value == 4000000


def test_the_newer_edition_differs_in_the_count_and_the_ceiling_alone() -> None:
    older, newer = load("main-2020"), load("main-2025")
    stay, before = newer.hospital_allowance, older.hospital_allowance
    assert stay is not None
    assert before is not None
    assert (stay.stays.value, stay.stays.confirmed) == (None, False)
    assert (stay.period_most.value, stay.period_most.confirmed) == (None, False)
    assert replace(stay, stays=before.stays, period_most=before.period_most) == before
    assert replace(newer.rulings, stays=older.rulings.stays) == older.rulings
    assert newer.accident == older.accident
    assert newer.exclusions == older.exclusions
    assert newer.effective_to is None


def test_all_26_rulings_say_reading_other_reading_and_reason() -> None:
    rulings = load("main-2020").rulings
    found = [getattr(rulings, field.name) for field in fields(rulings)]
    assert [ruling.id for ruling in found] == [f"R{n}" for n in range(1, 27)]
    assert [ruling.id for ruling in found if not ruling.confirmed] == ["R16", "R19"]
    assert all(ruling.reading and ruling.other and ruling.reason for ruling in found)


@pytest.mark.parametrize(
    ("named", "on", "code"),
    [
        ("main", date(2025, 5, 20), "main-2020"),
        ("main", date(2025, 5, 21), "main-2025"),
        ("main", date(2020, 1, 8), "main-2020"),
        ("main-2020", date(2030, 1, 1), "main-2020"),
        ("medical", date(2021, 12, 31), "medical-old"),
        ("medical", date(2022, 1, 1), "medical-2022"),
    ],
)
def test_a_family_is_its_edition_of_the_day_and_a_code_is_itself(
    named: str, on: date, code: str
) -> None:
    assert choose(named, on).code == code


def test_a_family_before_its_first_edition_is_refused() -> None:
    with pytest.raises(BadInput, match=r"^plan：没有这个计划：main（现有 "):
        choose("main", date(2020, 1, 7))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "main-2020"', 'code = "main-2020"\ncolour = 3', "colour：不认识的键：3"),
        (
            "[hospital_allowance]",
            "[hospital_allowance]\nbonus = 7",
            "hospital_allowance.bonus：不认识的键：7",
        ),
        ('family = "main"\n', "", "family：缺少此项："),
        (
            'local_rate = { value = "50.00", article = "4.1.1" }',
            'local_rate = { value = "50.00" }',
            "hospital_allowance.local_rate.article：缺少此项：{'value': '50.00'}",
        ),
        (
            'local_rate = { value = "50.00", article = "4.1.1" }',
            'local_rate = { value = "50.00", article = "" }',
            "hospital_allowance.local_rate.article：不合要求",
        ),
        (
            'local_rate = { value = "50.00"',
            'local_rate = { value = "0.00"',
            "hospital_allowance.local_rate.value：不合要求",
        ),
        (
            'local_rate = { value = "50.00"',
            'local_rate = { value = "-50.00"',
            "hospital_allowance.local_rate.value：不合要求",
        ),
        (
            'local_rate = { value = "50.00"',
            "local_rate = { value = 50",
            "hospital_allowance.local_rate.value：不合要求（Value error, 金额须写成带引号的文字，"
            '如 "50.00"）：50',
        ),
        (
            'local_rate = { value = "50.00"',
            'local_rate = { value = "fifty"',
            "hospital_allowance.local_rate.value：不合要求（Value error, 不是金额：fifty）：fifty",
        ),
        (
            'local_rate = { value = "50.00"',
            'local_rate = { value = "60.00"',
            "hospital_allowance.local_most：与日标准 × 90 天不符，应为 5400.00：4500.00",
        ),
        (
            'elsewhere_most = { value = "3600.00"',
            'elsewhere_most = { value = "3600.01"',
            "hospital_allowance.elsewhere_most：与日标准 × 90 天不符，应为 3600.00：3600.01",
        ),
        (
            "hospital_level = { value = 2",
            "hospital_level = { value = 4",
            "hospital_allowance.hospital_level.value：不合要求",
        ),
        ("stays = { value = 2", "stays = { value = 0", "hospital_allowance.stays.value：不合要求"),
        ("stays = { value = 2", "stays = { value = true", "hospital_allowance.stays.value：不合"),
        (
            "effective_to = 2025-05-20",
            "effective_to = 2020-01-07",
            "effective_to：早于 effective_from：2020-01-07",
        ),
        ("effective_to = 2025-05-20", 'effective_to = "never"', "effective_to：不合要求"),
        (
            "age_most = { value = 60",
            "age_most = { value = 15",
            "enrolment.age_most：小于 age_least：15",
        ),
        (
            'illnesses = { value = "fifteen"',
            'illnesses = { value = "sixteen"',
            "critical_illness.illnesses：没有这个病种名单：sixteen",
        ),
        (
            "waiting = { value = 30",
            "waiting = { value = 31",
            "critical_illness.windows：应从观察期满的次日开始：31",
        ),
        ("from_day = 91", "from_day = 31", "critical_illness.windows：起始日须依次增大：31"),
        ("90, 80, 70", "80, 90, 70", "accident.grades：较轻等级的比例大于较重等级：90"),
        ("[100, 90,", "[101, 90,", "accident.grades.value.0：不合要求"),
        ("[100, 90,", "[90,", "accident.grades.value：不合要求"),
        (
            "{ from_percent = 5, pays = 75 }",
            "{ from_percent = 2, pays = 75 }",
            "accident.burns.value.head：面积和比例须依次增大：2",
        ),
        (
            "{ from_percent = 20, pays = 100 }",
            "{ from_percent = 20, pays = 74 }",
            "accident.burns.value.body：面积和比例须依次增大：20",
        ),
        ('id = "R7"', 'id = "R8"', "rulings.transfer.id：应为 R7：R8"),
        ('value = "threshold"', 'value = "both"', "rulings.first_day.value：不合要求"),
        ('value = "first_received"', 'value = "first_admitted"', "rulings.stays.value：不合要求"),
        ('value = ["illness"]', 'value = ["ilness"]', "rulings.cause.value.0：不合要求"),
        ("value = 90\n", "value = 0\n", "rulings.day_cap.value：不合要求"),
        (
            'confirmed = false, note = "15',
            'confirmed = false, remark = "15',
            "critical_illness.illnesses",
        ),
        (
            'note = "15 种重大疾病的名单尚未取得原文"',
            'note = ""',
            "critical_illness.illnesses：不合要求（Value error, confirmed = false 须有 note 说明）",
        ),
    ],
)
def test_a_fault_is_named_by_file_key_and_value(trial: Path, old: str, new: str, said: str) -> None:
    assert refusal(trial, edited(old, new)).startswith(said)


def test_a_ruling_that_is_missing_is_named(trial: Path) -> None:
    first = MAIN.index("[rulings.late]")
    after = MAIN.index("[rulings.age]")
    assert refusal(trial, MAIN[:first] + MAIN[after:]).startswith("rulings.late：缺少此项")


def test_editions_of_one_family_may_not_overlap(tmp_path: Path) -> None:
    older = edited("effective_to = 2025-05-20", "effective_to = 2025-05-21")
    (tmp_path / "main-2020.toml").write_text(older, encoding="utf-8")
    newer = (SHIPPED / "main-2025.toml").read_text(encoding="utf-8")
    said = refusal(tmp_path / "main-2025.toml", newer)
    assert said == "effective_from：与 main-2020 的生效日期重叠：2025-05-21"
    said = refusal(tmp_path / "main-2020.toml", older)
    assert said == "effective_from：与 main-2025 的生效日期重叠：2020-01-08"


def test_editions_may_touch_and_another_family_may_overlap(tmp_path: Path) -> None:
    for code in ("main-2020", "main-2025", "illness-2020"):
        text = (SHIPPED / f"{code}.toml").read_text(encoding="utf-8")
        (tmp_path / f"{code}.toml").write_text(text, encoding="utf-8")
    for code in ("main-2020", "main-2025", "illness-2020"):
        assert load_file(tmp_path / f"{code}.toml") == load(code)


def test_a_trial_copy_of_an_edition_may_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "main-2020.toml").write_text(MAIN, encoding="utf-8")
    (tmp_path / "trial.toml").write_text(MAIN, encoding="utf-8")
    assert load_file(tmp_path / "trial.toml").code == "main-2020"


def test_an_open_edition_overlaps_every_later_one(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(edited("effective_to = 2025-05-20\n", ""), encoding="utf-8")
    later = edited('code = "main-2020"', 'code = "main-2030"')
    later = edited("2020-01-08", "2030-01-01", edited("effective_to = 2025-05-20\n", "", later))
    assert refusal(tmp_path / "b.toml", later).startswith("effective_from：与 main-2020 的生效日期")


def test_a_base_is_looked_for_beside_the_file_first(tmp_path: Path) -> None:
    own = edited('value = "110.00"', 'value = "120.00"')
    (tmp_path / "main-2020.toml").write_text(own, encoding="utf-8")
    newer = (SHIPPED / "main-2025.toml").read_text(encoding="utf-8")
    (tmp_path / "main-2025.toml").write_text(newer, encoding="utf-8")
    assert load_file(tmp_path / "main-2025.toml").enrolment.fee.value == 12000


def test_an_edition_may_be_based_on_one_that_is_based_on_another(trial: Path) -> None:
    trial.write_text(
        'code = "main-2027"\neffective_from = 2027-01-01\nbased_on = "main-2025"\n'
        '[enrolment]\nfee = { value = "130.00", article = "4.1" }',
        encoding="utf-8",
    )
    plan = load_file(trial)
    assert (plan.enrolment.fee.value, plan.effective_to) == (13000, None)
    assert plan.hospital_allowance == load("main-2025").hospital_allowance


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("effective_to = 2025-05-20", "effective_to = 2020-01-08"),
        ("age_most = { value = 60", "age_most = { value = 16"),
        ("90, 80, 70", "90, 90, 70"),
        ("{ from_percent = 5, pays = 75 }", "{ from_percent = 5, pays = 50 }"),
    ],
)
def test_figures_may_be_equal_where_they_may_not_be_reversed(
    trial: Path, old: str, new: str
) -> None:
    trial.write_text(edited(old, new), encoding="utf-8")
    assert load_file(trial).code == "main-2020"


def test_a_fault_in_another_edition_of_the_family_is_named_as_its_own(tmp_path: Path) -> None:
    other = edited('code = "main-2020"', 'code = "main-2019"\ncolour = "red"')
    (tmp_path / "main-2019.toml").write_text(other, encoding="utf-8")
    (tmp_path / "main-2020.toml").write_text(MAIN, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_file(tmp_path / "main-2020.toml")
    assert str(caught.value) == f"{tmp_path / 'main-2019.toml'}：colour：不认识的键：red"


def test_a_long_value_is_cut_in_the_sentence(trial: Path) -> None:
    said = refusal(trial, edited('code = "main-2020"', f'code = "main-2020"\nx = "{"y" * 300}"'))
    assert said == "x：不认识的键：" + "y" * 200


def test_a_base_that_is_not_there_is_refused(trial: Path) -> None:
    said = refusal(trial, 'code = "x"\nbased_on = "main-1999"')
    assert said == "based_on / rulings_of：没有这个计划：main-1999"


def test_an_exclusion_the_main_plan_does_not_have_is_not_taken_over(trial: Path) -> None:
    accident = (SHIPPED / "accident-2022.toml").read_text(encoding="utf-8")
    said = refusal(trial, accident.replace('"war"', '"wars"'))
    assert said == "excludes：没有这种除外情形：wars"


def test_editions_based_on_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('based_on = "two"', encoding="utf-8")
    (tmp_path / "two.toml").write_text('rulings_of = "one"', encoding="utf-8")
    with pytest.raises(BadInput, match=r"one\.toml：based_on / rulings_of：没有这个计划：two$"):
        load_file(tmp_path / "two.toml")
    with pytest.raises(BadInput, match=r"two\.toml：based_on / rulings_of：没有这个计划：one$"):
        load_file(tmp_path / "one.toml")


def test_what_is_no_toml_or_no_file_is_refused(trial: Path) -> None:
    assert refusal(trial, "code = ").startswith("不是有效的 TOML 文件：")
    trial.write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="不是有效的 TOML 文件"):
        load_file(trial)
    with pytest.raises(BadInput, match=r"^计划文件无法打开：.*none\.toml$"):
        load_file(trial.with_name("none.toml"))


def test_a_trial_edition_is_judged_in_place_of_the_one_the_case_names(trial: Path) -> None:
    text = edited('code = "main-2020"', 'code = "trial"')
    text = edited('value = "50.00"', 'value = "60.00"', text)
    text = edited('value = "4500.00"', 'value = "5400.00"', text)
    trial.write_text(text, encoding="utf-8")
    said = assess(CASE % "illness", trial)
    assert '"plan": "trial"' in said
    assert "12 天 × 60 元 = 720 元" in said


def test_a_shipped_file_read_again_is_the_same_edition() -> None:
    for plan in available():
        assert load_file(SHIPPED / f"{plan.code}.toml") == plan


def test_a_trial_edition_may_have_three_windows(trial: Path) -> None:
    text = edited(
        '{ from_day = 91, pays = "10000.00", article = "4.1.2" },',
        '{ from_day = 61, pays = "1000.00", article = "4.1.2" },\n'
        '{ from_day = 91, pays = "10000.00", article = "4.1.2" },',
    )
    trial.write_text(text, encoding="utf-8")
    case = CASE[: CASE.index('"event"')] + (
        '"event": {"kind": "critical_illness", "illness": "stroke",'
        ' "diagnosed_on": "2025-%s", "first_diagnosis": true}}'
    )
    assert "确诊在生效第 60 日，第 91 日起才给付 10000 元" in assess(case % "08-29", trial)
    assert '"amount": "1000.00"' in assess(case % "08-30", trial)
    assert "REDUCED_WINDOW" in assess(case % "09-28", trial)
    assert "REDUCED_WINDOW" not in assess(case % "09-29", trial)


def test_a_trial_edition_may_cover_accidents(trial: Path) -> None:
    trial.write_text(
        edited('value = ["illness"]', 'value = ["illness", "accident"]'), encoding="utf-8"
    )
    assert '"CAUSE_NOT_COVERED"' in assess(CASE % "accident")
    assert '"amount": "600.00"' in assess(CASE % "accident", trial)


def test_a_trial_edition_may_confirm_what_is_in_doubt(trial: Path) -> None:
    accident = CASE[: CASE.index('"event"')] + (
        '"event": {"kind": "accident", "happened_on": "2026-03-02", "outcome": %s}}'
    )
    for outcome in ('"disability", "grades": [5]', '"burn", "area": "head", "percent": 3'):
        text = MAIN
        for doubt in (
            "confirmed = false, note",
            "confirmed = false\nnote",
            "confirmed = false\ndec",
        ):
            trial.write_text(text, encoding="utf-8")
            assert "UNCONFIRMED_RULE" in assess(accident % outcome, trial)
            text = text.replace(doubt, doubt.replace("false", "true"))
        trial.write_text(text, encoding="utf-8")
        assert "UNCONFIRMED_RULE" not in assess(accident % outcome, trial)


def test_a_confirmed_figure_is_in_no_doubt_with_any_note() -> None:
    accident = load("main-2020").accident
    assert accident is not None
    assert accident.grades.doubt == "1 级至 10 级的给付比例（%）"
    assert replace(accident.grades, confirmed=True).doubt == ""


def test_a_supervisor_sees_every_figure_its_article_and_its_mark() -> None:
    rows = {(row.section, row.name): row for row in table(load("main-2020"))}
    fee = rows["参保", "会费"]
    assert (fee.value, fee.article, fee.confirmed) == ("110 元", "4.1", True)
    assert rows["住院津贴", "保障期内次数"].value == "2"
    assert rows["重大疾病", "第 91 日起"].value == "10000 元"
    assert rows["重大疾病", "名单完整"].value == "是"
    grades = rows["意外伤害", "1–10 级给付比例（%）"]
    assert grades.value == "100／90／80／70／60／50／40／30／20／10"
    assert (grades.confirmed, grades.note) == (False, "1 级至 10 级的给付比例（%）")
    assert rows["意外伤害", "烧烫伤给付比例"].value == (
        "头颈手部 ≥2%：50%，≥5%：75%，≥8%：100%；其他部位 ≥10%：50%，≥15%：75%，≥20%：100%"
    )
    assert rows["除外情形（转人工）", "生育"].value == "childbirth"
    ruling = rows["口径", "R16 伤残按何标准定级"]
    assert not ruling.confirmed
    assert ruling.note == (
        "另一种读法：劳动能力鉴定标准（GB/T 16180）。理由：同业通用，本会所用标准尚未取得"
    )
    assert len([row for row in rows if row[0] == "口径"]) == 26
    assert len(rows) == len(table(load("main-2020")))


def test_every_row_of_the_table_shows_its_article_and_its_mark() -> None:
    rows = {
        (row.section, row.name): (row.article, row.confirmed) for row in table(load("main-2020"))
    }
    assert rows["重大疾病", "第 31 日起"] == ("4.1.2", True)
    assert rows["除外情形（转人工）", "生育"] == ("4.1.1", True)
    assert rows["口径", "R16 伤残按何标准定级"] == ("4.1.3", False)
    assert rows["口径", "R21 申请时限"] == ("6.3", True)


def test_the_table_names_every_key_of_every_shipped_plan() -> None:
    shown = {plan.code: table(plan) for plan in available()}
    assert all(row.section and row.name and row.value for rows in shown.values() for row in rows)
    medical = {row.name: row.value for row in shown["medical-2022"]}
    assert medical["给付比例（%）：省级／市级／区级"] == "10.5／8.4／6.3"
    assert medical["计算基数"] == "医保基金支付额"
    assert medical["保障期最高"] == "—"
    women = {row.name: row.value for row in shown["women-changchun"]}
    assert (women["性别"], women["病种名单"]) == ("女", "8 类女工特殊疾病")


def test_a_family_has_its_editions_and_a_code_without_a_file_is_its_own_family() -> None:
    assert set(codes_of("main")) == {"main-2020", "main-2025"}
    assert codes_of("no-such") == []
    assert [family_of(code) for code in ("main-2025", "no-such")] == ["main", "no-such"]
