"""From the drop folder to a claim: real files, nothing lost, nothing taken in twice."""

import io
import os
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select, text

from documents.kinds import Kind
from models import AuditEvent, Claim, Document, Entitlement, Maker, Packet
from models.people import Role
from models.states import ClaimState, PacketState
from rules.errors import Refused
from samples.bad import garbage_pdf, password_pdf
from settings import Settings
from tests.desk import STEP_BY_NAME, Desk, Person, a_page, a_picture, a_stay, at_once
from tests.kept_files import spool_folder
from workflows.claims.acts import correction
from workflows.claims.approving import approval
from workflows.claims.packets import inbox, originals, uploads
from workflows.engine.run import Ended, run
from workflows.sealed_values.files import document_name
from workflows.sweep import sweep

SAMPLES = Path(__file__).parents[4] / "samples" / "packets"


@pytest.fixture
def folder(desk: Desk) -> Path:
    return inbox.drop_folder(desk.office)


def blank(desk: Desk) -> bytes:
    """A picture with nothing on it, so that no test here waits for the reader."""
    return desk.scan(a_page(Kind.OTHER, "样例"))


def papers(desk: Desk, person: Person, *without: Kind) -> dict[str, bytes]:
    pages = a_stay(person, without=without)
    return {f"{n:02}.jpg": desk.scan(page) for n, page in enumerate(pages, 1)}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def packets(desk: Desk) -> list[tuple[str, str | None]]:
    with desk.office.sessions.read_only() as session:
        rows = session.execute(select(Packet.state, Packet.outcome).order_by(Packet.id))
        return [(state, outcome) for state, outcome in rows]


def claims(desk: Desk) -> list[str]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Claim.number).order_by(Claim.id)))


