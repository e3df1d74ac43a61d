"""Every text people see is Chinese in the code and English in the catalogue."""

import re

from language import _, catalogue, speaking

CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACES = re.compile(r"%\(\w+\)s")


def test_every_text_is_translated() -> None:
    assert catalogue.untranslated() == set()


def test_nothing_in_the_catalogue_is_out_of_use() -> None:
    assert catalogue.stale() == set()


def test_what_the_program_reads_is_made_from_the_catalogue() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled()


def test_english_is_free_of_chinese_and_keeps_every_place_for_a_value() -> None:
    for message in catalogue.catalogue():
        text, english = str(message.id), str(message.string)
        if text:
            assert not CHINESE.search(english), text
            assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(english)), text


def test_the_language_in_force_decides() -> None:
    assert _("待审批") == "待审批"
    with speaking("en"):
        assert _("待审批") == "To approve"
    with speaking("klingon"):
        assert _("待审批") == "待审批"
