"""Originals are kept sealed as long as the settings say, and what earlier versions left goes."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from documents.spool import Spool
from models import Packet
from models.people import Role
from models.states import PacketState
from tests.desk import Desk, a_picture
from tests.kept_files import spool_folder
from workflows import nightly
from workflows.claims.packets import inbox, originals, uploads
from workflows.claims.packets.old_shelves import clear_old_shelves
from workflows.engine.office import Office


def with_days(desk: Desk, **days: int) -> Desk:
    settings = desk.office.settings.model_copy(update=days)
    return Desk(replace(desk.office, settings=settings), desk.clock, desk.bells)


def kept(office: Office) -> list[str]:
    folder = spool_folder(office.settings)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def made_long_ago(desk: Desk) -> None:
    """The files bear the time of this machine, which is not that of the desk."""
    for path in spool_folder(desk.office.settings).rglob("*"):
        os.utime(path, (0, 0))


def upload(desk: Desk, files: list[tuple[str, bytes]]) -> None:
    with desk.office.sessions.unit_of_work() as session:
        uploads.upload(session, desk.office, desk.user(Role.CLERK), files)


@pytest.mark.parametrize(
    ("days", "files", "last"),
    [
        ({}, [("a.pdf", b"bad")], 30),
        ({"keep_refused_days": 1}, [("a.pdf", b"bad")], 1),
        ({"keep_originals_days": 3}, [], 3),
        ({"keep_originals_days": 40}, [("a.pdf", b"bad")], 40),
        ({}, [], 0),
    ],
)
@pytest.mark.parametrize("is_dropped", [True, False])
def test_an_original_is_kept_for_as_many_days_as_is_set(
    desk: Desk, days: dict[str, int], files: list[tuple[str, bytes]], last: int, is_dropped: bool
) -> None:
    patient = with_days(desk, **days)
    files = [*files, ("b.jpg", a_picture())]
    if is_dropped:
        patient.drop("张三", dict(files))
        inbox.look(patient.office)
        inbox.look(patient.office)
    else:
        upload(patient, files)
    patient.work()
    assert len(kept(patient.office)) == (last > 0)
    if not last:
        return
    desk.clock.pass_(days=last)
    made_long_ago(desk)
    nightly.tidy(patient.office)
    assert len(kept(patient.office)) == 1
    desk.clock.pass_(days=1)
    nightly.tidy(patient.office)
    assert kept(patient.office) == []


def dropped_and_left(desk: Desk, files: dict[str, bytes]) -> Packet:
    """The packet of a drop that could not be put away; nothing else lies in the folder."""
    desk.drop("张三", files)
    for _ in range(2):
        inbox.look(desk.office)
    desk.work()
    with desk.office.sessions.read_only() as session:
        packet = session.scalars(select(Packet)).one()
    assert packet.state == PacketState.AWAY
    left = desk.office.settings.inbox_folder / f"not-put-away-{packet.id}"
    assert list(desk.office.settings.inbox_folder.iterdir()) == [left]
    assert left.name in packet.notes[-1]
    assert {path.name: path.read_bytes() for path in left.iterdir()} == files
    assert kept(desk.office) == []
    assert packet.kept_until is None
    return packet


def test_what_is_far_too_large_to_be_kept_stays_where_a_person_sees_it(desk: Desk) -> None:
    small = Desk(with_days(desk, max_packet_mb=0).office, desk.clock, desk.bells)
    assert dropped_and_left(small, {"a.iso": b"x"}).outcome == "rejected"


def test_what_nobody_lets_us_read_stays_where_a_person_sees_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def forbid(path: str | Path, *others: int, **words: int) -> int:
        if str(path).endswith("secret.pdf"):
            raise PermissionError(path)
        return real(path, *others, **words)

    monkeypatch.setattr(os, "open", forbid)
    monkeypatch.setattr(Spool, "put", lambda *_: forbid("secret.pdf"))
    assert dropped_and_left(desk, {"secret.pdf": b"x"}).outcome == "rejected"


def test_a_hidden_file_of_a_folder_is_read_or_kept_like_any_other(desk: Desk) -> None:
    desk.drop("张三", {".scan.jpg": a_picture(), ".note.txt": b"of his wife", "._a.jpg": b"x"})
    for _ in range(2):
        inbox.look(desk.office)
    desk.work()
    with desk.office.sessions.read_only() as session:
        packet = session.scalars(select(Packet)).one()
    assert packet.outcome == "taken"
    assert [note.split(":")[0] for note in packet.notes] == [".note.txt"]
    assert (".note.txt", b"of his wife") in desk.office.spool.get("packet-1")


def test_an_upload_that_waits_stays_and_one_of_no_packet_goes(desk: Desk) -> None:
    upload(desk, [("a.jpg", a_picture())])
    desk.office.spool.put("left by a crash", iter([]))
    made_long_ago(desk)
    assert nightly.tidy(desk.office) == 1
    assert len(kept(desk.office)) == 1
    desk.work()
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Packet.outcome)).all() == ["taken"]
    assert kept(desk.office) == []


def test_what_earlier_versions_left_in_clear_is_sealed_or_removed(desk: Desk) -> None:
    folder, old_uploads = desk.office.settings.inbox_folder, desk.office.settings.data / "uploads"
    for _ in range(2):
        desk.drop("张三.jpg", b"no picture")
        desk.look()
    desk.drop("good.jpg", a_picture())
    desk.look()
    upload(desk, [("a.jpg", a_picture())])
    with desk.office.sessions.unit_of_work() as session:
        rows = session.scalars(select(Packet).order_by(Packet.id)).all()
        waiting = originals.entry_of(desk.office, rows[-1])
        for packet in rows:
            packet.kept_until = None
    desk.office.spool.sweep(set(), desk.clock.now.replace(year=2100))
    lay(folder / "rejected" / "张三.jpg", b"first")
    lay(folder / "rejected" / "张三 (2).jpg", b"second")
    lay(folder / "rejected" / "张三.jpg.txt", "张三".encode())
    lay(folder / "taken" / "good.jpg", b"in the store")
    lay(folder / "rejected" / "who knows.jpg", b"of no packet, perhaps a person's")
    lay(desk.office.settings.out_folder / "by hand.xls", b"a person's")
    lay(old_uploads / waiting / "001 a.jpg", a_picture())
    lay(old_uploads / "rejected" / "0123" / "001 李四.jpg", b"of no packet")
    lay(desk.office.settings.out_folder / "B2026000001" / "代发.xls", b"accounts")
    for _ in range(2):
        clear_old_shelves(desk.office)
        assert not old_uploads.exists()
        left = (
            sorted(desk.office.settings.out_folder.iterdir()),
            [path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")],
        )
        assert left == (
            [desk.office.settings.out_folder / "by hand.xls"],
            ["rejected/who knows.jpg"],
        )
        assert kept(desk.office) == sorted(["packet-1", "packet-2", waiting])
    assert desk.office.spool.get("packet-1") == [("张三.jpg", b"first")]
    assert desk.office.spool.get("packet-2") == [("张三.jpg", b"second")]
    desk.work()
    with desk.office.sessions.read_only() as session:
        ended = session.execute(select(Packet.state, Packet.outcome).order_by(Packet.id.desc()))
        assert ended.first() == (PacketState.AWAY, "taken")


def lay(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