def documents(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def notes(desk: Desk) -> list[str]:
    """What is said of each packet, in one text."""
    with desk.office.sessions.read_only() as session:
        return [
            "\n".join(each) for each in session.scalars(select(Packet.notes).order_by(Packet.id))
        ]


def originals_of(desk: Desk) -> list[dict[str, bytes]]:
    """The originals that are kept, by the name of each file."""
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(
            select(Packet).where(Packet.kept_until.is_not(None)).order_by(Packet.id)
        )
        entries = [originals.entry_of(desk.office, packet) for packet in kept]
    return [dict(desk.office.spool.get(entry)) for entry in entries]


def below(path: Path) -> set[str]:
    """Every file below the path."""
    return {str(p.relative_to(path)) for p in path.rglob("*") if p.is_file()}


def test_a_folder_becomes_a_claim_and_goes_through_the_line(desk: Desk, folder: Path) -> None:
    dropped = papers(desk, desk.member())
    desk.drop("张三 住院", dropped)
    desk.look()
    assert packets(desk) == [(PacketState.AWAY, "taken")]
    assert claims(desk) == ["HZ2026000001"]
    assert desk.state_of(1) == ClaimState.PROPOSED
    assert list(folder.iterdir()) == []


def test_a_pdf_a_zip_and_an_image_are_one_packet_each(desk: Desk, folder: Path) -> None:
    sample = SAMPLES / "03-one-pdf.pdf"
    desk.drop("one.jpg", blank(desk))
    desk.drop("two.zip", zipped({"a.jpg": blank(desk), "b/c.jpg": blank(desk)}))
    desk.drop("three.pdf", sample.read_bytes())
    look_without_reading(desk)
    assert len(claims(desk)) == 3
    with desk.office.sessions.read_only() as session:
        types = session.execute(
            select(Document.media_type, func.sum(Document.page_count)).group_by(Document.media_type)
        ).all()
    assert {(kind, int(pages)) for kind, pages in types} == {
        ("image/jpeg", 3),
        ("application/pdf", 6),
    }
    assert list(folder.iterdir()) == []


def look_without_reading(desk: Desk) -> None:
    """Packets are taken in; the claims they become wait for the reader."""
    inbox.look(desk.office)
    inbox.look(desk.office)
    work_on_packets(desk)


def work_on_packets(desk: Desk) -> None:
    while mine := [bell for bell in desk.bells if bell.machine == "packet"]:
        desk.bells[:] = [bell for bell in desk.bells if bell.machine != "packet"]
        for bell in mine:
            run(desk.office, STEP_BY_NAME[STEP_OF[bell.state]], bell.id)


STEP_OF = {"settled": "intake", "stored": "put_away"}


def patient(desk: Desk, seconds: float = 2, **more: float) -> Desk:
    """The same desk where what is dropped must be quiet for this long."""
    rests = {"quiet_seconds": seconds, "folder_quiet_seconds": seconds, **more}
    settings = desk.office.settings.model_copy(update=rests)
    return Desk(replace(desk.office, settings=settings), desk.clock, desk.bells)


def test_a_file_counts_only_once_it_has_stopped_changing(desk: Desk, folder: Path) -> None:
    slow, data = patient(desk), blank(desk)
    path = desk.drop("scan.jpg", data[:100])
    for size in (200, 300, len(data)):
        inbox.look(slow.office)
        desk.clock.pass_(seconds=1.5)
        path.write_bytes(data[:size])
    inbox.look(slow.office)
    desk.clock.pass_(seconds=1)
    inbox.look(slow.office)
    assert packets(desk) == [(PacketState.NOTICED, None)]
    desk.clock.pass_(seconds=1)
    inbox.look(slow.office)
    assert packets(desk) == [(PacketState.SETTLED, None)]
    work_on_packets(desk)
    assert claims(desk) == ["HZ2026000001"]


def test_a_folder_that_a_flatbed_fills_page_by_page_is_one_claim(desk: Desk, folder: Path) -> None:
    usual = Settings.model_fields
    slow = patient(desk, folder_quiet_seconds=usual["folder_quiet_seconds"].default)
    for page in range(1, 6):
        desk.drop("case", {f"{page}.jpg": blank(desk)})
        inbox.look(slow.office)
        desk.clock.pass_(seconds=9)
        inbox.look(slow.office)
    assert packets(desk) == [(PacketState.NOTICED, None)]
    desk.clock.pass_(seconds=60)
    inbox.look(slow.office)
    work_on_packets(desk)
    assert (claims(desk), documents(desk)) == (["HZ2026000001"], 5)


@pytest.mark.parametrize("kind", ["PDF", "TIFF", "JPEG", "PNG"])
def test_a_file_that_is_still_being_written_is_waited_for_and_the_page_says_so(
    desk: Desk, folder: Path, kind: str
) -> None:
    slow = patient(desk, unfinished_seconds=300)
    out = io.BytesIO()
    pages = [Image.new("L", (200, 300), shade) for shade in (0, 90, 200)]
    several = {"save_all": True, "append_images": pages[1:]} if kind in ("PDF", "TIFF") else {}
    pages[0].save(out, kind, **several)
    whole = out.getvalue()
    path = desk.drop("scan", whole[: len(whole) - 10])
    for _time in range(10):
        inbox.look(slow.office)
        desk.clock.pass_(seconds=20)
    with desk.office.sessions.read_only() as session:
        packet = session.scalars(select(Packet)).one()
        assert (packet.state, packet.notes) == ("noticed", ["文件还没有写完，正在等候"])
    path.write_bytes(whole)
    for _time in range(2):
        inbox.look(slow.office)
        desk.clock.pass_(seconds=20)
    work_on_packets(desk)
    assert (claims(desk), documents(desk)) == (["HZ2026000001"], 1)
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Packet)).one().notes == []


def test_what_never_gets_an_end_is_refused_after_minutes(desk: Desk, folder: Path) -> None:
    slow = patient(desk, unfinished_seconds=300)
    desk.drop("scan.pdf", b"%PDF-1.7\n1 0 obj")
    for _time in range(8):
        inbox.look(slow.office)
        desk.clock.pass_(seconds=60)
    work_on_packets(desk)
    assert (claims(desk), [outcome for _state, outcome in packets(desk)]) == ([], ["rejected"])


def test_an_empty_folder_stays_under_the_hands_of_who_made_it(desk: Desk, folder: Path) -> None:
    slow = patient(desk)
    desk.drop("case", {})
    for _time in range(3):
        inbox.look(slow.office)
        desk.clock.pass_(seconds=60)
    assert packets(desk) == []
    desk.drop("case", {"1.jpg": blank(desk)})
    for _time in range(2):
        inbox.look(slow.office)
        desk.clock.pass_(seconds=60)
    work_on_packets(desk)
    assert claims(desk) == ["HZ2026000001"]


