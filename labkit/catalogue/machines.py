"""The kinds of machines that there are images for, and how their programs start here.

An image is put together from files, so it can be made for another kind of machine than
this one. But a few layers run programs of their own while they are made: Python and
node compile ahead, Java compiles its ``jar``. Where the machine is of another kind,
QEMU's user mode emulation stands in front of the command (qemu-user(1)): one static
program that needs no privileges, and looks for loaders and libraries below ``-L``.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.base.machine import host_architecture


@dataclass(frozen=True, slots=True)
class Machine:
    """``triplet`` is Debian's name for it, ``elf`` the number in its programs."""

    triplet: str
    elf: int  # elf(5): e_machine
    emulator: str


MACHINES = {
    "amd64": Machine("x86_64-linux-gnu", 62, "qemu-x86_64"),
    "arm64": Machine("aarch64-linux-gnu", 183, "qemu-aarch64"),
}


def machine_of(architecture: str) -> Machine:
    """Find a machine by the name that images give it.

    Raises:
        UnsupportedError: there are no packages for it.
    """
    if architecture not in MACHINES:
        raise UnsupportedError(
            f"the bundled images are for {' and '.join(MACHINES)}, "
            f"not for {architecture!r}"
        )
    return MACHINES[architecture]


def read_platform(text: str) -> str:
    """Return the architecture that ``linux/arm64`` names."""
    for architecture in MACHINES:
        if text in (f"linux/{architecture}", f"linux/{architecture}/v8"):
            return architecture
    known = " and ".join(f"linux/{name}" for name in MACHINES)
    raise InvalidInputError(f"the bundled images are for {known}, not for {text!r}")


def start_command(architecture: str, root: Path) -> list[str]:
    """Return what stands before a command that runs a machine's program.

    Args:
        root: the folder that holds its loader and libraries.

    Raises:
        UnsupportedError: it is another machine's, and there is no emulator.
    """
    if architecture == host_architecture():
        return []
    emulator = _find_emulator(architecture)
    if emulator is None:
        raise UnsupportedError(
            f"this machine runs no programs for {architecture}: "
            "install QEMU's user mode emulation (Debian, Ubuntu: qemu-user-static)"
        )
    return [emulator, "-L", str(root)]


def can_start(architecture: str) -> bool:
    """Say whether a machine's programs run here."""
    own = architecture == host_architecture()
    return own or _find_emulator(architecture) is not None


def _find_emulator(architecture: str) -> str | None:
    name = machine_of(architecture).emulator
    return shutil.which(f"{name}-static") or shutil.which(name)
