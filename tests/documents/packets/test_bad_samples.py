"""Every bad sample ends in a sentence or in files that open, never in an error."""

from pathlib import Path

import pytest

from documents.packets.file_limits import Limits
from documents.packets.opening import open_packet
from samples.bad import BAD_FILES, write_odd_names

pytestmark = pytest.mark.slow  # each test opens files in child processes

LIMITS = Limits()
# Sound enough to open; that nothing can be read on them is for the reader to say.
OPENS = {"noise.jpg", "huge_page.pdf", "odd_names.zip"}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(BAD_FILES[name]())
    packet = open_packet(tmp_path / name, LIMITS)
    assert bool(packet.files) == (name in OPENS)
    assert packet.refusals or name in OPENS
    assert all(refused.reason for refused in packet.refusals)


def test_odd_names_are_refused_or_made_harmless(tmp_path: Path) -> None:
    (tmp_path / "odd.zip").write_bytes(BAD_FILES["odd_names.zip"]())
    write_odd_names(tmp_path / "folder")
    for packet in (
        open_packet(tmp_path / "odd.zip", LIMITS),
        open_packet(tmp_path / "folder", LIMITS),
    ):
        shown = [file.name for file in packet.files] + [r.name for r in packet.refusals]
        assert len(set(shown)) == len(shown) >= 5
        for name in shown:
            assert name.isprintable()
            assert len(name) <= 120
            assert not name.startswith("/")
            assert ".." not in name.split("/")


def test_all_bad_files_at_once_do_not_harm_the_good_one(tmp_path: Path) -> None:
    for name, make in BAD_FILES.items():
        (tmp_path / name).write_bytes(make())
    (tmp_path / "good.jpg").write_bytes(BAD_FILES["noise.jpg"]())
    (tmp_path / "many_entries.zip").unlink()  # too many files refuse the packet as a whole
    packet = open_packet(tmp_path, LIMITS)
    assert "good.jpg" in {file.name for file in packet.files}
    assert len(packet.refusals) >= 15
