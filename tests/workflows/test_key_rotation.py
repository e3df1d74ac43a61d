"""Everything is sealed anew with a new key, whenever the one who does it dies."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from documents.blobs import folder
from documents.cipher_suites import SM, SuiteName
from documents.sealing import KeyRing, new_keys
from models import AuditEvent, Base, KeyRotation
from rules.errors import Refused
from tests.desk import Desk
from tests.kept_files import spool_folder, store_folder
from workflows import key_rotation
from workflows.engine import session as sessions
from workflows.engine.kept_where import store_of
from workflows.engine.office import SEALS_BY, Office
from workflows.engine.session import Sessions
from workflows.sealed_values.places import PLACES


class Killed(BaseException):
    """What a process is that does not come back."""


@pytest.fixture
def filled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Some claims of every kind, papers in the store, an original in the spool."""
    for _ in range(3):
        desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    desk.work()
    desk.office.spool.put("packet-1", iter([("张三.pdf", BytesIO(b"no picture"))]))
    monkeypatch.setattr(key_rotation, "ROWS_AT_ONCE", 20)
    monkeypatch.setattr(key_rotation, "FILES_AT_ONCE", 3)
    return desk


def with_ring(office: Office, keys: str, suite: SuiteName) -> Office:
    ring = KeyRing.from_text(keys, office.settings.index_key.get_secret_value(), suite)
    return replace(office, keys=ring, store=store_of(office.settings, ring))


def rotate(office: Office, tell: key_rotation.Tell = lambda _kind, _count: None) -> int:
    return key_rotation.rotate(office, tell)


def all_opens(office: Office) -> Counter[str]:
    """Everything that is sealed opens with the ring of this office; how much there is of a kind."""
    seen: Counter[str] = Counter()
    with office.sessions.read_only() as session:
        for place in PLACES:
            table = Base.metadata.tables[place.table]
            columns = [table.c[name] for name in (place.column, *place.by)]
            for sealed, *by in session.execute(select(*columns).where(columns[0].is_not(None))):
                office.keys.open(sealed, place.about(*by))
                seen[place.table] += 1
    for sha256, _mark in office.store.marks():
        assert office.store.verify(sha256)
        seen["store"] += 1
    assert office.spool.get("packet-1") == [("张三.pdf", b"no picture")]
    return seen


@pytest.mark.parametrize("suite", SuiteName)
def test_killed_at_every_batch_and_file_it_goes_on_until_nothing_is_left_under_the_old_key(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, suite: SuiteName
) -> None:
    old, new = filled.office.settings.keys.get_secret_value(), new_keys()
    anew = with_ring(filled.office, f"{new},{old}", suite)
    before, steps, deaths, met = all_opens(anew), Counter[int](), 0, set[str]()
    for module in (sessions, folder):
        monkeypatch.setattr(module, "crash_point", lambda name: die(name))

    def die(name: str) -> None:
        # Each attempt comes some steps further than the one before, then dies.
        if name.startswith(("reseal", "stored, before rename")):
            met.add(name)
            steps[deaths] += 1
            if steps[deaths] > 3 * deaths:
                raise Killed

    left = None
    while left is None:
        try:
            left = rotate(anew)
        except Killed:
            deaths += 1
            if deaths % 4 == 0:
                assert all_opens(anew) == before
    assert (left, deaths > 10) == (0, True)
    assert met == {
        "reseal, before commit",
        "reseal, after commit",
        "stored, before rename",
    }
    assert all_opens(with_ring(filled.office, new, suite)) == before
    assert {"field", "payment", "member", "document", "page_reading", "packet", "store"} <= set(
        before
    )
    # What the deaths left half written is sealed, and goes with the night.
    anew.store.sweep(filled.clock().replace(year=2100))
    assert not list(store_folder(filled.office.settings).rglob(".new-*"))
    kinds = list(key_rotation.kinds(anew))
    assert all(kind.marks.total() == kind.sealed_by(anew.keys.mark) for kind in kinds)
    assert sum(kind.marks.total() for kind in kinds) >= before.total()