def came_twice(desk: Desk, name: str, minutes: int) -> str:
    """Two papers under one name so many minutes apart; the note on the second."""
    slow = patient(desk, seconds=0, same_name_minutes=60)
    for passed in (0, minutes):
        desk.clock.pass_(minutes=passed)
        desk.drop(name, blank(desk))
        for _time in range(2):
            inbox.look(slow.office)
        while mine := [bell for bell in desk.bells if bell.machine == "packet"]:
            desk.bells[:] = [bell for bell in desk.bells if bell.machine != "packet"]
            for bell in mine:
                run(slow.office, STEP_BY_NAME[STEP_OF[bell.state]], bell.id)
    assert documents(desk) == 2
    with desk.office.sessions.read_only() as session:
        return "".join(session.scalars(select(Packet.notes).order_by(Packet.id)).all()[1])


def test_what_comes_back_under_the_same_name_within_the_hour_joins_the_claim_it_made(
    desk: Desk, folder: Path
) -> None:
    assert "同名的材料不久前已收件" in came_twice(desk, "张三.jpg", 59)
    assert len(claims(desk)) == 1


def test_after_an_hour_the_same_name_is_another_claim(desk: Desk, folder: Path) -> None:
    assert came_twice(desk, "张三.jpg", 61) == ""
    assert len(claims(desk)) == 2


@pytest.mark.parametrize("name", ["扫描 0930.jpg", "IMG_0001.JPG", "新建文件夹 (2).jpg", "1.jpg"])
def test_a_name_that_a_machine_gives_to_everybodys_papers_joins_nothing(
    desk: Desk, folder: Path, name: str
) -> None:
    assert "名称看不出是谁" in came_twice(desk, name, 2)
    assert len(claims(desk)) == 2


def test_a_folder_that_changes_after_it_settled_is_looked_at_again(
    desk: Desk, folder: Path
) -> None:
    slow = patient(desk)
    desk.drop("case", {"1.jpg": blank(desk)})
    inbox.look(slow.office)
    desk.clock.pass_(seconds=2)
    inbox.look(slow.office)
    desk.drop("case", {"2.jpg": blank(desk)})
    work_on_packets(desk)
    assert packets(desk) == [(PacketState.NOTICED, None)]
    assert documents(desk) == 0
    desk.clock.pass_(seconds=2)
    inbox.look(slow.office)
    work_on_packets(desk)
    assert packets(desk) == [(PacketState.AWAY, "taken")]
    assert documents(desk) == 2


def test_what_is_taken_back_before_it_is_taken_in_is_gone(desk: Desk, folder: Path) -> None:
    first, second = desk.drop("a.jpg", blank(desk)), desk.drop("b.jpg", blank(desk))
    inbox.look(desk.office)
    first.unlink()
    inbox.look(desk.office)
    second.unlink()
    work_on_packets(desk)
    assert packets(desk) == [(PacketState.GONE, None)] * 2
    assert claims(desk) == []


def test_half_finished_downloads_and_hidden_files_are_left_alone(desk: Desk, folder: Path) -> None:
    for name in ("a.jpg.part", "b.crdownload", ".hidden.jpg", "Thumbs.db", "~$c.docx"):
        desk.drop(name, b"x")
    look_without_reading(desk)
    assert packets(desk) == []
    assert len(list(folder.iterdir())) == 5


def test_a_link_is_refused_by_name_once_and_what_it_leads_to_stays(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "1.jpg").write_bytes(blank(desk))
    for name, place in (("a.jpg", "1.jpg"), ("b", "."), ("c.jpg", "nothing.jpg")):
        (folder / name).symlink_to(elsewhere / place)
    for _time in range(2):
        look_without_reading(desk)
        assert packets(desk) == [(PacketState.AWAY, "rejected")] * 3
    assert [note.partition(":")[0] for note in notes(desk)] == ["a.jpg", "b", "c.jpg"]
    assert all("快捷方式" in note for note in notes(desk))
    assert list(folder.iterdir()) == []
    assert [file.name for file in elsewhere.iterdir()] == ["1.jpg"]


