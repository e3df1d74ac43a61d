"""Layouts of papers are files: each draws, and a packet's truth lists what its layouts print."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from samples import fonts
from samples.laid_out import laid_out
from samples.layout import LayoutSide, PaperLayout, layouts
from samples.layout_facts import TELLS, layout_facts
from samples.packet import Handling, SamplePaper
from samples.packet_files import write
from samples.papers import PaperKind
from samples.sheet import Sheet
from samples.truth import truth
from samples.wide_packets import wide_packet

EVERY = [
    layout for side in get_args(LayoutSide) for own in layouts(side).values() for layout in own
]
DRAWN_FROM_FILES: tuple[PaperKind, ...] = (
    "application_form",
    "bank_card",
    "discharge_record",
    "diagnosis_certificate",
    "settlement_sheet",
    "invoice",
)


def words(sheet: Sheet) -> str:
    return "".join("".join(line.words for line in sheet.printed).split())


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("layout", EVERY, ids=lambda layout: layout.name)
def test_every_layout_draws_and_says_that_it_is_made_up(layout: PaperLayout) -> None:
    printed = words(laid_out(layout, wide_packet(5, 1, "open").case, Random(5)))
    assert "样例虚构" in printed
    assert "{" not in printed
    assert "<<" not in printed


@pytest.mark.parametrize("kind", DRAWN_FROM_FILES)
def test_a_paper_has_four_layouts_to_learn_from_and_two_to_test(kind: PaperKind) -> None:
    assert len(layouts("open")[kind]) >= 4
    assert len(layouts("test")[kind]) >= 2


def test_no_layout_is_on_both_sides_and_every_fact_is_known() -> None:
    names = [layout.name for layout in EVERY]
    assert len(names) == len(set(names))
    known = set(layout_facts(wide_packet(5, 1, "open").case, Random(5)))
    assert {fact for layout in EVERY for fact in layout.facts} <= known | {"n", "text", "icd"}


def test_the_truth_lists_what_the_layouts_of_a_packet_print() -> None:
    packet = wide_packet(1, 0, "open")
    printed = {fact for layout in EVERY for fact in layout.facts}
    assert {fact for facts in TELLS.values() for fact in facts} <= printed
    told = truth(packet)["fields"]
    assert told["hospital_name"] == packet.case.stay.hospital.name
    assert told["days_in_hospital"] == packet.case.stay.days


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("handling", get_args(Handling))
def test_a_paper_can_come_in_every_way(handling: Handling, tmp_path: Path) -> None:
    packet = wide_packet(1, 0, "open")
    paper = SamplePaper("other", handling, layout="other-drug")
    write(replace(packet, form="folder", papers=(paper,)), tmp_path)
    assert [path.stem for path in (tmp_path / packet.name).iterdir()] == ["01"]


@pytest.mark.usefixtures("chinese_font")
def test_a_letter_that_a_typeface_lacks_comes_from_another() -> None:
    if fonts.holds("old_song", "䶮") or not fonts.holds("rare", "䶮"):
        pytest.skip("the typefaces that show it are not installed")
    sheet = Sheet()
    sheet.text(0, 0, "赵䶮", face="old_song")
    assert [line.face for line in sheet.printed] == ["old_song", "rare"]