def test_it_is_one_rotation_however_often_it_is_begun_and_its_events_say_so(filled: Desk) -> None:
    old = filled.office.settings.keys.get_secret_value()
    anew = with_ring(filled.office, f"{new_keys()},{old}", SuiteName.SM)
    assert anew.keys.suite is SM
    assert [rotate(anew) for _ in range(2)] == [0, 0]
    with anew.sessions.read_only() as session:
        ended = session.scalars(select(KeyRotation.ended_at)).all()
        events = session.scalars(select(AuditEvent.verb).filter_by(subject="key_rotation"))
        assert (len(ended), None in ended) == (2, False)
        assert Counter(events) == {"begin_rotation": 2, "end_rotation": 2}
    filled.work()


def test_a_value_that_does_not_open_is_left_and_counted(filled: Desk) -> None:
    with filled.office.sessions.unit_of_work() as session:
        session.connection().execute(
            Base.metadata.tables["member"]
            .update()
            .values(phone=filled.office.keys.seal(b"1", "somewhere else"))
        )
    old = filled.office.settings.keys.get_secret_value()
    anew = with_ring(filled.office, f"{new_keys()},{old}", SuiteName.AES)
    assert rotate(anew) == 3
    assert {kind.name for kind in key_rotation.kinds(anew) if len(kind.marks) > 1} == set()
    [phones] = [kind for kind in key_rotation.kinds(anew) if kind.name == "member.phone"]
    assert (phones.marks.total(), phones.sealed_by(anew.keys.mark)) == (3, 0)


def test_a_broken_file_stops_nothing_and_is_counted(filled: Desk) -> None:
    [broken, *_rest] = store_folder(filled.office.settings).glob("??/*")
    broken.write_bytes(b"x")
    shelf = spool_folder(filled.office.settings) / "packet-1"
    (shelf / "f000002").write_bytes(b"")
    (shelf / "lost+found").write_bytes(b"x")
    with filled.office.sessions.unit_of_work() as session:
        session.connection().execute(Base.metadata.tables["member"].update().values(phone=b"x"))
    old = filled.office.settings.keys.get_secret_value()
    anew = with_ring(filled.office, f"{new_keys()},{old}", SuiteName.AES)
    assert rotate(anew) == 5, "three phones and two files"


def test_two_rotations_at_once_are_one(filled: Desk) -> None:
    refused: list[object] = []

    def begin_another(*_: object) -> None:
        if not refused:
            with pytest.raises(Refused, match="正在更换") as other:
                rotate(anew)
            refused.append(other)

    old = filled.office.settings.keys.get_secret_value()
    anew = with_ring(filled.office, f"{new_keys()},{old}", SuiteName.AES)
    assert rotate(anew, begin_another) == 0
    assert refused


def test_rows_that_others_hold_are_passed_over_and_taken_later(filled: Desk) -> None:
    old = filled.office.settings.keys.get_secret_value()
    anew = with_ring(filled.office, f"{new_keys()},{old}", SuiteName.AES)
    with filled.at(1), filled.office.sessions.unit_of_work() as other:
        other.execute(select(Base.metadata.tables["member"]).with_for_update())
        assert rotate(anew) == 6, "three ID numbers and three cards"
    assert rotate(anew) == 0


def test_it_waits_until_no_process_is_left_that_knows_only_the_old_keys(filled: Desk) -> None:
    older = Sessions(filled.office.settings.database_url, called=SEALS_BY + "another")
    with older.read_only() as session:
        session.execute(select(1))
        with pytest.raises(Refused, match="重新启动"):
            rotate(filled.office)
    older.engine.dispose()
    while True:  # the server ends a session some time after its program has left it
        with suppress(Refused):
            assert rotate(filled.office) == 0
            break
