"""``ps -ef`` of some processes, read from /proc (proc(5)); no ps program is needed."""

import os
import pwd
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TITLES = ("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD")
_TICKS = os.sysconf("SC_CLK_TCK")
_PTS_MAJOR = 136  # up to 143: Unix98 pseudo terminals


@dataclass(frozen=True, slots=True)
class TopTable:
    """What ``docker top`` prints."""

    titles: tuple[str, ...]
    processes: tuple[tuple[str, ...], ...]


def list_processes(pids: tuple[int, ...]) -> TopTable:
    """Describe processes by their host pids; one that has just ended is left out."""
    rows = []
    for pid in sorted(pids):
        row = _describe(pid)
        if row is not None:
            rows.append(row)
    return TopTable(TITLES, tuple(rows))


def _describe(pid: int) -> tuple[str, ...] | None:
    folder = Path(f"/proc/{pid}")
    try:
        uid = folder.stat().st_uid
        stat = (folder / "stat").read_text()
        arguments = (folder / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name is in parentheses and may hold any character, these included.
    name = stat[stat.index("(") + 1 : stat.rindex(")")]
    fields = stat[stat.rindex(")") + 2 :].split()
    parent, terminal = fields[1], int(fields[4])
    ticks = int(fields[11]) + int(fields[12])
    began = _boot_time() + int(fields[19]) / _TICKS
    words = [word.decode(errors="replace") for word in arguments.split(b"\0")]
    command = " ".join(words).strip() or f"[{name}]"
    share = ticks / _TICKS / max(time.time() - began, 1) * 100
    return (
        _user_name(uid),
        str(pid),
        parent,
        str(int(min(share, 99))),
        _start_text(began),
        _terminal_name(terminal),
        _duration_text(ticks // _TICKS),
        command,
    )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@lru_cache(maxsize=1)
def _boot_time() -> int:
    for line in Path("/proc/stat").read_text().splitlines():
        if line.startswith("btime "):
            return int(line.split()[1])
    return 0


def _start_text(began: float) -> str:
    then, now = time.localtime(began), time.localtime()
    today = (then.tm_year, then.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M" if today else "%b%d", then)


def _terminal_name(device: int) -> str:
    if device == 0:
        return "?"
    major = os.major(device)
    if _PTS_MAJOR <= major < _PTS_MAJOR + 8:
        return f"pts/{os.minor(device) + 256 * (major - _PTS_MAJOR)}"
    return f"tty{os.minor(device)}"


def _duration_text(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
