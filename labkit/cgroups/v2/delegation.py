"""v2 hands controllers down level by level, and not to a group with processes.

A controller works in a group when its parent names it in cgroup.subtree_control. A
group that does so may have no processes of its own: "no internal processes"
(cgroups(7)). The root of the machine is exempt; what a container or a login session
sees as root is not. There the processes move to a leaf first, as Docker-in-Docker
images do at their start.
"""

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.cgroups.files import Folder

CONTROLLERS = "cgroup.controllers"
SUBTREE_CONTROL = "cgroup.subtree_control"
PROCS = "cgroup.procs"
WANTED = ("cpuset", "cpu", "io", "memory", "pids")
LEAF = "labkit-host"


def enable_controllers(folder: Folder) -> None:
    """Hand down what we need and the group has."""
    missing = _missing(folder)
    if not missing:
        return
    order = " ".join(f"+{name}" for name in missing)
    try:
        folder.write(SUBTREE_CONTROL, order)
    except ConflictError:
        move_to_leaf(folder)
        folder.write(SUBTREE_CONTROL, order)


def move_to_leaf(folder: Folder) -> None:
    """Move all processes of a group one level down."""
    leaf = folder.child(LEAF)
    leaf.create()
    while pids := folder.read(PROCS).split():
        for pid in pids:
            try:
                leaf.write(PROCS, pid)
            except (NotFoundError, InvalidInputError) as error:
                # A process that ended meanwhile is no failure; one that is still
                # listed can't be moved (a kernel thread, a foreign pid namespace).
                if pid in folder.read(PROCS).split():
                    raise ConflictError(
                        f"cannot hand controllers down from {folder.path}: "
                        f"process {pid} is in it and can't be moved"
                    ) from error


def _missing(folder: Folder) -> tuple[str, ...]:
    available = folder.read(CONTROLLERS).split()
    enabled = folder.read(SUBTREE_CONTROL).split()
    return tuple(n for n in WANTED if n in available and n not in enabled)
