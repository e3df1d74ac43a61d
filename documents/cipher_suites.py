"""The two suites that seal and fingerprint: the usual one, and the one of the Chinese standards."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

NONCE_BYTES = 12
TAG_BYTES = 16
_SM4_KEY_BYTES = 16


class SuiteName(StrEnum):
    """What a setting calls the suite."""

    AES = "aes"
    SM = "sm"


@dataclass(frozen=True)
class CipherSuite:
    """One way to encrypt with a key of 32 bytes and a nonce of 12.

    `version` is the first byte of what it sealed. To decrypt raises InvalidTag when a bit, the key
    or the associated data differs.
    """

    name: SuiteName
    version: int
    encrypt: Callable[[bytes, bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes, bytes], bytes]


def sha256_print(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.digest(key, text, "sha256")


def sm3_print(key: bytes, text: bytes) -> bytes:
    """HMAC-SM3 (GB/T 32905), 32 bytes as well."""
    keyed = HMAC(key, SM3())
    keyed.update(text)
    return keyed.finalize()


def _aes_encrypt(key: bytes, nonce: bytes, plain: bytes, about: bytes) -> bytes:
    return _aes(key).encrypt(nonce, plain, about)


def _aes_decrypt(key: bytes, nonce: bytes, hidden: bytes, about: bytes) -> bytes:
    return _aes(key).decrypt(nonce, hidden, about)


def _sm4_encrypt(key: bytes, nonce: bytes, plain: bytes, about: bytes) -> bytes:
    cipher = Cipher(SM4(_sm4_key(key)), GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(about)
    return cipher.update(plain) + cipher.finalize() + cipher.tag


def _sm4_decrypt(key: bytes, nonce: bytes, hidden: bytes, about: bytes) -> bytes:
    if len(hidden) < TAG_BYTES:
        raise InvalidTag
    cipher = Cipher(SM4(_sm4_key(key)), GCM(nonce, hidden[-TAG_BYTES:])).decryptor()
    cipher.authenticate_additional_data(about)
    return cipher.update(hidden[:-TAG_BYTES]) + cipher.finalize()


@lru_cache(maxsize=20)
def _aes(key: bytes) -> AESGCM:
    # Setting up a cipher takes as long as encrypting a short value.
    return AESGCM(key)


@lru_cache(maxsize=20)
def _sm4_key(key: bytes) -> bytes:
    """The key of SM4, which has 16 bytes, made from one of the ring."""
    return sm3_print(key, b"huzhu SM4-GCM")[:_SM4_KEY_BYTES]


AES = CipherSuite(SuiteName.AES, 1, _aes_encrypt, _aes_decrypt)
"""AES-256-GCM."""
SM = CipherSuite(SuiteName.SM, 2, _sm4_encrypt, _sm4_decrypt)
"""SM4-GCM (GB/T 32907)."""

BY_NAME = {suite.name: suite for suite in (AES, SM)}
BY_VERSION = {suite.version: suite for suite in (AES, SM)}
