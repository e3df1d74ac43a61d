"""Every text people see is Chinese in the code and English in the catalogue."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from language import _, speaking

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "language/locale"
CATALOGUE = "en/LC_MESSAGES/huzhu.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACES = re.compile(r"%\(\w+\)s")


@pytest.mark.slow
def test_the_catalogue_is_what_make_language_makes_of_the_code(tmp_path: Path) -> None:
    made = tmp_path / "locale"
    shutil.copytree(LOCALE, made)
    done = subprocess.run(
        ["make", "language", f"LOCALE={made}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout  # a text without English
    for kept in (LOCALE / CATALOGUE, (LOCALE / CATALOGUE).with_suffix(".mo")):
        assert (made / kept.relative_to(LOCALE)).read_bytes() == kept.read_bytes(), kept.name


def test_english_is_free_of_chinese_and_keeps_every_place_for_a_value() -> None:
    with (LOCALE / CATALOGUE).open("rb") as file:
        catalogue = read_po(file, locale="en")
    for message in catalogue:
        text, english = str(message.id), str(message.string)
        if text:
            assert english, text
            assert not CHINESE.search(english), text
            assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(english)), text


def test_the_language_in_force_decides() -> None:
    assert _("待审批") == "待审批"
    with speaking("en"):
        assert _("待审批") == "To approve"
    with speaking("klingon"):
        assert _("待审批") == "待审批"
