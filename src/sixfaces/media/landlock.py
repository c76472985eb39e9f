"""Lets this process read nothing but given folders and files, and write nowhere, by the kernel's Landlock.

It needs no rights and works without namespaces, so it also holds where bubblewrap is absent (Linux 5.13 and later).
"""

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
"""System calls; the same numbers on all architectures."""

_VERSION_ASKED = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR, _EXECUTE = 1 << 2, 1 << 3, 1 << 0
_RIGHTS_V1 = (1 << 13) - 1
_RIGHT_REFER, _RIGHT_TRUNCATE = 1 << 13, 1 << 14
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

SYSTEM = (
    *("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/nix/store", "/etc/ld.so.cache", "/etc/alternatives"),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
    *("/sys/devices/system/cpu", "/sys/fs/cgroup"),
)
"""What Python and its libraries read of the system; nothing in it is private."""


def restrict(readable: Iterable[Path], descriptors: Iterable[int]) -> bool:
    """Allow reading below `readable` and of the files behind `descriptors`; refuse all other files, and all writing.

    Holds for this thread and those it starts from now on. False where the kernel has no Landlock. The caller has set
    no_new_privs.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, 0, _VERSION_ASKED)
    if version < 1:
        return False
    rules = _handled(version)
    ruleset = libc.syscall(_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            with suppress(OSError):  # what is not there need not be allowed
                descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
                _allow(libc, ruleset, descriptor)
                os.close(descriptor)
        for descriptor in descriptors:
            _allow(libc, ruleset, descriptor)
        return bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _handled(version: int) -> bytes:
    """What the rule set takes charge of: as much as this kernel's Landlock knows."""
    rights = _RIGHTS_V1 | (_RIGHT_REFER if version >= 2 else 0) | (_RIGHT_TRUNCATE if version >= 3 else 0)
    fields = [rights]
    if version >= 4:
        fields.append(_TCP_BIND_AND_CONNECT)
    if version >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(fields)}Q", *fields)


def _allow(libc: ctypes.CDLL, ruleset: int, descriptor: int) -> None:
    rights = _READ_FILE | _EXECUTE
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        rights |= _READ_DIR
    if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock_add_rule")
