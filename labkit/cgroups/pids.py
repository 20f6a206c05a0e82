"""The pids controller, the same in v1 and v2: how many tasks there may be.

Beyond that, fork(2) fails with EAGAIN.
"""

from labkit.cgroups.files import Folder
from labkit.cgroups.model import PidsStats
from labkit.spec.runtime import Resources

MAX = "pids.max"
CURRENT = "pids.current"


def apply(folder: Folder, resources: Resources) -> None:
    """Write the limit; 0 and below mean none."""
    if resources.pids is None:
        return
    limit = resources.pids.limit
    folder.write(MAX, str(limit) if limit > 0 else "max")


def read_stats(folder: Folder) -> PidsStats:
    limit = folder.read(MAX).strip()
    return PidsStats(
        current=int(folder.read(CURRENT)),
        limit=None if limit == "max" else int(limit),
    )
