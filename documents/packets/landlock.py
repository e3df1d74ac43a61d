"""Linux's Landlock: a process gives up files and network for good, with no rights of root.

Called by number, as the C library has no functions for it; the numbers are the same on every
architecture. See landlock(7)."""

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_ONLY = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# By version of the kernel's interface: how many rights over files it knows.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_FILE_RIGHTS = 16
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """The version of the kernel's interface; 0: it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    answer: int = _libc().syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_ONLY)
    return max(answer, 0)


def give_up_all_but(readable: Sequence[Path]) -> None:
    """From now on this process reads beneath these paths, and opens, writes or reaches nothing
    else; what is open stays open. OSError if the kernel refuses."""
    known = version()
    rights = (1 << _FILE_RIGHTS.get(known, _MOST_FILE_RIGHTS)) - 1
    ruleset = _Ruleset(
        rights, 0b11 if known >= _NETWORK_SINCE else 0, 0b11 if known >= _SCOPES_SINCE else 0
    )
    handle = _call(_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(ctypes.sizeof(ruleset)), 0)
    for path in readable:
        _allow(handle, path)
    _call(_RESTRICT, handle, 0)
    os.close(handle)


def _allow(handle: int, path: Path) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    rights = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
    rule = _Beneath(rights, opened)
    _call(_ADD, handle, _PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(opened)


def _call(number: int, *arguments: object) -> int:
    result: int = _libc().syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock {number}")
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
