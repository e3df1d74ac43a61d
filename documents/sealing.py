"""Encrypts personal values at rest, and makes fingerprints by which they can be found."""

import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from language import _
from rules.errors import BadInput, HuzhuError

# A sealed value is: version, length of the key's name, the name, nonce, ciphertext with its tag.
_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_BYTES = 32


class SealBroken(HuzhuError):
    """A sealed value was changed, moved to another place, or its key is not in the ring."""


@dataclass(frozen=True)
class KeyRing:
    """Named keys, of which the first seals and all open, and one key for fingerprints.

    The index key is never rotated: a new one would find no value stored before.
    """

    keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)

    @classmethod
    def from_text(cls, keys: str, index_key: str) -> Self:
        """Read "2026b:BASE64,2026a:BASE64", newest first, and a BASE64 key, or raise BadInput."""
        entries = [entry.strip().partition(":") for entry in keys.split(",") if entry.strip()]
        ring = {_name(name): _key(text, name) for name, _colon, text in entries}
        if not ring:
            raise BadInput(_("没有密钥：请先生成密钥并写入设置"))
        if len(ring) != len(entries):
            raise BadInput(_("密钥名称重复"))
        return cls(ring, _key(index_key, _("检索密钥")))

    @property
    def current(self) -> str:
        """The name of the key that seals."""
        return next(iter(self.keys))

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypt; `about` ("member.id_number:17") must be given again to open, so that a sealed
        value copied to another row does not open there."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        hidden = _cipher(self.keys[self.current]).encrypt(nonce, plain, about.encode())
        return _header(self.current) + nonce + hidden

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypt; SealBroken if a bit, the place or the key is wrong."""
        name = key_name(sealed)
        if name not in self.keys:
            raise SealBroken(_("密钥环里没有密钥 %(name)s，无法解密") % {"name": name})
        body = sealed[len(_header(name)) :]
        nonce, hidden = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
        try:
            return _cipher(self.keys[name]).decrypt(nonce, hidden, about.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(
                _("加密内容已损坏或不属于此处：%(about)s") % {"about": about}
            ) from error

    def fingerprint(self, text: str) -> bytes:
        """The same 32 bytes for the same text; without the index key they reveal nothing."""
        return hmac.digest(self.index_key, text.encode(), "sha256")


def new_keys() -> str:
    """A fresh entry for the ring; put it before the older ones, with a comma, to rotate."""
    return f"{secrets.token_hex(4)}:{new_index_key()}"


def new_index_key() -> str:
    """A fresh random key, as text."""
    return b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def key_name(sealed: bytes) -> str:
    """Which key sealed this; SealBroken if it is no sealed value at all."""
    if len(sealed) < 2 or sealed[0] != _VERSION or len(sealed) < 2 + sealed[1]:
        raise SealBroken(_("不是本系统加密的内容"))
    return sealed[2 : 2 + sealed[1]].decode("ascii", "replace")


def sealed_size(plain_size: int, name: str) -> int:
    """How many bytes a plaintext of this size has once sealed with the key of this name."""
    return len(_header(name)) + _NONCE_BYTES + plain_size + _TAG_BYTES


@lru_cache(maxsize=20)
def _cipher(key: bytes) -> AESGCM:
    # Setting up a cipher takes as long as encrypting a short value.
    return AESGCM(key)


def _header(name: str) -> bytes:
    return bytes([_VERSION, len(name)]) + name.encode("ascii")


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
