"""The value of a signature as issuers of OFD pack it (GM/T 0031, GB/T 38540): what was signed, the
signer's certificate, and an SM2 signature (GB/T 32918) under the key in it."""

from collections.abc import Iterator
from typing import NamedTuple

import gmalg

_USER = b"1234567812345678"
"""The signer's name in the digest where no other one is agreed (GB/T 35276)."""
_SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")
_LARGEST = 512 * 1024
"""Bytes; the digest of a larger one would take longer than a page may."""
_EXPLICIT = 0xA0
"""The tag of a certificate's version, which may be missing."""
_NUMBER_BYTES = 32


class _Item(NamedTuple):
    tag: int
    content: bytes
    whole: bytes


def signed_in(value: bytes) -> bytes | None:
    """What the value says, where it was signed with the key of the certificate in it: empty where
    it was not. None where it is packed otherwise, or signed by another method. Whose the
    certificate is, is not asked."""
    try:
        told, certificate, signature = _packed(value)
        if (key := _sm2_key(certificate)) is None:
            return None
        holds = gmalg.SM2(pk=key, uid=_USER).verify(told, *_numbers(signature))
    except (ValueError, IndexError, gmalg.errors.GMError):
        return None
    return told if holds else b""


def _packed(value: bytes) -> tuple[bytes, bytes, bytes]:
    """What was signed, the certificate and the signature; the older form holds the certificate
    within what was signed."""
    if len(value) > _LARGEST:
        raise ValueError("too large")
    told, *rest = _items(_inside(value))
    if len(rest) == 1:
        return told.whole, list(_items(told.content))[5].content, _bits(rest[0])
    return told.whole, rest[0].content, _bits(rest[2])


def _sm2_key(certificate: bytes) -> bytes | None:
    """The public key of the certificate; None where it is of another kind."""
    fields = list(_items(_inside(_inside(certificate))))
    kind, key = _items(fields[6 if fields[0].tag == _EXPLICIT else 5].content)
    return _bits(key) if kind.content.endswith(_SM2_CURVE) else None


def _numbers(signature: bytes) -> tuple[bytes, bytes]:
    """The two numbers of the signature, which some issuers pack without their lengths."""
    if len(signature) == 2 * _NUMBER_BYTES:
        return signature[:_NUMBER_BYTES], signature[_NUMBER_BYTES:]
    one, other = _items(_inside(signature))
    return one.content, other.content


def _bits(item: _Item) -> bytes:
    return item.content[1:]


def _inside(data: bytes) -> bytes:
    """What is in the value that stands here first; behind it may lie what nobody signed."""
    for item in _items(data):
        return item.content
    raise ValueError("no DER")


def _items(data: bytes) -> Iterator[_Item]:
    """The values that stand here one after the other in DER; ValueError where there are none."""
    at = 0
    while at < len(data):
        length, start = data[at + 1], at + 2
        if length > 0x80:
            start += length - 0x80
            length = int.from_bytes(data[at + 2 : start])
        if length == 0x80 or start + length > len(data):
            raise ValueError("no DER")
        yield _Item(data[at], data[start : start + length], data[at : start + length])
        at = start + length
