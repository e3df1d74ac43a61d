"""A security key in software: it makes keys and signs challenges as a device does."""

import base64
import json
import secrets
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _WITH_KEY = 0x01, 0x40


@dataclass
class SoftKey:
    """`origin` is the page that it is asked by; `signed` counts its signatures."""

    origin: str
    signed: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    pair: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, asked: dict[str, Any]) -> str:
        """The answer to what the page asks when a key is added."""
        of_key = (
            bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + self._cose()
        )
        told = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._told(asked["rp"]["id"], _PRESENT | _WITH_KEY) + of_key,
        }
        return self._answer(
            clientDataJSON=self._client("webauthn.create", asked),
            attestationObject=cbor2.dumps(told),
        )

    def sign(self, asked: dict[str, Any]) -> str:
        """The answer to what the page asks at log-in."""
        self.signed += 1
        client = self._client("webauthn.get", asked)
        told = self._told(asked["rpId"], _PRESENT)
        signature = self.pair.sign(told + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=told, signature=signature)

    def _told(self, site: str, flags: int) -> bytes:
        return sha256(site.encode()).digest() + struct.pack(">BI", flags, self.signed)

    def _cose(self) -> bytes:
        point = self.pair.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> str:
        id_ = _text(self.credential)
        parts = {name: _text(value) for name, value in response.items()}
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": parts})


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
