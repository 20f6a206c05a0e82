"""What of an engine is on the machine, found without asking the engine."""

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.engines import OurEngine

_ACCEPTS_CONNECTIONS = 0x10000  # __SO_ACCEPTCON


def processes_of(engine: OurEngine) -> dict[int, str]:
    """Return an engine's processes: those that name its folder, and their children."""
    root = str(engine.root).encode()
    found: dict[int, str] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with contextlib.suppress(OSError):  # it ended while we looked
            if root in (folder / "cmdline").read_bytes():
                _add_family(int(folder.name), found)
    return found


def _add_family(pid: int, found: dict[int, str]) -> None:
    found[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
    for child in children_of(pid):
        _add_family(child, found)


def is_dead(pid: int) -> bool:
    """Say whether a process has ended; who should bury it may be slow."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def process_named(engine: OurEngine, name: str) -> int:
    """Return the pid of the engine's only process of this name."""
    (pid,) = (pid for pid, comm in processes_of(engine).items() if comm == name)
    return pid


def children_of(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def parent_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("PPid:"))
    return int(line.split()[1])


def holdings(engine: OurEngine) -> Counter[str]:
    """Count what the engine holds: fds of its processes, mounts, links, folders.

    Connections of its clients aren't counted: it closes one a moment after the client.
    """
    counts: Counter[str] = Counter()
    connections = _connections_to(engine)
    for pid, name in processes_of(engine).items():
        counts[f"process {name}"] += 1
        with contextlib.suppress(OSError):
            held = [link for link in _open_files(pid) if link not in connections]
            counts[f"fds of {name}"] += len(held)
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    counts["mounts"] = sum(str(engine.root) in line for line in mounts)
    for pid in (pid for pid, name in processes_of(engine).items() if "netd" in name):
        links = Path(f"/proc/{pid}/net/dev").read_text().splitlines()
        counts["links in the engine's namespace"] = len(links)
    counts["containers' folders"] = len(
        list((engine.data_root / "containers").iterdir())
    )
    return counts


def _open_files(pid: int) -> Iterator[str]:
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # it was closed while we looked
            yield os.readlink(fd)


def _connections_to(engine: OurEngine) -> set[str]:
    """Return the engine's ends of connections, as links in /proc/PID/fd name them."""
    found = set()
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        _, _, _, flags, _, _, inode, *path = line.split()
        is_listening = int(flags, 16) & _ACCEPTS_CONNECTIONS
        if path == [str(engine.socket)] and not is_listening:
            found.add(f"socket:[{inode}]")
    return found
