"""What else was considered for a field: other papers, the print, the count, the register."""

from collections.abc import Callable
from typing import Any

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract, report
from documents.reading.alternatives import Source, alternatives
from documents.reading.fields import FieldName
from documents.reading.simplified import simplified

PageMaker = Callable[..., PageReading]
FORM, RECORD = Kind.APPLICATION_FORM, Kind.DISCHARGE_RECORD
Told = list[tuple[object, Source, int]]


def _told(pages: list[PageReading], name: FieldName) -> Told:
    found = alternatives(extract(pages), name)
    return [(each.value, each.source, each.distance) for each in found]


def test_another_paper_is_offered_with_its_place_and_its_line(a_page: PageMaker) -> None:
    pages = [a_page(FORM, ["入院日期:2026-03-02"]), a_page(RECORD, ["入院日期:2026-03-12"], 0.7)]
    [other] = alternatives(extract(pages), FieldName.ADMITTED_ON)
    assert (other.value, other.source) == ("2026-03-12", Source.PAPER)
    assert other.said is not None
    assert (other.said.page_index, other.said.line) == (1, "入院日期:2026-03-12")


def test_a_doubtful_day_is_offered_as_the_printed_days_give_it(a_page: PageMaker) -> None:
    rows = ["入院日期:2026-03-02", "出院日期:2026-03-24", "住院天数:12天"]
    page = a_page(RECORD, rows)
    assert _told([page], FieldName.DISCHARGED_ON) == [("2026-03-14", Source.COUNT, 0)]
    assert _told([page], FieldName.ADMITTED_ON) == [("2026-03-12", Source.COUNT, 0)]


@pytest.mark.parametrize(
    ("read", "nearest", "distance"),
    [
        ("吉林省肿瘸医院", "吉林省肿瘤医院", 1),
        ("吉林大学第一医院二部", "吉林大学第一医院", 2),
        ("吉林省肿瘤医院（省癌症中心）", "吉林省肿瘤医院", 7),
    ],
)
def test_the_nearest_hospitals_of_the_register_are_offered_with_their_distance(
    a_page: PageMaker, read: str, nearest: str, distance: int
) -> None:
    told = _told([a_page(RECORD, [f"医院名称：{read}"])], FieldName.HOSPITAL_NAME)
    assert told[0] == (nearest, Source.REGISTER, distance)


def test_a_hospital_of_the_register_is_what_it_is(a_page: PageMaker) -> None:
    assert _told([a_page(RECORD, ["医院名称：吉林大学第一医院"])], FieldName.HOSPITAL_NAME) == []


@pytest.mark.parametrize(
    ("label", "printed", "name", "value"),
    [
        ("开户行", "中國建設銀行長春分行", FieldName.BANK_NAME, "中国建设银行长春分行"),
        ("开户行", "交通銀行", FieldName.BANK_NAME, "交通银行"),
        ("开户行", "建行长春分行", FieldName.BANK_NAME, "中国建设银行长春分行"),
        ("姓名", "張國強", FieldName.MEMBER_NAME, "张国强"),
    ],
)
def test_what_is_folded_or_put_in_full_is_offered_as_it_was_printed(
    a_page: PageMaker, label: str, printed: str, name: FieldName, value: str
) -> None:
    page = a_page(FORM, [f"{label}：{printed}"])
    assert extract([page]).fields[name].value == value
    assert _told([page], name) == [(printed, Source.PRINT, 0)]


def test_a_traditional_character_that_names_use_stays() -> None:
    assert simplified("王昇") == "王昇"


def test_labels_in_traditional_characters_lead_to_their_values(a_page: PageMaker) -> None:
    page = a_page(RECORD, ["入院日期：2026年3月2日 至 2026年3月14日", "醫院名稱：吉林大學第一醫院"])
    assert extract([page]).fields[FieldName.HOSPITAL_NAME].value == "吉林大学第一医院"


def test_the_report_gives_the_line_of_each_value_and_what_else_was_considered(
    a_page: PageMaker,
) -> None:
    pages = [a_page(FORM, ["入院日期:2026-03-02"]), a_page(RECORD, ["入院日期:2026-03-12"], 0.7)]
    fields: Any = report([("a.pdf", pages)])["fields"]
    assert fields["admitted_on"]["line"] == "入院日期:2026-03-02"
    [other] = fields["admitted_on"]["alternatives"]
    assert (other["value"], other["source"], other["page"]) == ("2026-03-12", "paper", 2)
    assert other["line"] == "入院日期:2026-03-12"
