"""The sample unit and its members, and the roster it hands in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

import xlsxwriter

from samples.people import SamplePerson, made_up_person

UNIT_NAME = "吉林省样例厅机关工会"
UNIT_CODE_BODY = "81220000MC0Q7W31X"
PLAN = "main-2020"
# Which of the members has also this plan, and with how many shares.
WITH_TWO_PLANS, ILLNESS_PLAN, ILLNESS_SHARES = 18, "illness-2020", 2
COVER_START, COVER_END = date(2026, 1, 1), date(2026, 12, 31)
# Older than the county code of their number: such people exist, but some libraries refuse them.
ELDERS = ((date(1966, 5, 17), "220183"), (date(1965, 9, 2), "220184"))
HEADINGS = (
    "序号",
    "单位名称",
    "姓名",
    "证件号码",
    "手机号",
    "用工性质",
    "参保类型",
    "计划代码",
    "会费",
    "单位承担",
    "个人承担",
    "上级补助",
    "开户行",
    "银行卡号",
    "备注",
)


@dataclass(frozen=True)
class SampleUnit:
    name: str
    code: str
    members: tuple[SamplePerson, ...]


def sample_unit() -> SampleUnit:
    """Twenty-two members, always the same ones."""
    rng = Random("the members of the sample unit")
    elders = [made_up_person(rng, born_on, county) for born_on, county in ELDERS]
    others = [made_up_person(rng) for _ in range(20)]
    return SampleUnit(
        UNIT_NAME, UNIT_CODE_BODY + code_check(UNIT_CODE_BODY), tuple(elders + others)
    )


def code_check(body: str) -> str:
    """GB 32100: the check character of the unified social credit code."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return alphabet[-total % 31]


def write_roster(unit: SampleUnit, path: Path) -> None:
    rows = [_cells(row, unit, person) for row, person in enumerate(unit.members, 1)]
    _write(path, HEADINGS, rows)


def write_illness_roster(unit: SampleUnit, path: Path) -> None:
    """Who has an optional plan beside the main one, and how many shares of it."""
    person = unit.members[WITH_TWO_PLANS]
    fee = ILLNESS_SHARES * 30
    told = (1, unit.name, person.name, person.id_number, person.phone, "正式", "新参")
    paid = (ILLNESS_PLAN, fee, 0, fee, 0, person.bank_name, person.card_number, "", ILLNESS_SHARES)
    _write(path, (*HEADINGS, "份数"), [(*told, *paid)])


def _write(path: Path, headings: Sequence[str], rows: Sequence[Sequence[int | str]]) -> None:
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_numbers": False}
    ) as book:
        # By default the library writes the current time, and no two files would be equal.
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet("参保名单")
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "border": 1}))
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells):
                sheet.write(row, column, value)
        sheet.set_column(1, 13, 20)


def _cells(row: int, unit: SampleUnit, person: SamplePerson) -> tuple[int | str, ...]:
    work = "合同" if row % 5 == 0 else "临时" if row % 11 == 0 else "正式"
    kind = "新参" if row % 4 == 0 else "续保"
    return (
        row,
        unit.name,
        person.name,
        person.id_number,
        person.phone,
        work,
        kind,
        PLAN,
        110,
        50,
        30,
        30,
        person.bank_name,
        person.card_number,
        "聘用24个月" if work == "临时" else "",
    )
