"""Linux's seccomp: a process gives up system calls for good, by a small filter in the kernel.

Refused calls fail with EPERM. See seccomp(2) and linux/filter.h."""

import ctypes
import errno
import platform
import struct
import sys

_NO_NEW_PRIVILEGES = 38
_SECCOMP = (317, 277)
_SET_FILTER, _ALL_THREADS = 1, 1
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16
_OTHER_TABLE = 0x40000000
"""Numbers from here on are the 32-bit calls of x86-64, whose table we do not list."""
_THREAD = 0x10000
_ABSENT = 0xFFFFFFFF
"""The number of a call that an architecture does not have."""

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CLONE = (56, 220)
_PRLIMIT = (302, 261)
_CLONE3 = (435, 435)
# What no reader of files needs, by its number on x86-64 and arm64.
_REFUSED = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "execve": (59, 221), "execveat": (322, 281), "setsid": (112, 157), "setpgid": (109, 154),
    "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51), "pivot_root": (155, 41),
    "mount": (165, 40), "umount2": (166, 39), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsmount": (432, 432), "open_by_handle_at": (304, 265),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "fork": (57, _ABSENT), "vfork": (58, _ABSENT),
    # Landlock lets who owns a file still change what stands beside its bytes.
    "chmod": (90, _ABSENT), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, _ABSENT), "fchown": (93, 55), "lchown": (94, _ABSENT), "fchownat": (260, 54),
    "utime": (132, _ABSENT), "utimes": (235, _ABSENT), "futimesat": (261, _ABSENT),
    "utimensat": (280, 88), "truncate": (76, 45),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "personality": (135, 92),
}  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))


def is_known() -> bool:
    """Whether the numbers of this machine's system calls are listed here."""
    return sys.platform.startswith("linux") and platform.machine() in _ARCHITECTURES


def allow_no_new_privileges() -> None:
    """From now on no program that is started gains rights; filters and Landlock ask for it."""
    nothing = ctypes.c_ulong(0)
    if _libc().prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), nothing, nothing, nothing) != 0:
        raise OSError(ctypes.get_errno(), "no new privileges")


def give_up_calls() -> None:
    """From now on no thread of this process opens a socket, starts a program or reaches another
    process; OSError if the kernel refuses."""
    architecture, place = _ARCHITECTURES[platform.machine()]
    lines = b"".join(_filter(architecture, place))
    program = _Program(len(lines) // 8, lines)
    if _libc().syscall(_SECCOMP[place], _SET_FILTER, _ALL_THREADS, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def _filter(architecture: int, place: int) -> list[bytes]:
    refuse, absent = _ERROR | errno.EPERM, _ERROR | errno.ENOSYS
    lines = [
        _line(_LOAD, _AT_ARCHITECTURE),
        _line(_EQUAL, architecture, 1, 0),
        _line(_RETURN, _KILL),
        _line(_LOAD, _AT_NUMBER),
        _line(_AT_LEAST, _OTHER_TABLE, 0, 1),
        _line(_RETURN, refuse),
    ]
    for numbers in _REFUSED.values():
        lines += [_line(_EQUAL, numbers[place], 0, 1), _line(_RETURN, refuse)]
    # Its flags lie in memory, where no filter looks; libraries then start threads by `clone`.
    lines += [_line(_EQUAL, _CLONE3[place], 0, 1), _line(_RETURN, absent)]
    lines += [
        _line(_EQUAL, _CLONE[place], 0, 4),
        _line(_LOAD, _AT_FIRST_ARGUMENT),
        # A thread more, but no process, which would outlive the kill of this one.
        _line(_ANY_BIT, _THREAD, 1, 0),
        _line(_RETURN, refuse),
        _line(_RETURN, _ALLOW),
        # Only one's own limits may be set: a parent's would stop it.
        _line(_EQUAL, _PRLIMIT[place], 0, 3),
        _line(_LOAD, _AT_FIRST_ARGUMENT),
        _line(_EQUAL, 0, 1, 0),
        _line(_RETURN, refuse),
        _line(_RETURN, _ALLOW),
    ]
    return lines


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
