"""The generator draws the same bytes from the same seed, and every kind of paper there is."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pypdfium2
import pytest

from samples import fonts, make
from samples.packet_files import write
from samples.papers import PAPERS, PaperKind
from samples.random_packets import random_packet
from samples.textpdf import text_pdf
from samples.unit import sample_unit, write_roster
from samples.wording import capitals


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("chinese_font")
def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    for run in ("one", "two"):
        make.make_random(tmp_path / run, seed=3, count=1)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


@pytest.mark.usefixtures("chinese_font")
def test_another_number_makes_another_packet_with_its_own_truth(tmp_path: Path) -> None:
    make.make_random(tmp_path, seed=3, count=2)
    told = [json.loads(path.read_text("utf-8")) for path in (tmp_path / "truth").iterdir()]
    assert len({one["fields"]["id_number"] for one in told}) == 2
    for one in told:
        assert (tmp_path / "packets" / one["packet"]).exists()


def test_the_roster_is_the_same_file_every_time(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_roster(sample_unit(), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_says_that_it_is_made_up(kind: PaperKind) -> None:
    sheet = PAPERS[kind](random_packet(5, 0).case, Random(5))
    assert "样例 虚构" in [line.words for line in sheet.printed]


@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("kind", ["discharge_record", "settlement_sheet", "invoice"])
def test_a_paper_printed_to_file_keeps_all_its_words(kind: PaperKind) -> None:
    sheet = PAPERS[kind](random_packet(6, 1).case, Random(6))
    page = pypdfium2.PdfDocument(text_pdf(sheet))[0]
    text = "".join(page.get_textpage().get_text_range().split())
    for line in sheet.printed:
        assert "".join(line.words.split()) in text


@pytest.mark.usefixtures("chinese_font")
def test_random_packets_come_in_every_form(tmp_path: Path) -> None:
    drawn = [random_packet(1, number) for number in range(40)]
    one_of_each = {packet.form: packet for packet in drawn}
    assert set(one_of_each) == {"folder", "pdf", "zip", "tiff"}
    endings = {name.rsplit(".")[-1] for packet in drawn for name in packet.file_names()}
    assert endings == {"jpg", "png", "heic", "pdf", "tif"}
    for packet in one_of_each.values():
        short = replace(packet, papers=packet.papers[:1])
        write(short, tmp_path)
        assert (tmp_path / packet.file_name).exists()


def test_random_packets_hold_every_kind_of_page() -> None:
    drawn = [random_packet(1, number) for number in range(120)]
    assert {paper.kind for packet in drawn for paper in packet.papers} == set(PAPERS)


def test_without_a_chinese_font_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "ROOTS", (str(tmp_path / "none"),))
    monkeypatch.setattr("sys.argv", ["make", "--out", str(tmp_path)])
    fonts.installed.cache_clear()
    fonts.font.cache_clear()
    try:
        assert make.main() == 1
    finally:
        fonts.installed.cache_clear()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "apt-get install fonts-noto-cjk" in said


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1_000_000, "壹万元整"),
        (1_005_005, "壹万零伍拾元零伍分"),
        (12_345_678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        (100_450, "壹仟零肆元伍角整"),
        (10_000_100, "壹拾万零壹元整"),
    ],
)
def test_amounts_are_written_in_capitals(fen: int, words: str) -> None:
    assert capitals(fen) == words