def test_the_same_packet_again_is_said_to_be_the_same(desk: Desk, folder: Path) -> None:
    scan = blank(desk)
    for name in ("first.jpg", "first.jpg", "other name.jpg"):
        desk.drop(name, scan)
        look_without_reading(desk)
    assert [outcome for _, outcome in packets(desk)] == ["taken", "repeated", "repeated"]
    assert claims(desk) == ["HZ2026000001"]
    assert list(folder.iterdir()) == []
    assert ["HZ2026000001" in note for note in notes(desk)] == [False, True, True]


def test_a_part_of_a_packet_alone_is_the_same_too(desk: Desk, folder: Path) -> None:
    one, two = blank(desk), blank(desk)
    desk.drop("whole", {"1.jpg": one, "2.jpg": two})
    look_without_reading(desk)
    desk.drop("part.zip", zipped({"9.jpg": two}))
    look_without_reading(desk)
    assert [outcome for _, outcome in packets(desk)] == ["taken", "repeated"]
    assert notes(desk)[-1] == "这些材料案件 HZ2026000001 已经有了，没有重复收件"


def test_the_same_packet_from_two_sessions_at_once_is_one_claim(desk: Desk, folder: Path) -> None:
    scan = blank(desk)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        desk.drop(name, scan)
    inbox.look(desk.office)
    inbox.look(desk.office)
    at_once(*[partial(run, desk.office, STEP_BY_NAME["intake"], bell.id) for bell in desk.bells])
    desk.bells[:] = [bell for bell in desk.bells if bell.state == "stored"]
    work_on_packets(desk)
    assert sorted(str(o) for _, o in packets(desk)) == ["repeated", "repeated", "taken"]
    assert len(claims(desk)) == 1
    assert documents(desk) == 1
    assert list(folder.iterdir()) == []


def test_two_looks_at_once_notice_a_packet_once(desk: Desk, folder: Path) -> None:
    for number in range(5):
        desk.drop(f"{number}.jpg", b"x")
    at_once(*[partial(inbox.look, desk.office)] * 4)
    assert len(packets(desk)) == 5


def test_one_bad_file_does_not_stop_the_good_ones(desk: Desk, folder: Path) -> None:
    good = blank(desk)
    desk.drop("case", {"1.jpg": good, "sub/2.pdf": password_pdf(), "3.jpg": good[:60]})
    desk.drop("other.jpg", blank(desk))
    look_without_reading(desk)
    assert len(claims(desk)) == 2
    assert documents(desk) == 2
    [note] = filter(None, notes(desk))
    assert "sub/2.pdf:文件有密码" in note
    assert "3.jpg:" in note
    assert "1.jpg" not in note
    assert list(folder.iterdir()) == []
    assert originals_of(desk) == [{"1.jpg": good, "sub/2.pdf": password_pdf(), "3.jpg": good[:60]}]


def test_a_packet_of_bad_files_is_refused_with_a_note_and_kept_sealed(
    desk: Desk, folder: Path
) -> None:
    before = {"1.pdf": garbage_pdf(), "2.jpg": b"no picture"}
    desk.drop("case", before)
    desk.drop("empty.pdf", b"")
    look_without_reading(desk)
    assert packets(desk) == [(PacketState.AWAY, "rejected")] * 2
    assert claims(desk) == []
    assert list(folder.iterdir()) == []
    assert originals_of(desk) == [before, {"empty.pdf": b""}]
    assert "空" in notes(desk)[1]


@pytest.mark.parametrize(
    "name",
    [
        b"line\nbreak \x1b[31m.jpg",
        "名字".encode("gb18030") + b".jpg",
        b"\xff\xfe.jpg",
        ("长" * 80).encode() + b".jpg",
        b"a" * 251 + b".jpg",
        b"a" * 255,
        b"x:y.jpg",
        b"-rf .jpg",
    ],
)
@pytest.mark.parametrize("is_good", [True, False])
def test_an_odd_name_is_put_away_like_any_other(
    desk: Desk, folder: Path, name: bytes, is_good: bool
) -> None:
    path = os.path.join(os.fsencode(folder), name)  # noqa: PTH118 - the name is no text
    for _ in range(2):
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(a_picture() if is_good else b"no picture")
        look_without_reading(desk)
    assert packets(desk) == [(PacketState.AWAY, "taken" if is_good else "rejected")] * 2
    assert list(folder.iterdir()) == []
    if not is_good:
        assert originals_of(desk) == [{os.fsdecode(name): b"no picture"}] * 2


