"""Makes the secrets that nobody gave, at the first start, and keeps them beside the data."""

import json
import os
import secrets
from pathlib import Path

from documents.cipher_suites import SuiteName
from documents.sealing import new_index_key, new_keys
from documents.signing import new_signing_key
from language import N_, _
from rules.errors import Refused
from servers.private_files import create_private, write_private
from settings import SECRETS

_FILE = "secrets.json"
_SEALED_WITH_THEM = ("postgres", "store")
"""Folders beside the file, of which nothing opens without it."""

_LOST = N_(
    "密钥文件 %(file)s 不见了，而数据还在：没有它，已加密的内容都打不开。"
    "请把备份的密钥文件放回原处，再启动"
)
_BROKEN = N_("密钥文件 %(file)s 已损坏：请换上备份的密钥文件，再启动")

NAMES = ("HUZHU_KEYS", "HUZHU_INDEX_KEY", "HUZHU_SECRET")
_WITH_THEM = ("HUZHU_BACKUP_KEYS", "HUZHU_AUDIT_KEY")
"""Are made where one of the others is; who gives those gives these too, where backups are made
and the log is signed."""


def ensure(data: Path, suite: SuiteName = SuiteName.AES) -> dict[str, str]:
    """The secrets that are not given, by their environment variable; a file that only its owner
    can read holds them.

    The suite matters at the first start only: fingerprints stay as they are begun.
    """
    lacking = [name for name in NAMES if not is_given(name)]
    if not lacking:
        return {}
    lacking += [name for name in _WITH_THEM if not is_given(name)]
    path = data / _FILE
    made = {
        "HUZHU_KEYS": new_keys(),
        "HUZHU_INDEX_KEY": new_index_key(suite),
        "HUZHU_SECRET": secrets.token_urlsafe(48),
        "HUZHU_BACKUP_KEYS": new_keys(),
        "HUZHU_AUDIT_KEY": new_signing_key(),
    }
    if not path.exists():
        if any((data / name).exists() for name in _SEALED_WITH_THEM):
            raise Refused(_(_LOST) % {"file": path})
        data.mkdir(parents=True, exist_ok=True)
        create_private(path, json.dumps(made))
    kept = _kept(path)
    if not made.keys() <= kept.keys():  # made by an earlier version
        write_private(path, json.dumps(made | kept))
        kept = _kept(path)
    return {name: kept[name] for name in lacking}


def are_there(data: Path) -> bool:
    """Whether no secret would have to be made."""
    return (data / _FILE).exists() or all(map(is_given, NAMES))


def is_given(name: str) -> bool:
    """By the environment, or by a file as in a container."""
    return bool(os.environ.get(name)) or (SECRETS / name.lower()).is_file()


def put_first(data: Path, name: str, key: str) -> None:
    """Let this key of that secret be used from the next start, with those before it still known."""
    ensure(data)
    path = data / _FILE
    kept = _kept(path)
    write_private(path, json.dumps(kept | {name: f"{key},{kept[name]}"}))


def _kept(path: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(path.read_text())
        return {name: str(value) for name, value in found.items()}
    except (ValueError, AttributeError) as error:
        raise Refused(_(_BROKEN) % {"file": path}) from error
