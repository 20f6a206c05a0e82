"""Mounts whose source is only known when a container starts.

Three are of that sort. A volume of type tmpfs is memory: whoever uses it first mounts
it, all others who run meanwhile see the same, and with the last of them it is gone.
``/var/run/docker.sock`` is where Docker's socket lies on a machine with Docker; on one
without it means this engine's own. And a mount that is to hand later mounts on needs a
source that does so.
"""

from collections.abc import Callable
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.base.paths import clean_path
from labkit.engine.engine import Engine
from labkit.engine.model import Container, MountPoint, Status
from labkit.engine.volumes.options import TMPFS
from labkit.kernel.mountinfo import MountEntry, read_mountinfo
from labkit.spec.runtime import Mount

DOCKER_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")
_BIND = ("bind", "rw", "rprivate")
_RUNS = (Status.RUNNING, Status.PAUSED)
_NEEDS = {
    "shared": (("shared:",), "a shared mount"),
    "slave": (("shared:", "master:"), "a shared or slave mount"),
}


def is_own_socket(engine: Engine, source: str) -> bool:
    """Tell whether Docker's socket is meant, and this engine's has to stand in."""
    return (
        engine.config.socket is not None
        and clean_path(source) in DOCKER_SOCKETS
        and not Path(source).is_socket()
    )


def special_mounts(engine: Engine, container: Container) -> dict[str, Mount]:
    """Return the mounts that replace those of a container's record, by target.

    Raises:
        InternalError: mounts made later could not be handed on; the text is Docker's.
    """
    found = {}
    for point in container.mounts:
        volume = engine.store.volume(point.name) if point.name else None
        if volume is not None and volume.options.get("type") == TMPFS:
            found[point.destination] = _shared_memory(engine, container, point)
        elif point.type == "bind" and is_own_socket(engine, point.source):
            own = str(engine.config.socket)
            found[point.destination] = Mount(point.destination, "bind", own, _BIND)
        elif point.type == "bind":
            check_propagation(point, read_mountinfo)
    return found


def check_propagation(
    point: MountPoint, mounts: Callable[[], tuple[MountEntry, ...]] = read_mountinfo
) -> None:
    """Refuse ``shared`` and ``slave`` on a source that hands on nothing."""
    needs = _NEEDS.get(point.propagation.removeprefix("r"))
    if needs is None:
        return
    words, wanted = needs
    source = Path(point.source).resolve()
    above = [
        entry for entry in mounts() if source.is_relative_to(Path(entry.mount_point))
    ]
    entry = max(above, key=lambda entry: len(entry.mount_point))
    if not any(field.startswith(words) for field in entry.propagation):
        raise InternalError(
            f"path {point.source} is mounted on {entry.mount_point} but it is not "
            f"{wanted}"
        )


def _shared_memory(engine: Engine, container: Container, point: MountPoint) -> Mount:
    mode = "rw" if point.writable else "ro"
    for other in engine.store.containers():
        if other.id == container.id or other.status not in _RUNS:
            continue
        for theirs in other.mounts:
            if theirs.name == point.name:
                source = f"/proc/{other.pid}/root{clean_path(theirs.destination)}"
                return Mount(point.destination, "bind", source, ("bind", mode))
    volume = engine.store.find_volume(point.name)
    options = [word for word in volume.options.get("o", "").split(",") if word]
    if not any(word.startswith("mode=") for word in options):
        options.append("mode=1777")  # tmpfs(5); a --tmpfs has the folder's below it
    return Mount(point.destination, "tmpfs", TMPFS, (*options, mode))