def test_a_name_with_an_id_number_is_not_kept_in_clear(desk: Desk, folder: Path) -> None:
    person = desk.member()
    desk.drop(
        f"{person.id_number}", {f"{person.id_number}.pdf": garbage_pdf(), "1.jpg": blank(desk)}
    )
    look_without_reading(desk)
    with desk.office.sessions.read_only() as session:
        [packet] = session.scalars(select(Packet))
        assert packet.notes
        assert person.id_number not in str(packet.notes)
        [document] = session.scalars(select(Document))
        assert document_name(desk.office.keys, document) == "1.jpg"
    assert list(folder.iterdir()) == []


# --- crashes


def test_after_a_crash_between_commit_and_move_it_is_moved_once(desk: Desk, folder: Path) -> None:
    desk.drop("case.jpg", blank(desk))
    inbox.look(desk.office)
    inbox.look(desk.office)
    [bell] = desk.bells
    run(desk.office, STEP_BY_NAME["intake"], bell.id)
    desk.bells.clear()  # The worker died here: its bell was never rung.
    inbox.look(desk.office)
    assert packets(desk) == [(PacketState.STORED, "taken")]
    desk.clock.pass_(seconds=desk.office.settings.grace_seconds + 1)
    sweep(desk.office)
    work_on_packets(desk)
    assert packets(desk) == [(PacketState.AWAY, "taken")]
    assert list(folder.iterdir()) == []
    assert len(claims(desk)) == 1


@pytest.mark.parametrize("aside", [".leaving-1", ".gone-1"])
def test_after_a_crash_while_it_is_removed_it_is_removed_whole(
    desk: Desk, folder: Path, aside: str
) -> None:
    path = desk.drop("case", {"1.pdf": garbage_pdf(), "2.pdf": b""})
    inbox.look(desk.office)
    inbox.look(desk.office)
    run(desk.office, STEP_BY_NAME["intake"], desk.bells[0].id)
    path.rename(folder / aside)
    if aside == ".gone-1":
        (folder / aside / "2.pdf").unlink()
    inbox.look(desk.office)
    assert run(desk.office, STEP_BY_NAME["put_away"], desk.bells[0].id) is Ended.DONE
    assert packets(desk) == [(PacketState.AWAY, "rejected")]
    assert list(folder.iterdir()) == []


def test_what_grows_while_it_is_put_away_is_noticed_as_something_new(
    desk: Desk, folder: Path
) -> None:
    path = desk.drop("case", {"1.jpg": blank(desk)})
    inbox.look(desk.office)
    inbox.look(desk.office)
    run(desk.office, STEP_BY_NAME["intake"], 1)
    path.rename(folder / ".leaving-1")
    desk.drop(".leaving-1", {"2.jpg": blank(desk)})
    assert run(desk.office, STEP_BY_NAME["put_away"], 1) is Ended.DONE
    assert below(folder) == {"case/1.jpg", "case/2.jpg"}
    look_without_reading(desk)
    assert documents(desk) == 2
    assert list(folder.iterdir()) == []


def test_after_a_crash_before_the_commit_it_is_taken_in_from_the_folder(
    desk: Desk, folder: Path
) -> None:
    scan = blank(desk)
    desk.drop("case.jpg", scan)
    desk.office.store.put(scan)  # As far as the worker came; no row says so.
    look_without_reading(desk)
    assert packets(desk) == [(PacketState.AWAY, "taken")]
    assert (len(claims(desk)), documents(desk)) == (1, 1)


def test_delivered_twice_it_is_taken_in_once(desk: Desk, folder: Path) -> None:
    desk.drop("case.jpg", blank(desk))
    inbox.look(desk.office)
    inbox.look(desk.office)
    ended = [run(desk.office, STEP_BY_NAME["intake"], 1) for _ in range(2)]
    ended += [run(desk.office, STEP_BY_NAME["put_away"], 1) for _ in range(2)]
    assert ended == [Ended.DONE, Ended.GONE, Ended.DONE, Ended.GONE]
    assert len(claims(desk)) == 1


