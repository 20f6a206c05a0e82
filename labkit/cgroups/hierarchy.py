"""Which kind of cgroups this machine has, where, and where we stand in them.

Read from mountinfo, never guessed from paths: /sys/fs/cgroup/memory may be a folder of
the host that has nothing to do with us, and a hosted machine may mount things
elsewhere.

Our own place comes from /proc/self/cgroup. Inside a container the two files disagree on
v1: /proc/self/cgroup says ``/docker/3f2a`` while that very folder is bind-mounted at
/sys/fs/cgroup/memory. mountinfo tells (field 4, the root of the mount), so that the
prefix can be stripped.
"""

import enum
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from labkit.kernel.mountinfo import MountEntry, read_mountinfo

# Mount options of a v1 hierarchy that name no controller.
_NO_CONTROLLERS = frozenset(
    {"rw", "ro", "xattr", "clone_children", "noprefix", "cpuset_v2_mode", "seclabel"}
)


class Kind(enum.Enum):
    """What mountinfo shows; HYBRID is v1 controllers beside a v2 tree."""

    V1 = "v1"
    V2 = "v2"
    HYBRID = "hybrid"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CgroupMount:
    """One mounted tree. ``own`` is our place in it as seen from ``mount_point``."""

    mount_point: Path
    controllers: tuple[str, ...]
    own: str = "/"

    def folder_of(self, path: str) -> Path:
        """Return where ``path`` (such as ``/labkit-1a2b3c/3f2a``) lies.

        That is below the root of the tree as we see it, as with dockerd; where we
        may not write there (an ordinary user with a delegated subtree, a container)
        it is below our own group.
        """
        base = self.mount_point
        if not os.access(base, os.W_OK):
            base = base / self.own.strip("/")
        return base / path.strip("/")


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """All cgroup trees of the machine that we can use."""

    kind: Kind
    v1: tuple[CgroupMount, ...] = ()
    v2: CgroupMount | None = None

    def mount_of(self, controller: str) -> CgroupMount | None:
        """Return the v1 tree of a controller."""
        return next((m for m in self.v1 if controller in m.controllers), None)


def read_hierarchy(
    mountinfo: Path = Path("/proc/self/mountinfo"),
    own: Path = Path("/proc/self/cgroup"),
) -> Hierarchy:
    """Find out what this process has."""
    lines = own.read_text().splitlines() if own.exists() else []
    return detect(read_mountinfo(mountinfo), lines)


def detect(mounts: Iterable[MountEntry], own_lines: Iterable[str]) -> Hierarchy:
    """Decide from the contents of mountinfo and /proc/self/cgroup."""
    own = _parse_own(own_lines)
    v1: dict[tuple[str, ...], CgroupMount] = {}
    v2: CgroupMount | None = None
    for mount in mounts:
        if mount.type == "cgroup2" and v2 is None:
            place = _strip_root(own.get("", "/"), mount.root)
            v2 = CgroupMount(Path(mount.mount_point), (), place)
        elif mount.type == "cgroup":
            names = _controllers(mount)
            # A named hierarchy (name=systemd) has no controllers to limit with.
            if names and names not in v1:
                place = _strip_root(own.get(names[0], "/"), mount.root)
                v1[names] = CgroupMount(Path(mount.mount_point), names, place)
    return Hierarchy(_kind(bool(v1), v2 is not None), tuple(v1.values()), v2)


def _kind(has_v1: bool, has_v2: bool) -> Kind:
    if has_v1:
        return Kind.HYBRID if has_v2 else Kind.V1
    return Kind.V2 if has_v2 else Kind.NONE


def _controllers(mount: MountEntry) -> tuple[str, ...]:
    return tuple(
        option
        for option in mount.super_options
        if option not in _NO_CONTROLLERS and "=" not in option
    )


def _parse_own(lines: Iterable[str]) -> dict[str, str]:
    """Map each controller (v2: the empty name) to our path in its tree."""
    places = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for name in controllers.split(","):
            places[name] = path
    return places


def _strip_root(path: str, root: str) -> str:
    if root == "/":
        return path
    if path == root or path.startswith(root + "/"):
        return path[len(root) :] or "/"
    # The mount shows another part of the tree than the one we are in (`/..` in a
    # cgroup namespace): the best known place is what we see as its root.
    return "/"
