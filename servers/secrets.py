"""Makes the secrets of the private mode at its first start and keeps them beside its data."""

import json
import os
import secrets
from pathlib import Path

from documents.cipher_suites import SuiteName
from documents.sealing import new_index_key, new_keys
from servers.private_files import create_private

NAMES = ("HUZHU_KEYS", "HUZHU_INDEX_KEY", "HUZHU_SECRET")


def ensure(data: Path, suite: SuiteName = SuiteName.AES) -> dict[str, str]:
    """The secrets by their environment variable; a file only its owner can read holds them.

    The suite matters at the first start only: fingerprints stay as they are begun.
    """
    if all(os.environ.get(name) for name in NAMES):
        return {}
    path = data / "secrets.json"
    if not path.exists():
        made = {
            "HUZHU_KEYS": new_keys(),
            "HUZHU_INDEX_KEY": new_index_key(suite),
            "HUZHU_SECRET": secrets.token_urlsafe(48),
        }
        data.mkdir(parents=True, exist_ok=True)
        create_private(path, json.dumps(made))
    read: dict[str, str] = json.loads(path.read_text())
    return read
