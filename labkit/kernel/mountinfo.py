"""What is mounted where, from /proc/PID/mountinfo (proc_pid_mountinfo(5)).

    36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    (1)(2)(3)  (4)   (5)   (6)        (7)     (8)(9)  (10)      (11)

1 mount id, 2 parent's id, 3 device, 4 which folder *of the mounted file system* is
seen (``/`` unless it is a bind mount), 5 where, 6 options of this mount, 7 zero or
more propagation fields, 8 a dash, 9 type, 10 source, 11 options of the file system.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from labkit.base.errors import InvalidInputError

_ESCAPE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class MountEntry:
    """One line of mountinfo."""

    mount_id: int
    parent_id: int
    device: str
    root: str
    mount_point: str
    options: tuple[str, ...]
    propagation: tuple[str, ...]
    type: str
    source: str
    super_options: tuple[str, ...]


def read_mountinfo(
    path: Path = Path("/proc/self/mountinfo"),
) -> tuple[MountEntry, ...]:
    """Return the mounts that a process sees, in the order of mounting."""
    text = path.read_text(errors="surrogateescape")
    return tuple(parse_mountinfo_line(line) for line in text.splitlines())


def parse_mountinfo_line(line: str) -> MountEntry:
    """Read one line; spaces and the like in names come as ``\\040``."""
    left, dash, right = line.partition(" - ")
    first, last = left.split(" "), right.split(" ")
    if not dash or len(first) < 6 or len(last) < 3:
        raise InvalidInputError(f"cannot read mountinfo line {line!r}")
    return MountEntry(
        mount_id=int(first[0]),
        parent_id=int(first[1]),
        device=first[2],
        root=_unescape(first[3]),
        mount_point=_unescape(first[4]),
        options=tuple(first[5].split(",")),
        propagation=tuple(first[6:]),
        type=last[0],
        source=_unescape(last[1]),
        super_options=tuple(last[2].split(",")),
    )


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)
