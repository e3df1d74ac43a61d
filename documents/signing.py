"""Signs statements, so that who has the public key alone can tell that they are ours."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from language import _
from rules.errors import BadInput

_KEY_BYTES = 32


@dataclass(frozen=True)
class Signer:
    """Ed25519 keys, of which the first signs; what any of them signed is ours.

    `public` are the public keys by name. A key's name is the begin of its hash.
    """

    private: Ed25519PrivateKey = field(repr=False)
    public: Mapping[str, Ed25519PublicKey] = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read private keys "BASE64,BASE64", newest first, or raise BadInput."""
        keys = [Ed25519PrivateKey.from_private_bytes(_bytes(each)) for each in text.split(",")]
        return cls(keys[0], dict(_named(key.public_key()) for key in keys))

    @property
    def name(self) -> str:
        """The name of the key that signs."""
        return _named(self.private.public_key())[0]

    def sign(self, statement: bytes) -> str:
        """The signature, in hexadecimal figures."""
        return self.private.sign(statement).hex()


def new_signing_key() -> str:
    """A private key, as `Signer` reads it."""
    return b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_keys(text: str) -> Mapping[str, Ed25519PublicKey]:
    """Read public keys "BASE64,BASE64" by name, or raise BadInput."""
    return dict(
        _named(Ed25519PublicKey.from_public_bytes(_bytes(each))) for each in text.split(",")
    )


def as_text(key: Ed25519PublicKey) -> str:
    """The key as `public_keys` reads it."""
    return b64encode(key.public_bytes_raw()).decode()


def is_signed(key: Ed25519PublicKey, statement: bytes, signature: str) -> bool:
    """Whether the owner of this key signed just this statement."""
    try:
        key.verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def _named(key: Ed25519PublicKey) -> tuple[str, Ed25519PublicKey]:
    return sha256(key.public_bytes_raw()).hexdigest()[:12], key


def _bytes(text: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadInput(_("签名密钥应为 32 字节的 Base64"))
    return key
