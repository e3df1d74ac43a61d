"""Sealed values open only where they were sealed, and only whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.sealing import KeyRing, SealBroken, new_index_key, new_keys, sealed_size
from rules.errors import BadInput

INDEX = new_index_key()
OLD, NEW = "2026a:" + new_index_key(), "2026b:" + new_index_key()
RING = KeyRing.from_text(f"{NEW},{OLD}", INDEX)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_opens_again_at_its_place(plain: bytes, about: str) -> None:
    sealed = RING.seal(plain, about)
    assert RING.open(sealed, about) == plain
    assert len(sealed) == sealed_size(len(plain), RING.current)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_no_bit_can_be_changed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(plain, "member.phone:1"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        RING.open(bytes(sealed), "member.phone:1")


@given(st.integers(0, 40))
def test_a_cut_value_does_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal(b"6217000000000000000", "claim.card:1")[:length], "claim.card:1")


def test_a_value_copied_to_another_row_does_not_open() -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal(b"1", "member.id_number:17"), "member.id_number:18")


def test_the_same_value_is_never_sealed_the_same_twice() -> None:
    assert RING.seal(b"x", "a") != RING.seal(b"x", "a")


def test_an_older_key_still_opens() -> None:
    sealed = KeyRing.from_text(OLD, INDEX).seal(b"x", "a")
    assert RING.open(sealed, "a") == b"x"


def test_a_key_that_left_the_ring_is_named() -> None:
    sealed = RING.seal(b"x", "a")
    with pytest.raises(SealBroken, match="2026b"):
        KeyRing.from_text(OLD, INDEX).open(sealed, "a")


def test_fingerprints_agree_between_rings_with_the_same_index_key_only() -> None:
    same = KeyRing.from_text(OLD, INDEX)
    other = KeyRing.from_text(NEW, new_index_key())
    assert RING.fingerprint("220102") == same.fingerprint("220102")
    assert RING.fingerprint("220102") != other.fingerprint("220102")
    assert RING.fingerprint("220102") != RING.fingerprint("220103")


def test_fresh_keys_are_usable_and_rotate() -> None:
    first = new_keys()
    sealed = KeyRing.from_text(first, INDEX).seal(b"x", "a")
    assert KeyRing.from_text(f"{new_keys()}, {first}", INDEX).open(sealed, "a") == b"x"


def test_keys_never_show_in_a_traceback() -> None:
    assert "2026" not in repr(RING)
    assert repr(RING.index_key) not in repr(RING)


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        ("", INDEX),
        ("2026a", INDEX),
        ("2026a:short", INDEX),
        ("2026a:c2hvcnQ=", INDEX),
        (":" + new_index_key(), INDEX),
        (f"{OLD},{OLD}", INDEX),
        (OLD, ""),
        ("密" + OLD, INDEX),
    ],
    ids=["none", "no key", "short", "too short", "no name", "twice", "no index", "not plain"],
)
def test_unusable_keys_are_refused_with_a_sentence(keys: str, index: str) -> None:
    with pytest.raises(BadInput, match="密钥"):
        KeyRing.from_text(keys, index)
