"""Linux capabilities: names, numbers, and the set that Docker gives a container.

Root's power is cut into some forty pieces (capabilities(7)). A container's root keeps
the fourteen of ``DEFAULT_CAPABILITIES``; what is outside a process's *bounding set* no
program that it executes can ever gain. Our own bounding set may be short as well (in a
container, on a hosted machine): a set to give is always cut with it, since capset(2)
and PR_CAPBSET_DROP can't give what we don't have.
"""

from collections.abc import Iterable
from pathlib import Path

from labkit.base.errors import InvalidInputError

# linux/capability.h, in the order of their numbers
NAMES = (
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
)

DEFAULT_CAPABILITIES = (
    "CAP_AUDIT_WRITE",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
)

_NUMBERS = {name: number for number, name in enumerate(NAMES)}


def capability_number(name: str) -> int:
    """Return the kernel's number for a name such as ``CAP_CHOWN``."""
    number = _NUMBERS.get(name)
    if number is None:
        raise InvalidInputError(f"unknown capability {name!r}")
    return number


def normalise_capability(text: str) -> str:
    """Turn ``net_admin`` or ``CAP_NET_ADMIN`` into the kernel's own name."""
    name = text.upper()
    name = name if name.startswith("CAP_") else f"CAP_{name}"
    capability_number(name)
    return name


def to_mask(names: Iterable[str]) -> int:
    """Return the bit set that capset(2) and /proc/PID/status use."""
    mask = 0
    for name in names:
        mask |= 1 << capability_number(name)
    return mask


def from_mask(mask: int) -> tuple[str, ...]:
    """Name the bits of a set; bits that are newer than our table are left out."""
    return tuple(name for number, name in enumerate(NAMES) if mask >> number & 1)


def last_capability(path: Path = Path("/proc/sys/kernel/cap_last_cap")) -> int:
    """Return the highest number that the running kernel knows."""
    return int(path.read_text())


def bounding_set(status: Path = Path("/proc/self/status")) -> tuple[str, ...]:
    """Return what our own programs can hold at most."""
    return from_mask(_read_mask(status, "CapBnd"))


def effective_set(status: Path = Path("/proc/self/status")) -> tuple[str, ...]:
    """Return what we hold now."""
    return from_mask(_read_mask(status, "CapEff"))


def _read_mask(status: Path, field: str) -> int:
    for line in status.read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value, 16)
    raise InvalidInputError(f"cannot read {field} from {status}: no such line")
