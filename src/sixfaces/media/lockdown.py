"""What a child does to itself before it reads foreign bytes: namespaces, limits, capabilities, system calls.

Linux only; everything here is reached by ctypes because Python 3.11 has no calls for it. Each function says whether
it took effect, so that the report can be honest about what stood between the bytes and the machine.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sixfaces.media.share import Share

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_ALL_THREADS = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWIPC = 0x08000000
_CLONE_NEWNET = 0x40000000
_CLONE_THREAD = 0x00010000
_CAPABILITY_VERSION_3 = 0x20080522
_O_ANY_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_EPERM, _ENOSYS = 1, 38
_PROCESSES_WITHOUT_FILTER = 64


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; at once if `parent` has already gone."""
    if not sys.platform.startswith("linux"):
        return
    _libc().prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(0)


def adopt_orphans() -> None:
    """Have descendants whose own parent ends become this process's children, so that they are found below it."""
    if sys.platform.startswith("linux"):
        _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def leave_network() -> bool:
    """Move into a user and network namespace of one's own, which has no interface that is up."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(_libc().unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0)


def apply_limits(share: Share) -> None:
    """Set the limits on this process; hard ones, so that no code in it can lift them again."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, share.open_files)
    _lower(resource.RLIMIT_AS, share.memory_bytes)
    limit_cpu(share.cpu_s)
    with suppress(OSError):  # the file may be hidden; then the kernel chooses its victim by size alone
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def limit_cpu(seconds: int) -> None:
    """Lower the CPU limit: SIGXCPU at `seconds`, SIGKILL two seconds later."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    top = seconds + 2 if hard == resource.RLIM_INFINITY else min(hard, seconds + 2)
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, top), top))


def limit_cpu_for_now(seconds: int) -> None:
    """Have SIGXCPU come at `seconds` already, until `limit_cpu` says otherwise."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if soft == resource.RLIM_INFINITY else min(soft, seconds), hard))


def _lower(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def gain_nothing() -> None:
    """No program or file can ever give this process more rights than it has: the ground of what follows."""
    if sys.platform.startswith("linux"):
        _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def drop_capabilities() -> bool:
    """Give up every capability, so that a child of root is no more than its owner."""
    head = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    return bool(sys.platform.startswith("linux") and _libc().capset(head, bytes(24)) == 0)


@dataclass(frozen=True, slots=True)
class _Arch:
    """System call numbers of one architecture (Linux `asm/unistd_64.h` and `asm-generic/unistd.h`).

    `openings` maps the calls that open files to the place of their flags among the arguments.
    """

    audit: int
    clone: int
    tgkill: int
    seccomp: int
    openings: dict[int, int]
    refused: tuple[int, ...]


# Refused: sockets, new programs and processes, other processes' memory and signals, mounts, kernel keys and
# BPF, io_uring (it would go round this filter), and everything that changes a file's place, length or owner.
_X86_64 = _Arch(
    audit=0xC000003E,
    clone=56,
    tgkill=234,
    seccomp=317,
    openings={2: 1, 257: 2},
    refused=(
        *(41, 42, 43, 49, 50, 57, 58, 59, 62, 76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 101, 129, 132),
        *(133, 155, 161, 163, 165, 166, 188, 189, 190, 197, 198, 199, 200, 235, 248, 249, 250, 258, 259, 260, 261),
        *(263, 264, 265, 266, 268, 272, 280, 288, 297, 298, 308, 310, 311, 316, 321, 322, 323, 424, 425, 426, 427),
        *(438, 452),
    ),
)
_AARCH64 = _Arch(
    audit=0xC00000B7,
    clone=220,
    tgkill=131,
    seccomp=277,
    openings={56: 2},
    refused=(
        *(5, 6, 7, 14, 15, 16, 33, 34, 35, 36, 37, 38, 39, 40, 41, 45, 46, 51, 52, 53, 54, 55, 88, 97, 117, 129, 130),
        *(138, 198, 200, 201, 202, 203, 217, 218, 219, 221, 240, 241, 242, 268, 270, 271, 276, 280, 281, 282, 424),
        *(425, 426, 427, 438, 452),
    ),
)
_ARCHES = {"x86_64": _X86_64, "aarch64": _AARCH64}
_UNKNOWN_TO_OLD_KERNELS = (435, 437)
"""clone3 and openat2 carry their flags behind a pointer, which a filter cannot read: callers fall back from ENOSYS."""


def filter_calls() -> bool:
    """Refuse system calls that decoding never needs, in all threads. False where there is no filter to be had.

    The caller has set no_new_privs.
    """
    arch = _ARCHES.get(platform.machine())
    if arch is None or not sys.platform.startswith("linux"):
        _lower(resource.RLIMIT_NPROC, _PROCESSES_WITHOUT_FILTER)
        return False
    program = _filter(arch)
    code = ctypes.create_string_buffer(program, len(program))
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    return bool(_libc().syscall(arch.seccomp, _SECCOMP_SET_MODE_FILTER, _SECCOMP_ALL_THREADS, fprog) == 0)


def _filter(arch: _Arch) -> bytes:
    """The BPF program: a list of short tests, each ending in its own verdict, and `allow` at the end."""
    load, equal, at_least, any_bit, verdict = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, kill, eperm, enosys = 0x7FFF0000, 0x80000000, 0x00050000 | _EPERM, 0x00050000 | _ENOSYS
    number, architecture, first_argument = 0, 4, 16

    def step(code: int, k: int, jumps: tuple[int, int] = (0, 0)) -> bytes:
        return struct.pack("HBBI", code, *jumps, k)

    def argument(index: int) -> bytes:
        return step(load, first_argument + 8 * index)

    def answer(call: int, verdict_then: int) -> list[bytes]:
        return [step(equal, call, (0, 1)), step(verdict, verdict_then)]

    out = [step(load, architecture), step(equal, arch.audit, (1, 0)), step(verdict, kill), step(load, number)]
    out += [step(at_least, 0x40000000, (0, 1)), step(verdict, kill)]
    for call in arch.refused:
        out += answer(call, eperm)
    for call in _UNKNOWN_TO_OLD_KERNELS:
        out += answer(call, enosys)
    for call, flags in arch.openings.items():
        out += [step(equal, call, (0, 4)), argument(flags), step(any_bit, _O_ANY_WRITE, (0, 1))]
        out += [step(verdict, eperm), step(verdict, allow)]
    out += [step(equal, arch.clone, (0, 4)), argument(0), step(any_bit, _CLONE_THREAD, (1, 0))]
    out += [step(verdict, eperm), step(verdict, allow)]
    out += [step(equal, arch.tgkill, (0, 4)), argument(0), step(equal, os.getpid(), (1, 0))]
    out += [step(verdict, eperm), step(verdict, allow)]
    out.append(step(verdict, allow))
    return b"".join(out)
