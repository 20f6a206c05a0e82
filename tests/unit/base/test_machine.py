"""labkit.base.machine: the kernel's word for a machine, in Go's words."""

import platform
from pathlib import Path

from labkit.base.machine import host_architecture, memory_bytes


def test_speaks_as_images_do() -> None:
    spoken = {"x86_64": "amd64", "aarch64": "arm64"}
    machine = platform.machine()
    assert host_architecture() == spoken.get(machine, machine.lower())


def test_counts_the_memory_as_the_kernel_does() -> None:
    words = Path("/proc/meminfo").read_text().split()
    assert memory_bytes() == int(words[1]) * 1024
