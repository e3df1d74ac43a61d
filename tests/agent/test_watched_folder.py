"""When an entry has settled, and that what changed while it was handed in is never removed."""

from pathlib import Path

import pytest

from servers.agent.watched_folder import Rests, WatchedEntry, WatchedFolder

RESTS = Rests(file=10, folder=45, unfinished=300)
WHOLE = b"%PDF-1.7\n%%EOF\n"


class Hand:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def folder(tmp_path: Path, hand: Hand) -> WatchedFolder:
    return WatchedFolder(tmp_path, RESTS, hand)


def names(folder: WatchedFolder) -> list[str]:
    return [entry.path.name for entry in folder.settled()]


def settled(folder: WatchedFolder, hand: Hand) -> WatchedEntry:
    """The one entry, once it has settled."""
    assert names(folder) == []
    hand.now += 60
    [entry] = folder.settled()
    return entry


def test_a_file_settles_sooner_than_a_folder(folder: WatchedFolder, hand: Hand) -> None:
    (folder.path / "a.pdf").write_bytes(WHOLE)
    (folder.path / "b").mkdir()
    (folder.path / "b" / "1.pdf").write_bytes(WHOLE)
    assert names(folder) == []
    hand.now += 10
    assert names(folder) == ["a.pdf"]
    hand.now += 35
    assert names(folder) == ["a.pdf", "b"]


def test_what_grows_is_waited_for_from_its_last_change_on(
    folder: WatchedFolder, hand: Hand
) -> None:
    path = folder.path / "a.pdf"
    for page in range(3):
        path.write_bytes(WHOLE * (page + 1))
        assert names(folder) == []
        hand.now += 9
    assert names(folder) == []
    hand.now += 1
    assert names(folder) == ["a.pdf"]


def test_a_file_without_its_end_is_waited_for_longer(folder: WatchedFolder, hand: Hand) -> None:
    (folder.path / "a.pdf").write_bytes(WHOLE[:-6])
    assert names(folder) == []
    hand.now += 299
    assert names(folder) == []
    hand.now += 1
    assert names(folder) == ["a.pdf"]


def test_an_empty_folder_and_what_other_programs_leave_stay(
    folder: WatchedFolder, hand: Hand
) -> None:
    (folder.path / "新建").mkdir()
    for name in ("Thumbs.db", "a.part", ".hidden", "~$a.docx"):
        (folder.path / name).write_bytes(b"x")
    names(folder)
    hand.now += 3600
    assert names(folder) == []


def test_what_was_handed_in_is_gone(folder: WatchedFolder, hand: Hand) -> None:
    (folder.path / "a.pdf").write_bytes(WHOLE)
    assert folder.let_go(settled(folder, hand))
    folder.tidy()
    assert [*folder.path.rglob("*.pdf")] == []


def test_what_changed_while_it_was_handed_in_stays(folder: WatchedFolder, hand: Hand) -> None:
    path = folder.path / "a.pdf"
    path.write_bytes(WHOLE)
    entry = settled(folder, hand)
    path.write_bytes(WHOLE * 2)
    assert not folder.let_go(entry)
    assert path.read_bytes() == WHOLE * 2


def test_what_an_agent_moved_aside_and_did_not_compare_comes_back_if_it_changed(
    folder: WatchedFolder, hand: Hand
) -> None:
    (folder.path / "a.pdf").write_bytes(WHOLE)
    entry = settled(folder, hand)
    aside = folder.path / ".huzhu-leaving" / entry.fingerprint
    aside.mkdir(parents=True)
    entry.path.rename(aside / "a.pdf")
    (aside / "a.pdf").write_bytes(WHOLE * 2)
    (folder.path / "a.pdf").write_bytes(WHOLE * 3)
    folder.tidy()
    assert (folder.path / "a.pdf").read_bytes() == WHOLE * 3
    assert (folder.path / "2 a.pdf").read_bytes() == WHOLE * 2


def test_the_note_goes_when_there_is_nothing_to_say(folder: WatchedFolder) -> None:
    folder.tell(["张三.pdf：文件打不开"])
    assert [path.name for path in folder.path.iterdir()] == ["互助收件情况.txt"]
    assert folder.waiting() == []
    folder.tell([])
    assert [*folder.path.iterdir()] == []
