"""Processes with other keys than those at work do not start."""

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from documents.cipher_suites import SuiteName
from documents.sealing import KeyRing, new_index_key, new_keys
from rules.errors import Refused
from tests.desk import Desk
from workflows import key_rotation
from workflows.engine.kept_where import store_of
from workflows.engine.office import Office
from workflows.engine.same_keys import require_same_keys


def given(office: Office) -> tuple[str, str]:
    settings = office.settings
    return settings.keys.get_secret_value(), settings.index_key.get_secret_value()


def with_keys(office: Office, keys: str, index_key: str) -> Office:
    ring = KeyRing.from_text(keys, index_key, SuiteName.AES)
    return replace(office, keys=ring, store=store_of(office.settings, ring))


def test_the_same_keys_start_as_often_as_they_like(office: Office) -> None:
    for _start in range(3):
        require_same_keys(office)


@pytest.mark.parametrize("other", ["sealing", "same name", "fingerprints"])
def test_a_process_with_another_key_is_refused_and_changes_nothing(
    office: Office, other: str
) -> None:
    keys, index = given(office)
    require_same_keys(office)
    same_name = keys.partition(":")[0] + ":" + new_keys().partition(":")[2]
    rings = {
        "sealing": (new_keys(), index),
        "same name": (same_name, index),
        "fingerprints": (keys, new_index_key()),
    }
    with pytest.raises(Refused, match="密钥"):
        require_same_keys(with_keys(office, *rings[other]))
    require_same_keys(office)


def test_from_the_first_start_with_a_new_key_all_need_it_and_after_the_rotation_no_other(
    desk: Desk,
) -> None:
    office = desk.office
    keys, index = given(office)
    require_same_keys(office)
    newer = new_keys()
    both = with_keys(office, f"{newer},{keys}", index)
    require_same_keys(both)
    with pytest.raises(Refused):
        require_same_keys(office)
    with pytest.raises(Refused):
        require_same_keys(with_keys(office, newer, index))
    office.sessions.engine.dispose()
    assert key_rotation.rotate(both, lambda _kind, _count: None) == 0
    require_same_keys(with_keys(office, newer, index))


def test_of_two_first_starts_with_different_keys_one_is_refused(office: Office) -> None:
    _keys, index = given(office)
    for others in ((new_keys(), index), (new_keys(), new_index_key())):
        pair = [office, with_keys(office, *others)]
        at_once, refused = Barrier(2), list[Office]()

        def start(one: Office, at_once: Barrier = at_once, told: list[Office] = refused) -> None:
            at_once.wait()
            try:
                require_same_keys(one)
            except Refused:
                told.append(one)

        threads = [Thread(target=start, args=(each,)) for each in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        with office.sessions.unit_of_work() as session:
            session.connection().exec_driver_sql("DELETE FROM key_canary")
