"""The keyed tag before each message in a queue: only who has the office's secret can write one."""

import hmac

_LENGTH = 64


def tag_key(secret: str) -> bytes:
    """The key of the tags, made from the secret so that no tag tells anything of the secret."""
    return hmac.digest(secret.encode(), b"tags of messages", "sha256")


def tagged(key: bytes, queue: str, message: bytes) -> bytes:
    """The message as it is kept in this queue; in another one its tag would not fit."""
    return _tag(key, queue, message) + message


def genuine(key: bytes, queue: str, kept: bytes) -> bytes | None:
    """The message, if what is kept in this queue was written with this key."""
    tag, message = kept[:_LENGTH], kept[_LENGTH:]
    return message if hmac.compare_digest(tag, _tag(key, queue, message)) else None


def _tag(key: bytes, queue: str, message: bytes) -> bytes:
    return hmac.new(key, queue.encode() + b"\0" + message, "sha256").hexdigest().encode()