def test_a_new_packet_of_the_same_name_is_not_lost_while_the_old_one_waits(
    desk: Desk, folder: Path
) -> None:
    desk.drop("scan.jpg", blank(desk))
    inbox.look(desk.office)
    inbox.look(desk.office)
    run(desk.office, STEP_BY_NAME["intake"], 1)
    newer = blank(desk)
    desk.drop("scan.jpg", newer)
    inbox.look(desk.office)
    inbox.look(desk.office)
    assert len(packets(desk)) == 1
    work_on_packets(desk)
    assert (folder / "scan.jpg").read_bytes() == newer
    look_without_reading(desk)
    assert packets(desk) == [(PacketState.AWAY, "taken")] * 2
    assert len(claims(desk)) == 2
    assert list(folder.iterdir()) == []


def test_a_folder_that_grew_after_it_was_taken_in_adds_to_its_own_claim(
    desk: Desk, folder: Path
) -> None:
    person = desk.member()
    whole = papers(desk, person)
    first = {name: data for name, data in whole.items() if name < "04"}
    desk.drop("张三", first)
    inbox.look(desk.office)
    inbox.look(desk.office)
    run(desk.office, STEP_BY_NAME["intake"], 1)
    desk.drop("张三", whole)  # The scanner had only paused.
    desk.look()
    desk.look()
    assert claims(desk) == ["HZ2026000001"]
    assert documents(desk) == 5
    assert desk.state_of(1) == ClaimState.PROPOSED


# --- supplements


def test_a_paper_dropped_under_the_claims_number_resumes_it_by_itself(
    desk: Desk, folder: Path
) -> None:
    person = desk.member()
    desk.drop("张三", papers(desk, person, Kind.BANK_CARD))
    desk.look()
    assert desk.state_of(1) == ClaimState.INCOMPLETE
    card = desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", person.card))
    desk.drop("HZ2026000001 补银行卡.jpg", card)
    desk.look()
    assert desk.state_of(1) == ClaimState.PROPOSED
    assert len(claims(desk)) == 1
    assert packets(desk) == [(PacketState.AWAY, "taken")] * 2


def test_the_same_supplement_again_changes_nothing(desk: Desk, folder: Path) -> None:
    person = desk.member()
    desk.drop("张三", papers(desk, person, Kind.BANK_CARD))
    desk.look()
    other = desk.scan(a_page(Kind.INVOICE, "票据"))
    for _ in range(2):
        desk.drop("HZ2026000001", {"1.jpg": other})
        desk.look()
    assert [outcome for _, outcome in packets(desk)] == ["taken", "taken", "repeated"]
    assert desk.state_of(1) == ClaimState.INCOMPLETE
    assert "HZ2026000001" in notes(desk)[-1]


def test_an_unknown_number_is_said_and_the_papers_are_taken_in(desk: Desk, folder: Path) -> None:
    desk.drop("HZ2026000777.jpg", blank(desk))
    look_without_reading(desk)
    assert claims(desk) == ["HZ2026000001"]
    assert "没有案件 HZ2026000777" in notes(desk)[0]


def test_papers_for_a_claim_in_the_queue_take_it_out_and_free_its_right(
    desk: Desk, folder: Path
) -> None:
    desk.drop("张三", papers(desk, desk.member()))
    desk.look()
    assert desk.state_of(1) == ClaimState.PROPOSED
    desk.drop("HZ2026000001.jpg", desk.scan(a_page(Kind.ACCIDENT_STATEMENT, "意外事故说明")))
    desk.look()
    assert desk.state_of(1) == ClaimState.IN_QUESTION
    assert desk.open_findings(1) == {("MAY_ALSO_CLAIM", "accident")}
    with desk.office.sessions.read_only() as session:
        [right] = session.scalars(select(Entitlement))
        assert right.released_at is not None


def test_papers_that_come_after_the_approval_are_filed_and_change_nothing(
    desk: Desk, folder: Path
) -> None:
    desk.drop("张三", papers(desk, desk.member()))
    desk.look()
    desk.approve_all()
    desk.drop("HZ2026000001.jpg", blank(desk))
    desk.look()
    assert desk.state_of(1) == ClaimState.PAYABLE
    assert documents(desk) == 6
    assert "已经审批" in notes(desk)[-1]
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(AuditEvent.verb).filter_by(verb="late_papers")).all()


