"""The register says what it knows of a day and never guesses."""

from datetime import date
from pathlib import Path

import pytest

from rules.errors import BadInput
from rules.facts import Hospital
from rules.hospitals import SHIPPED, load_file, shipped

DAY = date(2026, 3, 2)
OWN = """
[counties]
"长春市" = ["榆树市"]

[[hospital]]
name = "升级医院"
aliases = ["升级院"]
city = "长春市"
level = 1
valid_to = 2025-12-31
source = "批文甲"

[[hospital]]
name = "升级医院"
city = "长春市"
level = 2
rank = "district"
valid_from = 2026-01-01
valid_to = 2026-12-31
source = "批文乙"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "hospitals.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "name", ["吉林大学第一医院", "吉大一院", " 吉林大学 第一医院 ", "吉林大学\u3000第一医院"]
)
def test_a_hospital_is_found_by_name_alias_and_with_blanks(name: str) -> None:
    listing = shipped().find(name, DAY)
    assert listing is not None
    assert (listing.name, listing.city, listing.level) == ("吉林大学第一医院", "长春市", 3)


@pytest.mark.parametrize("name", ["吉林大学第一", "第一医院", "无名医院", ""])
def test_a_name_that_is_only_like_one_is_not_found(name: str) -> None:
    assert shipped().find(name, DAY) is None


def test_every_shipped_hospital_has_level_two_or_three_a_source_and_a_jilin_city() -> None:
    every = {listing.name: listing for found in shipped().listings.values() for listing in found}
    assert len(every) > 40
    assert {listing.level for listing in every.values()} == {2, 3}
    assert all(listing.source for listing in every.values())
    assert {listing.city for listing in every.values()} == {
        "长春市",
        "吉林市",
        "四平市",
        "辽源市",
        "通化市",
        "白山市",
        "松原市",
        "白城市",
        "延边朝鲜族自治州",
    }


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (date(2000, 1, 1), 1),
        (date(2025, 12, 31), 1),
        (date(2026, 1, 1), 2),
        (date(2026, 12, 31), 2),
        (date(2027, 1, 1), None),
    ],
)
def test_a_level_holds_from_its_first_to_its_last_day(own: Path, day: date, level: int) -> None:
    listing = load_file(own).find("升级医院", day)
    assert (listing.level if listing else None) == level


def test_brackets_of_either_width_are_the_same(own: Path) -> None:
    text = OWN.replace('"升级院"', '"升级医院（东区）"')
    own.write_text(text, encoding="utf-8")
    register = load_file(own)
    assert register.find("升级医院(东区)", date(2025, 1, 1)) is not None
    assert register.find("升级医院（东区）", date(2025, 1, 1)) is not None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("长春市", "长春", True),
        ("榆树市", "长春市", True),
        ("农安县", "公主岭市", True),
        ("吉林省长春市朝阳区", "长春市", True),
        ("朝阳区", "长春市", True),
        ("延吉市", "延边朝鲜族自治州", True),
        ("延边州", "延边", True),
        ("通化县", "通化市", True),
        ("前郭尔罗斯蒙古族自治县", "松原市", True),
        ("吉林市", "长春市", False),
        ("沈阳市", "长春市", False),
        ("榆林市", "榆树市", False),
        ("台州", "台", False),
        ("大理州", "大理", True),
        ("长海县", "长海", True),
        ("苏州工", "苏州", False),
        ("长春市榆树市", "长春市", True),
    ],
)
def test_places_that_share_a_medical_insurance_are_one_city(
    one: str, other: str, same: bool
) -> None:
    register = load_file(SHIPPED)
    assert register.same_city(one, other) is same
    assert register.same_city(other, one) is same


def test_the_papers_come_before_the_register() -> None:
    register = shipped()
    papers = Hospital("吉林大学第一医院", "四平市", 2, "city")
    assert register.filled_in(papers, DAY) == papers
    assert register.rank_of(papers, DAY) == "city"
    bare = Hospital("吉大一院")
    assert register.filled_in(bare, DAY) == Hospital("吉大一院", "长春市", 3)
    assert register.rank_of(bare, DAY) == "province"
    level = Hospital("吉大一院", None, 2)
    assert register.filled_in(level, DAY) == Hospital("吉大一院", "长春市", 2)
    city = Hospital("吉大一院", "四平市", None, "city")
    assert register.filled_in(city, DAY) == Hospital("吉大一院", "四平市", 3, "city")


def test_an_unknown_hospital_stays_as_the_papers_say() -> None:
    unknown = Hospital("无名医院", None, 2)
    assert shipped().filled_in(unknown, DAY) == unknown
    assert shipped().rank_of(unknown, DAY) is None


def test_the_official_name_is_the_registers_or_the_given_one_without_blanks() -> None:
    assert shipped().official("吉大一院", DAY) == "吉林大学第一医院"
    assert shipped().official(" 无名 医院", DAY) == "无名医院"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level = 1", "level = 4", "hospital.0.level："),
        ("level = 1", "level = 0", "hospital.0.level："),
        ('source = "批文甲"', "", "hospital.0.source："),
        ('name = "升级医院"', 'name = "升级医院"\ncolour = "red"', "hospital.0.colour："),
        ("[counties]", "[county]", "counties："),
    ],
)
def test_a_register_with_a_fault_is_refused_with_file_entry_and_value(
    own: Path, old: str, new: str, said: str
) -> None:
    own.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_file(own)
    assert str(caught.value).startswith(f"{own}：{said}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("valid_from = 2026-01-01", "valid_from = 2025-12-31"),
        ("valid_from = 2026-01-01\n", ""),
        ("valid_to = 2025-12-31\n", ""),
        ("valid_to = 2025-12-31", "valid_from = 2026-12-31"),
        ("valid_to = 2025-12-31", "valid_from = 2026-02-01\nvalid_to = 2026-03-01"),
    ],
)
def test_a_name_listed_twice_for_one_day_is_refused(own: Path, old: str, new: str) -> None:
    own.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_file(own)
    assert str(caught.value) == f"{own}：同一名称在同一时间登记了两次：升级医院"


def test_a_later_listing_may_stand_first(own: Path) -> None:
    text = OWN.replace("valid_to = 2025-12-31", "valid_from = 2027-01-01")
    own.write_text(text, encoding="utf-8")
    register = load_file(own)
    assert [register.find("升级院", date(year, 6, 1)) is None for year in (2026, 2027)] == [
        True,
        False,
    ]


def test_a_fault_shows_the_beginning_of_its_value(own: Path) -> None:
    own.write_text(OWN.replace("level = 1", f'level = "{"x" * 90}"'), encoding="utf-8")
    with pytest.raises(BadInput, match=r"：x{80}$"):
        load_file(own)


def test_what_cannot_be_read_as_a_register_is_refused(own: Path) -> None:
    own.write_text("[", encoding="utf-8")
    with pytest.raises(BadInput, match=r"^医院名录无法读取：.*hospitals\.toml："):
        load_file(own)
    with pytest.raises(BadInput, match="医院名录无法读取"):
        load_file(own.with_name("none.toml"))


@pytest.mark.parametrize(
    ("place", "known"),
    [("长春", True), ("长春市", True), ("榆树市", True), ("榆树", True), ("沈阳市", False)],
)
def test_a_place_is_known_by_the_counties_their_cities_and_the_listed_hospitals(
    place: str, known: bool
) -> None:
    assert shipped().knows_city(place) is known


def test_a_place_is_known_where_only_a_hospital_is_there(tmp_path: Path) -> None:
    path = tmp_path / "register.toml"
    hospital = '[[hospital]]\nname = "甲医院"\ncity = "白城市"\nlevel = 2\nsource = "批文甲"\n'
    path.write_text(f"{hospital}[counties]\n", encoding="utf-8")
    assert load_file(path).knows_city("白城")
    assert not load_file(path).knows_city("长春")
