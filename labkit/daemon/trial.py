"""Does this very machine have what an engine can't do without?

It is *tried* (``labkit.kernel.probe``), because version files and settings lie. That
takes a quarter of a second, so the answer is kept for as long as the machine is up.
"""

from pathlib import Path

from labkit.base.errors import UnsupportedError
from labkit.base.files import write_atomically
from labkit.kernel.probe.host import probe
from labkit.kernel.probe.model import Report

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def require_machine(data_root: Path, noted: Path) -> None:
    """Refuse a machine that failed a trial; ``noted`` remembers one that passed.

    Forks: to be called before the first thread is started.

    Raises:
        UnsupportedError: which trial failed how, and what to do.
    """
    boot = _BOOT_ID.read_bytes()
    if noted.exists() and noted.read_bytes() == boot:
        return
    refuse_failed(probe(data_root))
    write_atomically(noted, boot)


def refuse_failed(report: Report) -> None:
    """Raise for the first thing missing that no container can do without."""
    missing = report.missing("must")
    if missing:
        first = missing[0]
        raise UnsupportedError(
            f"this machine can't run containers: cannot {first.tried}: "
            f"{first.outcome.reason}; {first.remedy} (`labkit doctor` tells all)"
        )
