"""What the benchmark of the reader counts as exact, missing, wrong and confidently wrong."""

import json
from pathlib import Path

import pytest

from benchmarks import reading
from benchmarks.reading_kept import Bench
from documents.kinds import Kind
from documents.packets.pages import PageImage
from documents.reading import PageReading, TextLine
from samples.bad import noise_jpeg

LINES = (
    "姓名：李平文    住院号：12345",
    "入院日期：2026年3月2日",
    "出院日期：2026年3月12日  住院天数：10天",
)
TRUTH = {
    "member_name": "李平文",
    "admitted_on": "2026-03-03",
    "discharged_on": "2026-03-12",
    "days_in_hospital": 10,
    "id_number": "220202200008202733",
}


def read(sure: float) -> PageReading:
    lines = [
        TextLine(text, sure, (100, 60 * place, 900, 60 * place + 40))
        for place, text in enumerate(("出院记录", *LINES), 1)
    ]
    return PageReading(Kind.DISCHARGE_RECORD, 0.9, 0, sure, 1240, 1754, tuple(lines))


@pytest.fixture
def packets(tmp_path: Path) -> Path:
    page = {"file": "01.jpg", "page": 1, "kind": "discharge_record", "rotation": 0}
    truth = {"packet": "one", "pages": [page | {"handling": "scan"}], "fields": TRUTH}
    for name in ("truth", "packets/one"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "truth/one.json").write_text(json.dumps(truth), "utf-8")
    (tmp_path / "packets/one/01.jpg").write_bytes(noise_jpeg())
    return tmp_path


@pytest.mark.parametrize(("sure", "wrong"), [(0.99, "confidently wrong"), (0.6, "wrong")])
def test_every_field_gets_a_verdict(packets: Path, sure: float, wrong: str) -> None:
    bench = Bench("stored", lambda _page: read(sure), None)
    found = reading.measure("stored", list(bench.read(packets)))
    assert {one.name: one.verdict for one in found.fields} == {
        "member_name": "exact",
        "admitted_on": wrong,
        "discharged_on": "exact",
        "days_in_hospital": "exact",
        "id_number": "missing",
    }
    assert "scan: 60.00% of all fields exact, not 98.0%" in reading.shortfalls(found)


def test_what_was_recognised_is_kept_and_extracted_again(packets: Path) -> None:
    def never(_page: PageImage) -> PageReading:
        raise AssertionError

    keep = packets / "kept"
    first = list(Bench("stored", lambda _page: read(0.99), keep).read(packets))
    again = list(Bench("stored", never, keep).read(packets))
    assert again[0].files[0].pages[0].lines == first[0].files[0].pages[0].lines
