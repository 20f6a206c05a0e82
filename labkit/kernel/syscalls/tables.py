"""Finds the table of an architecture."""

import platform

from labkit.base.errors import UnsupportedError
from labkit.kernel.syscalls import aarch64, x86_64

_TABLES = {"x86_64": x86_64.NUMBERS, "aarch64": aarch64.NUMBERS}


def syscall_numbers(machine: str | None = None) -> dict[str, int]:
    """Return name -> number for ``platform.machine()`` or another architecture."""
    name = machine or platform.machine()
    if name not in _TABLES:
        raise UnsupportedError(
            f"cannot filter system calls on {name!r}: their numbers are not known here"
        )
    return _TABLES[name]
