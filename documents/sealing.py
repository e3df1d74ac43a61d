"""Encrypts personal values at rest, and makes fingerprints by which they can be found."""

import hashlib
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag

from documents.cipher_suites import (
    AES,
    BY_NAME,
    BY_VERSION,
    NONCE_BYTES,
    TAG_BYTES,
    CipherSuite,
    SuiteName,
    sha256_print,
    sm3_print,
)
from language import _
from rules.errors import BadInput, HuzhuError

# A sealed value is: version, length of the key's name, the name, nonce, ciphertext with its tag.
# The version says which suite sealed it.
_KEY_BYTES = 32
_SM3 = "sm3"


class SealBroken(HuzhuError):
    """A sealed value was changed, moved to another place, or its key is not in the ring."""


@dataclass(frozen=True)
class KeyRing:
    """Named keys, of which the first seals and all open, and one key for fingerprints.

    What was sealed with any of the keys by any suite opens; `suite` is the one that seals. The key
    of fingerprints is never rotated, and its own text says by which hash they are made: with
    another one no value stored before would be found.
    """

    keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    suite: CipherSuite = AES
    prints_by_sm3: bool = False

    @classmethod
    def from_text(cls, keys: str, index_key: str, suite: SuiteName = SuiteName.AES) -> Self:
        """Read "2026b:BASE64,2026a:BASE64", newest first, and a key of fingerprints, "BASE64" or
        "sm3:BASE64", or raise BadInput."""
        entries = [entry.strip().partition(":") for entry in keys.split(",") if entry.strip()]
        # Without a colon what stands there may be the key itself, which no sentence may show.
        ring = {_name(name if colon else ""): _key(text, name) for name, colon, text in entries}
        if not ring:
            raise BadInput(_("没有密钥：请先生成密钥并写入设置"))
        if len(ring) != len(entries):
            raise BadInput(_("密钥名称重复"))
        hash_name, colon, text = index_key.strip().rpartition(":")
        if colon and hash_name != _SM3:
            raise BadInput(_("检索密钥前只能写 sm3：%(name)s") % {"name": hash_name[:20]})
        return cls(ring, _key(text, _("检索密钥")), BY_NAME[suite], bool(colon))

    @property
    def current(self) -> str:
        """The name of the key that seals."""
        return next(iter(self.keys))

    @property
    def mark(self) -> bytes:
        """How everything begins that is sealed now."""
        return _mark(self.suite.version, self.current)

    @property
    def badge(self) -> str:
        """Tells rings apart that seal differently, and says nothing of their keys."""
        return hashlib.sha256(self.mark).hexdigest()[:16]

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypt; `about` ("member.id_number:17") must be given again to open, so that a sealed
        value copied to another row does not open there."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        hidden = self.suite.encrypt(self.keys[self.current], nonce, plain, about.encode())
        return self.mark + nonce + hidden

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypt; SealBroken if a bit, the place or the key is wrong."""
        name = key_name(sealed)
        if name not in self.keys:
            raise SealBroken(_("密钥环里没有密钥 %(name)s，无法解密") % {"name": name})
        body = sealed[len(mark_of(sealed)) :]
        nonce, hidden = body[:NONCE_BYTES], body[NONCE_BYTES:]
        try:
            decrypt = BY_VERSION[sealed[0]].decrypt
            return decrypt(self.keys[name], nonce, hidden, about.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(
                _("加密内容已损坏或不属于此处：%(about)s") % {"about": about}
            ) from error

    def fingerprint(self, text: str) -> bytes:
        """The same 32 bytes for the same text; without the index key they reveal nothing."""
        made = sm3_print if self.prints_by_sm3 else sha256_print
        return made(self.index_key, text.encode())


def new_keys() -> str:
    """A fresh entry for the ring; put it before the older ones, with a comma, to rotate."""
    return f"{secrets.token_hex(4)}:{new_index_key()}"


def new_index_key(suite: SuiteName = SuiteName.AES) -> str:
    """A fresh random key for fingerprints, as text; that of the suite `sm` makes them by SM3."""
    text = b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    return f"{_SM3}:{text}" if suite is SuiteName.SM else text


def mark_of(sealed: bytes) -> bytes:
    """How it begins: by which suite and with which key it was sealed; SealBroken if it is no
    sealed value at all."""
    if len(sealed) < 2 or sealed[0] not in BY_VERSION or len(sealed) < 2 + sealed[1]:
        raise SealBroken(_("不是本系统加密的内容"))
    return sealed[: 2 + sealed[1]]


def mark_or_none(sealed: bytes) -> bytes:
    """How it begins, as `mark_of` says; b"" if it is no sealed value."""
    try:
        return mark_of(sealed)
    except SealBroken:
        return b""


LONGEST_MARK = 2 + 255


def key_name(sealed: bytes) -> str:
    """Which key sealed this; SealBroken if it is no sealed value at all."""
    return mark_of(sealed)[2:].decode("ascii", "replace")


def sealed_size(plain_size: int, name: str) -> int:
    """How many bytes a plaintext of this size has once sealed with the key of this name."""
    return len(_mark(AES.version, name)) + NONCE_BYTES + plain_size + TAG_BYTES


def _mark(version: int, name: str) -> bytes:
    return bytes([version, len(name)]) + name.encode("ascii")


def _name(name: str) -> str:
    if not (name.isascii() and name.isprintable() and 0 < len(name) <= 255):
        raise BadInput(_("密钥缺少名称或名称不是英文字母和数字，应写作 名称：密钥"))
    return name


def _key(text: str, name: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadInput(_("密钥 %(name)s 应为 32 字节的 Base64 文本") % {"name": name})
    return key
