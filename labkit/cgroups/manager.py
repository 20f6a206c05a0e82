"""One container's cgroup, whichever kind the machine has.

    manager = open_manager(read_hierarchy(), "/labkit-1a2b3c/3f2a...")
    manager.create()
    manager.set(resources)
    ...                        # in the container's first process, before its program:
    manager.attach_self()
    ...
    manager.kill()
    manager.delete()

A manager holds no state and no open file: a second one for the same path (in another
process, after a restart) is as good.
"""

from pathlib import Path
from typing import Protocol

from labkit.base.errors import InvalidInputError
from labkit.cgroups.files import CgroupFolder, FolderOpener
from labkit.cgroups.hierarchy import Hierarchy, Kind
from labkit.cgroups.model import Stats
from labkit.cgroups.none import NoManager
from labkit.cgroups.v1.manager import V1Manager
from labkit.cgroups.v2.manager import V2Manager
from labkit.spec.runtime import Resources


class Manager(Protocol):
    """What can be done to a container as a whole."""

    def create(self) -> None:
        """Make the group and its parents; they may be there already."""
        ...

    def set(self, resources: Resources) -> None:
        """Write limits; what ``resources`` leaves out stays as it is.

        Raises:
            InvalidInputError: the kernel refuses a value.
            UnsupportedError: the controller is not there.
        """
        ...

    def attach_self(self) -> None:
        """Move the calling process in; it must have one thread."""
        ...

    def attach(self, pid: int) -> None:
        """Move another process in, with all its threads. Slower than attach_self."""
        ...

    def freeze(self) -> None:
        """Return when every process stands still."""
        ...

    def thaw(self) -> None: ...

    def is_frozen(self) -> bool: ...

    def processes(self) -> tuple[int, ...]:
        """Return the pids as this process sees them; none if the group is gone."""
        ...

    def children(self) -> tuple[str, ...]:
        """Return the names of the groups in this one; none if it is gone."""
        ...

    def stats(self) -> Stats: ...

    def oom_kills(self) -> int:
        """Count the processes that the kernel killed for want of memory."""
        ...

    def kill(self) -> None:
        """Send SIGKILL to every process, sub-groups included; it may be empty."""
        ...

    def delete(self) -> None:
        """Remove the group and groups made in it; it may be gone already.

        Raises:
            ConflictError: after five seconds there still are processes in it.
        """
        ...

    def path_of(self, controller: str) -> Path | None:
        """Return the folder with a controller's files (v2: always the same)."""
        ...


def open_manager(
    hierarchy: Hierarchy, path: str, opener: FolderOpener = CgroupFolder
) -> Manager:
    """Return the manager for a group such as ``/labkit-1a2b3c/3f2a``."""
    parts = path.split("/")[1:]
    if not path.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise InvalidInputError(f"invalid cgroup path {path!r}")
    if hierarchy.kind is Kind.NONE:
        return NoManager(path)
    if hierarchy.kind is Kind.V2:
        return V2Manager(hierarchy, path, opener)
    # In the hybrid arrangement the controllers that count are in the v1 trees.
    return V1Manager(hierarchy, path, opener)
