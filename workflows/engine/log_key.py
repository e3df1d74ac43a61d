"""The key of the log's chains, which is not in the database."""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self


@dataclass(frozen=True)
class LogKey:
    """By what the hashes of events are made. `name` stands in each event, so that a later key
    does not make the earlier events unreadable; it tells nothing of the key."""

    name: str
    key: bytes = field(repr=False)

    @classmethod
    def made_from(cls, secret: bytes) -> Self:
        """The key that follows from a secret without giving it away."""
        key = hmac.digest(secret, b"huzhu log chain", "sha256")
        return cls(sha256(b"name" + key).hexdigest()[:12], key)

    def digest(self, content: bytes) -> bytes:
        """HMAC-SHA-256."""
        return hmac.digest(self.key, content, "sha256")
