"""What kind of machine this is, in the words of images (Go's ``GOARCH``)."""

import os
import platform

_ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
}


def host_architecture() -> str:
    """Return amd64, arm64, or whatever the kernel calls a machine we don't know."""
    machine = platform.machine().lower()
    return _ARCHITECTURES.get(machine, machine)


def memory_bytes() -> int:
    """Return how much memory the machine has."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
