"""Makes the passwords of the private servers at their first start, and keeps them."""

import json
import secrets
from pathlib import Path

from servers.private_files import write_private

APP, REPORT = "huzhu_app", "huzhu_report"
"""The users of the private database as whom the program works, and who only reads."""

NAMES = ("postgres", APP, REPORT, "valkey")


def passwords(data: Path) -> dict[str, str]:
    """The password of each user of the servers; a file only its owner can read holds them."""
    path = data / "server-passwords.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    every = {name: known.get(name) or secrets.token_urlsafe(24) for name in NAMES}
    if every != known:
        write_private(path, json.dumps(every))
    return every
