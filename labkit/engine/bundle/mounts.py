"""What is mounted where inside a container, in order: parents before children.

First the kernel's own filesystems as the OCI specification wants them, then what the
user asked for, and last the three files that tell a container its name and its
resolver, so that a volume over /etc does not hide them.
"""

import platform
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import go_quote_list
from labkit.base.paths import clean_path
from labkit.engine.bundle.init import init_mounts
from labkit.engine.bundle.security import has_writable_cgroups
from labkit.engine.model import Container, HostConfig, MountPoint, MountRequest
from labkit.kernel.seccomp_policy import parse_kernel
from labkit.spec.runtime import SUBPATH, Mount

FILES = (
    ("/etc/resolv.conf", "resolv.conf"),
    ("/etc/hostname", "hostname"),
    ("/etc/hosts", "hosts"),
)
_RECURSIVE_SINCE = (5, 12)
_NOTHING: Mapping[str, Mount] = MappingProxyType({})
_QUIET = ("nosuid", "noexec", "nodev")


def build_mounts(
    container: Container,
    folder: Path,
    shm: Path | None,
    files_folder: Path | None,
    special: Mapping[str, Mount] = _NOTHING,
) -> tuple[Mount, ...]:
    """Return all mounts of a container.

    Args:
        container: whose mounts.
        folder: its own folder on the host.
        shm: another container's /dev/shm, for ``--ipc container:ID``.
        files_folder: where hosts, hostname and resolv.conf lie; with
            ``--network container:ID`` that is the other container's folder.
        special: mounts to make instead of those of the record, by target.
    """
    host = container.host_config
    taken = {clean_path(point.destination) for point in container.mounts}
    asked = [
        special.get(point.destination) or _mount_of(container, point)
        for point in container.mounts
    ]
    asked += [
        Mount(clean_path(target), "tmpfs", "tmpfs", _tmpfs_options(options))
        for target, options in host.tmpfs.items()
    ]
    asked.sort(key=lambda mount: (mount.destination.count("/"), mount.destination))
    file_options = ("rbind", "ro" if host.readonly_rootfs else "rw", "rprivate")
    files = [
        Mount(target, "bind", str((files_folder or folder) / name), file_options)
        for target, name in FILES
        if target not in taken
    ]
    kernel = [
        mount for mount in _kernel_mounts(host, shm) if mount.destination not in taken
    ]
    return (*kernel, *asked, *files, *init_mounts(host, folder))


def _kernel_mounts(host: HostConfig, shm: Path | None) -> list[Mount]:
    sys_mode = "rw" if host.privileged else "ro"
    cgroup_mode = "rw" if has_writable_cgroups(host) else "ro"
    dev = ("nosuid", "strictatime", "mode=755", "size=65536k")
    pts = ("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")
    found = [
        Mount("/proc", "proc", "proc", _QUIET),
        Mount("/dev", "tmpfs", "tmpfs", dev),
        Mount("/dev/pts", "devpts", "devpts", pts),
        Mount("/sys", "sysfs", "sysfs", (*_QUIET, sys_mode)),
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", (cgroup_mode, *_QUIET)),
        Mount("/dev/mqueue", "mqueue", "mqueue", _QUIET),
    ]
    if host.ipc_mode == "host":
        # A mqueue file system shows the queues of the namespace it is mounted in: the
        # host's, here. Its shared memory is a file system like any other.
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
    request = _request_of(container, target)
    bind = "bind" if request.non_recursive else "rbind"
    mode = "rw" if point.writable else _read_only(request)
    options = [bind, mode, point.propagation or "rprivate"]
    if request.subpath and point.type == "volume":
        options.append(f"{SUBPATH}{request.subpath}")
    return Mount(target, "bind", point.source, tuple(options))


def _read_only(request: MountRequest) -> str:
    """Choose: all mounts below are read-only, too, unless that can't be or mustn't.

    Raises:
        InvalidInputError: it must be, and the kernel can't.
    """
    if request.read_only_non_recursive:
        return "ro"
    if parse_kernel(platform.release()) >= _RECURSIVE_SINCE:
        return "rro"
    if request.read_only_force_recursive:
        raise InvalidInputError(
            "recursive read-only mounts need Linux 5.12 or newer (mount_setattr(2))"
        )
    return "ro"


def _request_of(container: Container, target: str) -> MountRequest:
    """Return the ``--mount`` for a target; one that says nothing if there is none."""
    for request in container.host_config.mounts:
        if clean_path(request.target) == target:
            return request
    return MountRequest("", target)


def _tmpfs_mount_options(container: Container, point: MountPoint) -> tuple[str, ...]:
    words = [*_QUIET]
    for request in container.host_config.mounts:
        if clean_path(request.target) != point.destination:
            continue
        if request.tmpfs_size:
            words.append(f"size={request.tmpfs_size}")
        if request.tmpfs_mode:
            words.append(f"mode={request.tmpfs_mode:o}")
        for option in request.tmpfs_options:
            words = [word for word in words if word != _opposite(option[0])]
            words.append("=".join(option))
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
            raise InvalidInputError(
                f"invalid tmpfs option {go_quote_list(word.split('=', 1))}"
            )
        words.pop(_opposite(word), None)
        words[word] = None
    return tuple(words)


def _opposite(word: str) -> str:
    return {"ro": "rw", "rw": "ro"}.get(
        word, word[2:] if word.startswith("no") else f"no{word}"
    )
