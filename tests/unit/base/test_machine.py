"""labkit.base.machine: the kernel's word for a machine, in Go's words."""

import platform

from labkit.base.machine import host_architecture


def test_speaks_as_images_do() -> None:
    spoken = {"x86_64": "amd64", "aarch64": "arm64"}
    machine = platform.machine()
    assert host_architecture() == spoken.get(machine, machine.lower())
