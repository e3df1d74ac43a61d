"""Sealed values open only where they were sealed, and only whole, by either suite."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB, GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from documents.cipher_suites import BY_NAME, SM, SuiteName
from documents.sealing import KeyRing, SealBroken, mark_of, new_index_key, new_keys, sealed_size
from rules.errors import BadInput

INDEX = new_index_key()
OLD, NEW = "2026a:" + new_index_key(), "2026b:" + new_index_key()
RING = KeyRing.from_text(f"{NEW},{OLD}", INDEX)
RINGS = [replace(RING, suite=suite) for suite in BY_NAME.values()]
BOTH = pytest.mark.parametrize("ring", RINGS, ids=[ring.suite.name for ring in RINGS])


@BOTH
@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_was_sealed_opens_again_at_its_place(ring: KeyRing, plain: bytes, about: str) -> None:
    sealed = ring.seal(plain, about)
    assert all(each.open(sealed, about) == plain for each in RINGS)
    assert sealed.startswith(ring.mark)
    assert mark_of(sealed) == ring.mark
    assert len(sealed) == sealed_size(len(plain), ring.current)


@BOTH
@given(st.binary(min_size=1, max_size=60), st.data())
def test_no_bit_can_be_changed(ring: KeyRing, plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(ring.seal(plain, "member.phone:1"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        ring.open(bytes(sealed), "member.phone:1")


@BOTH
def test_what_one_suite_sealed_is_not_taken_for_the_others(ring: KeyRing) -> None:
    sealed = ring.seal(b"x", "a")
    with pytest.raises(SealBroken):
        ring.open(bytes([3 - sealed[0]]) + sealed[1:], "a")


@BOTH
@given(st.integers(0, 40))
def test_a_cut_value_does_not_open(ring: KeyRing, length: int) -> None:
    with pytest.raises(SealBroken):
        ring.open(ring.seal(b"6217000000000000000", "claim.card:1")[:length], "claim.card:1")


@BOTH
def test_a_value_copied_to_another_row_does_not_open(ring: KeyRing) -> None:
    with pytest.raises(SealBroken):
        ring.open(ring.seal(b"1", "member.id_number:17"), "member.id_number:18")


@BOTH
def test_the_same_value_is_never_sealed_the_same_twice(ring: KeyRing) -> None:
    assert ring.seal(b"x", "a") != ring.seal(b"x", "a")


def test_the_standards_own_examples_come_out() -> None:
    """GB/T 32907-2016, A.1, and GB/T 32905-2016, A.1 and A.2."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = Cipher(SM4(key), ECB()).encryptor()  # noqa: S305 - the standard's own mode
    assert block.update(key).hex() == EXPECTED_SM4
    for text, expected in EXPECTED_SM3.items():
        digest = Hash(SM3())
        digest.update(text)
        assert digest.finalize().hex() == expected


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """RFC 8998, A.1: with the key as it stands there, whatever is derived from a ring's."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    about = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([digit * 17]) * 8 for digit in (10, 11, 12, 13, 14, 15, 14, 10))
    cipher = Cipher(SM4(key), GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(about)
    assert (cipher.update(plain) + cipher.finalize()).hex() == RFC_8998_HIDDEN
    assert cipher.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


EXPECTED_SM4 = "681edf34d206965e86b3e94f536e4246"
EXPECTED_SM3 = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
RFC_8998_HIDDEN = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)


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


def test_fingerprints_are_made_by_the_hash_that_their_key_names_whatever_seals() -> None:
    by_sm3 = new_index_key(SuiteName.SM)
    ring = KeyRing.from_text(OLD, by_sm3, SuiteName.SM)
    assert (ring.suite, len(ring.fingerprint("220102"))) == (SM, 32)
    assert KeyRing.from_text(OLD, by_sm3).fingerprint("220102") == ring.fingerprint("220102")
    by_sha256 = KeyRing.from_text(OLD, by_sm3.partition(":")[2], SuiteName.SM)
    assert by_sha256.fingerprint("220102") != ring.fingerprint("220102")


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
        (OLD, "md5:" + INDEX),
        (OLD, "sm3:short"),
        ("密" + OLD, INDEX),
    ],
    ids=[
        "none",
        "no key",
        "short",
        "too short",
        "no name",
        "twice",
        "no index",
        "other hash",
        "short index",
        "not plain",
    ],
)
def test_unusable_keys_are_refused_with_a_sentence(keys: str, index: str) -> None:
    with pytest.raises(BadInput, match="密钥"):
        KeyRing.from_text(keys, index)
