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
_PUBLIC = "public:"


@dataclass(frozen=True)
class Signer:
    """Ed25519 keys, of which the newest signs; what any of them signed is ours.

    `private` are those that can sign, `public` all of them, by name and newest first. A key's name
    is the begin of its hash.
    """

    private: Mapping[str, Ed25519PrivateKey] = field(repr=False)
    public: Mapping[str, Ed25519PublicKey] = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read private keys "BASE64,BASE64", newest first, or raise BadInput.

        Of a key that signs no more "public:BASE64" is enough, behind the newest.
        """
        private: dict[str, Ed25519PrivateKey] = {}
        public: dict[str, Ed25519PublicKey] = {}
        for each in text.split(","):
            if each.strip().startswith(_PUBLIC):
                public |= public_keys(each.strip().removeprefix(_PUBLIC))
                continue
            key = Ed25519PrivateKey.from_private_bytes(_bytes(each))
            name, public[name] = _named(key.public_key())
            private[name] = key
        if next(iter(public)) not in private:
            raise BadInput(_("签名密钥的第一把须是私钥"))
        return cls(private, public)

    @property
    def name(self) -> str:
        """The name of the newest key."""
        return next(iter(self.private))

    def sign(self, statement: bytes, name: str) -> str:
        """The signature by the key of this name, in hexadecimal figures."""
        return self.private[name].sign(statement).hex()


def new_signing_key() -> str:
    """A private key, as `Signer` reads it."""
    return b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def public_keys(text: str) -> Mapping[str, Ed25519PublicKey]:
    """Read public keys "BASE64,BASE64" by name, or raise BadInput."""
    return dict(
        _named(Ed25519PublicKey.from_public_bytes(_bytes(each))) for each in text.split(",")
    )


def name_of(public_key: str) -> str:
    """The name of the key with this text."""
    return next(iter(public_keys(public_key)))


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
