"""What a signed root says, as one line of text."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documents.signing import Signer, is_signed, name_of

EVENTS = "audit_event"
STAMPS = "row_stamp"


@dataclass(frozen=True)
class SignedSpan:
    """The rows of one table after one position up to another, which is included: how many, and
    the SHA-256 over position and hash of each in their order."""

    after: int
    upto: int
    count: int
    digest: str


@dataclass(frozen=True)
class Statement:
    """What a root says. `previous` is the hash of the line before it, empty in the first; `key` the
    name of the key that signed it; `spans` go by the name of the table. `next_key` is the public
    key that signs from the next root on, empty where it is the same."""

    number: int
    at: datetime
    previous: str
    key: str
    spans: Mapping[str, SignedSpan]
    next_key: str = ""

    @classmethod
    def of_line(cls, line: str) -> Self | None:
        """The statement in this line, signed or not; None where it is no such line."""
        try:
            told = json.loads(_parts(line)[0])
            spans = {table: SignedSpan(**span) for table, span in told.pop("spans").items()}
            if EVENTS not in spans:
                return None
            at = datetime.fromisoformat(told.pop("at"))
            return cls(**told, at=at, spans=spans)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    @property
    def signs_next(self) -> str:
        """The name of the key that signs the next root."""
        return name_of(self.next_key) if self.next_key else self.key

    def line(self, signer: Signer) -> str:
        """The statement in one line, and behind a blank the signature of all before it."""
        told = asdict(self) | {"at": self.at.astimezone(UTC).isoformat()}
        body = json.dumps(told, sort_keys=True, separators=(",", ":"))
        return f"{body} {signer.sign(body.encode(), self.key)}"


def hash_of(line: str) -> str:
    """By what the next line names this one."""
    return sha256(line.encode()).hexdigest()


def signed_by(line: str, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    """Whether the owner of the key that the line names signed it, and the key is one of these."""
    statement = Statement.of_line(line)
    body, signature = _parts(line)
    key = keys.get(statement.key) if statement else None
    return key is not None and is_signed(key, body.encode(), signature)


def _parts(line: str) -> tuple[str, str]:
    body, _blank, signature = line.rpartition(" ")
    return body, signature
