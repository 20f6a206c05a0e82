"""What is mounted where inside a container, in order: parents before children.

First the kernel's own filesystems as the OCI specification wants them, then what the
user asked for, and last the three files that tell a container its name and its
resolver, so that a volume over /etc does not hide them.
"""

from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.base.paths import clean_path
from labkit.engine.bundle.init import init_mounts
from labkit.engine.model import Container, HostConfig, MountPoint
from labkit.spec.runtime import Mount

FILES = (
    ("/etc/resolv.conf", "resolv.conf"),
    ("/etc/hostname", "hostname"),
    ("/etc/hosts", "hosts"),
)
_QUIET = ("nosuid", "noexec", "nodev")


def build_mounts(
    container: Container, folder: Path, shm: Path | None, files_folder: Path | None
) -> tuple[Mount, ...]:
    """Return all mounts of a container.

    Args:
        container: whose mounts.
        folder: its own folder on the host.
        shm: another container's /dev/shm, for ``--ipc container:ID``.
        files_folder: where hosts, hostname and resolv.conf lie; with
            ``--network container:ID`` that is the other container's folder.
    """
    host = container.host_config
    taken = {clean_path(point.destination) for point in container.mounts}
    asked = [_mount_of(container, point) for point in container.mounts]
    asked += [
        Mount(clean_path(target), "tmpfs", "tmpfs", _tmpfs_options(options))
        for target, options in host.tmpfs.items()
    ]
    asked.sort(key=lambda mount: (mount.destination.count("/"), mount.destination))
    files = [
        Mount(
            target, "bind", str((files_folder or folder) / name), ("rbind", "rprivate")
        )
        for target, name in FILES
        if target not in taken
    ]
    kernel = [
        mount for mount in _kernel_mounts(host, shm) if mount.destination not in taken
    ]
    return (*kernel, *asked, *files, *init_mounts(host, folder))


def _kernel_mounts(host: HostConfig, shm: Path | None) -> list[Mount]:
    sys_mode = "rw" if host.privileged else "ro"
    dev = ("nosuid", "strictatime", "mode=755", "size=65536k")
    pts = ("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")
    found = [
        Mount("/proc", "proc", "proc", _QUIET),
        Mount("/dev", "tmpfs", "tmpfs", dev),
        Mount("/dev/pts", "devpts", "devpts", pts),
        Mount("/sys", "sysfs", "sysfs", (*_QUIET, sys_mode)),
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", (sys_mode, *_QUIET)),
        Mount("/dev/mqueue", "mqueue", "mqueue", _QUIET),
    ]
    if host.ipc_mode == "host":
        # The host's IPC namespace comes with the host's queues and shared memory.
        found[-1] = Mount("/dev/mqueue", "bind", "/dev/mqueue", ("rbind", *_QUIET))
        found.append(Mount("/dev/shm", "bind", "/dev/shm", ("rbind", *_QUIET)))
    elif shm is not None:
        found.append(Mount("/dev/shm", "bind", str(shm), ("rbind", *_QUIET)))
    elif host.ipc_mode != "none":
        size = f"size={host.shm_size}"
        options = (*_QUIET, "mode=1777", size)
        found.append(Mount("/dev/shm", "tmpfs", "shm", options))
    return found


def _mount_of(container: Container, point: MountPoint) -> Mount:
    target = clean_path(point.destination)
    if point.type == "tmpfs":
        return Mount(target, "tmpfs", "tmpfs", _tmpfs_mount_options(container, point))
    bind = "bind" if _non_recursive(container, target) else "rbind"
    mode = "rw" if point.writable else "ro"
    options = (bind, mode, point.propagation or "rprivate")
    return Mount(target, "bind", point.source, options)


def _non_recursive(container: Container, target: str) -> bool:
    return any(
        request.non_recursive
        for request in container.host_config.mounts
        if clean_path(request.target) == target
    )


def _tmpfs_mount_options(container: Container, point: MountPoint) -> tuple[str, ...]:
    words = [*_QUIET]
    for request in container.host_config.mounts:
        if clean_path(request.target) != point.destination:
            continue
        if request.tmpfs_size:
            words.append(f"size={request.tmpfs_size}")
        if request.tmpfs_mode:
            words.append(f"mode={request.tmpfs_mode:o}")
    if not point.writable:
        words.append("ro")
    return tuple(words)


_TMPFS_WORDS = """
ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime
noatime diratime nodiratime bind rbind relatime norelatime strictatime nostrictatime
private rprivate shared rshared slave rslave unbindable runbindable
"""
_TMPFS_FLAGS = frozenset(_TMPFS_WORDS.split())
_TMPFS_DATA = frozenset(
    {"size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"}
)


def _tmpfs_options(text: str) -> tuple[str, ...]:
    """Add ``--tmpfs``'s words to the defaults; a later word wins over its opposite."""
    words = dict.fromkeys(("noexec", "nosuid", "nodev"))
    for word in filter(None, text.split(",")):
        name = word.partition("=")[0]
        if name not in _TMPFS_FLAGS and name not in _TMPFS_DATA:
            raise InvalidInputError(f'invalid tmpfs option ["{word}"]')
        words.pop(_opposite(word), None)
        words[word] = None
    return tuple(words)


def _opposite(word: str) -> str:
    return {"ro": "rw", "rw": "ro"}.get(
        word, word[2:] if word.startswith("no") else f"no{word}"
    )
