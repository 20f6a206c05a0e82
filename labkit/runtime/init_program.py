"""The init of ``docker run --init``: a program of a few hundred bytes, written by hand.

A container's first process has two duties that programs rarely expect: the kernel
gives it every orphan, which stays a zombie until somebody waits for it, and signals
that it has no handler for don't reach it at all (pid_namespaces(7)). So this program
comes first, as tini does at Docker's: it starts the real one as its child, in a job of
its own that has the terminal, hands every signal on, waits for whoever dies, and ends
with its child's exit code. Without a C compiler it is machine code (``init_code``); it
knows no library and uses a page of memory.

    block all signals -> fork -+-> setpgid, TIOCSPGRP, old mask, search $PATH, execve
                               +-> rt_sigtimedwait: SIGCHLD: wait4 until none is dead
                                                    another: kill(child, signal)
"""

import platform
import struct

from labkit.base.errors import UnsupportedError
from labkit.runtime.init_code import aarch64, x86_64

INIT_PATH = "/sbin/docker-init"
"""Where it is in a container, as at Docker's."""

_BASE = 0x400000
_HEADERS_BYTES = 64 + 56
_CODE = {"x86_64": (62, x86_64.CODE), "aarch64": (183, aarch64.CODE)}
"""By machine: its number in an ELF file (elf(5), ``e_machine``), and the code."""
_TEXT = b": cannot be executed.\n"


def init_program(machine: str = "") -> bytes:
    """Return the program as an ELF file (elf(5)), for this machine or another.

    Raises:
        UnsupportedError: it is not written for that machine.
    """
    machine = machine or platform.machine()
    if machine not in _CODE:
        raise UnsupportedError(f"this engine has no init process for {machine}")
    number, code = _CODE[machine]
    body = code + _TEXT
    size = _HEADERS_BYTES + len(body)
    identity = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)  # 64 bit, little endian
    entry = _BASE + _HEADERS_BYTES
    header = struct.pack(
        "<HHIQQQIHHHHHH", 2, number, 1, entry, 64, 0, 0, 64, 56, 1, 0, 0, 0
    )
    # One segment: map all of this file, readable and executable.
    loaded = struct.pack("<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size, size, 0x10000)
    return identity + header + loaded + body
