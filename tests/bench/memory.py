"""Memory of an engine's processes: proportional set size, shared pages divided."""

import contextlib
import time
from pathlib import Path

from tests.bench.works import docker
from tests.engines import TEST_IMAGE, Engine
from tests.faults.observing import children_of
from tests.waiting import wait_until

CROWD = 50
REST_SECONDS = 10.0
_THEIRS = ("dockerd", "containerd", "containerd-shim")


def measure_memory(ours: Engine, theirs: Engine) -> dict[str, float]:
    """Return what 50 idle containers take, and the engine with them, in MB.

    The dockerd may serve others, too: its shims are counted by the difference.
    """
    found = {}
    for engine, names in ((ours, ("labkit-", "labkit.daemon")), (theirs, _THEIRS)):
        before = _pss(engine, names)
        crowd = [f"bench-m{number}" for number in range(CROWD)]
        for name in crowd:
            docker(engine, "run", "-d", "--name", name, TEST_IMAGE, "sleep", "10000")
        try:
            _rest()
            after = _pss(engine, names)
        finally:
            docker(engine, "rm", "-f", *crowd)
        found[f"{engine.name} alone"] = before["engine"]
        found[f"{engine.name} with {CROWD}"] = (
            after["engine"] + after["shims"] - before["shims"]
        )
    return {name: round(bytes_ / 1e6, 1) for name, bytes_ in found.items()}


def _rest() -> None:
    """Give both the same time to become idle: our shims sleep, Go's heaps shrink."""
    until = time.monotonic() + REST_SECONDS
    wait_until(lambda: time.monotonic() > until, "they have rested", REST_SECONDS + 5)


def _pss(engine: Engine, names: tuple[str, ...]) -> dict[str, int]:
    totals = {"engine": 0, "shims": 0}
    for pid in _processes(engine, names):
        kind = "shims" if "shim" in _name(pid) else "engine"
        totals[kind] += pss(pid)
    return totals


def _processes(engine: Engine, names: tuple[str, ...]) -> list[int]:
    """Find them by the engine's folder and by parentage, shims by their log."""
    root = str(engine.socket.parent)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            pid = int(folder.name)
            named = _name(pid)
            is_ours = root in command or any(
                root in link for link in _open_files(pid, named)
            )
        except OSError:
            continue
        if is_ours and any(name in f"{named} {command}" for name in names):
            found.append(pid)
            with contextlib.suppress(OSError):  # it ended while we looked
                found += [c for c in children_of(pid) if "labkit-" in _name(c)]
    return sorted(set(found))


def _open_files(pid: int, name: str) -> list[str]:
    """A shim's command line is the spawner's; its log tells whose it is."""
    if name != "labkit-shim":
        return []
    return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def pss(pid: int) -> int:
    """Return bytes, 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return int(sizes[0]) << 10