def test_papers_that_came_too_late_are_read_when_the_claim_is_checked_again(
    desk: Desk, folder: Path
) -> None:
    desk.drop("张三", papers(desk, desk.member()))
    desk.look()
    desk.approve_all()
    desk.drop("HZ2026000001.jpg", desk.scan(a_page(Kind.ACCIDENT_STATEMENT, "意外事故说明")))
    desk.look()
    with desk.at(1) as (session, claim):
        supervisor = desk.user(Role.SUPERVISOR)
        approval.send_back(session, desk.office, supervisor, claim, "有新材料")
    with desk.at(1) as (session, claim):
        correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
    desk.work()
    assert desk.state_of(1) == ClaimState.IN_QUESTION
    assert desk.open_findings(1) == {("MAY_ALSO_CLAIM", "accident")}


# --- uploads


def upload(desk: Desk, files: list[tuple[str, bytes]], claim_id: int | None = None) -> int:
    person = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        claim = session.get_one(Claim, claim_id) if claim_id else None
        uploads.upload(session, desk.office, person, files, claim)
    desk.work()
    return person.id


def test_an_upload_becomes_a_claim_and_its_sender_a_maker(desk: Desk) -> None:
    files = list(papers(desk, desk.member()).items())
    clerk_id = upload(desk, files)
    assert packets(desk) == [(PacketState.AWAY, "taken")]
    assert desk.state_of(1) == ClaimState.PROPOSED
    with desk.office.sessions.read_only() as session:
        assert session.get(Maker, (1, clerk_id, "papers")) is not None
    assert below(spool_folder(desk.office.settings)) == set()


def test_an_upload_for_a_claim_adds_to_it(desk: Desk) -> None:
    person = desk.member()
    upload(desk, list(papers(desk, person, Kind.BANK_CARD).items()))
    assert desk.state_of(1) == ClaimState.INCOMPLETE
    card = desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", person.card))
    upload(desk, [("card.jpg", card)], claim_id=1)
    assert desk.state_of(1) == ClaimState.PROPOSED
    assert len(claims(desk)) == 1


def test_a_bad_upload_is_kept_and_named_as_its_sender_named_it(desk: Desk) -> None:
    upload(desk, [("../../我的 诊断书.pdf", garbage_pdf()), ("b\n.jpg", b"x")])
    assert packets(desk) == [(PacketState.AWAY, "rejected")]
    with desk.office.sessions.read_only() as session:
        notes = session.scalars(select(Packet.notes)).one()
    assert "我的 诊断书.pdf" in notes[0]
    assert originals_of(desk) == [{"001 我的 诊断书.pdf": garbage_pdf(), "002 b.jpg": b"x"}]


def test_an_upload_needs_files_and_a_person_who_hands_in(desk: Desk) -> None:
    with pytest.raises(Refused, match="选择"), desk.office.sessions.unit_of_work() as session:
        uploads.upload(session, desk.office, desk.user(Role.CLERK), [])
    for role in (Role.SUPERVISOR, Role.CASHIER, Role.AUDITOR):
        with pytest.raises(Refused), desk.office.sessions.unit_of_work() as session:
            uploads.upload(session, desk.office, desk.user(role), [("a.jpg", b"x")])
    assert packets(desk) == []


def test_the_bounds_of_the_settings_bind(desk: Desk, folder: Path) -> None:
    settings = desk.office.settings.model_copy(update={"max_files": 2, "max_pages": 3})
    strict = replace(desk.office, settings=settings)
    desk.drop("three", {f"{n}.jpg": blank(desk) for n in range(3)})
    desk.drop("six pages.pdf", (SAMPLES / "03-one-pdf.pdf").read_bytes())
    inbox.look(strict)
    inbox.look(strict)
    for bell in list(desk.bells):
        run(strict, STEP_BY_NAME["intake"], bell.id)
    assert packets(desk) == [(PacketState.STORED, "rejected")] * 2
    assert claims(desk) == []


def test_no_row_of_a_packet_names_a_person_in_clear(desk: Desk, folder: Path) -> None:
    desk.drop("欧阳锋.jpg", blank(desk))
    look_without_reading(desk)
    with desk.office.sessions.read_only() as session:
        for table in ("packet", "document", "audit_event", "claim"):
            rows = session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))  # noqa: S608
            assert not [row for (row,) in rows if "欧阳锋" in row]
