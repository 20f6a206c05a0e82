"""A container record becomes an OCI bundle's ``config.json``.

This is the border between Docker's world and the kernel's: above it are images, names
and flags, below it paths, numbers and namespaces. A learner can open the file, and
``runc`` could run it.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labkit.engine.bundle.devices import build_devices
from labkit.engine.bundle.mounts import build_mounts
from labkit.engine.bundle.namespaces import build_namespaces
from labkit.engine.bundle.process import build_process
from labkit.engine.bundle.resources import build_resources
from labkit.engine.bundle.security import build_seccomp
from labkit.engine.bundle.users import Identity
from labkit.engine.model import Container, HostConfig
from labkit.snapshots.model import OverlayDirs
from labkit.spec.runtime import (
    OVERLAY_LOWER,
    OVERLAY_UPPER,
    OVERLAY_WORK,
    Linux,
    Mount,
    Root,
    Spec,
)

_NETWORK_SYSCTLS = {
    "net.ipv4.ping_group_range": "0 2147483647",
    "net.ipv4.ip_unprivileged_port_start": "0",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a bundle needs to know beside the container's record."""

    folder: Path
    dirs: OverlayDirs
    identity: Identity
    cgroup_parent: str
    hostname: str
    peers: Mapping[str, int] = field(default_factory=dict)
    shm: Path | None = None
    files_folder: Path | None = None
    linked: tuple[str, ...] = ()
    special_mounts: Mapping[str, Mount] = field(default_factory=dict)


def build_spec(container: Container, around: Surroundings) -> Spec:
    """Return the whole specification."""
    host = container.host_config
    devices, rules = build_devices(host)
    shares_uts = host.uts_mode == "host"
    return Spec(
        process=build_process(container, around.identity, around.linked),
        root=root_of(container, around.dirs),
        hostname=None if shares_uts else around.hostname,
        domainname=None if shares_uts else container.config.domainname or None,
        mounts=build_mounts(
            container,
            around.folder,
            around.shm,
            around.files_folder,
            around.special_mounts,
        ),
        linux=Linux(
            namespaces=build_namespaces(host, around.peers),
            devices=devices,
            cgroups_path=_cgroups_path(container, around.cgroup_parent),
            resources=build_resources(host.resources, rules),
            rootfs_propagation=_propagation(container),
            seccomp=build_seccomp(host),
            sysctl={**_network_sysctls(host), **host.sysctls},
            masked_paths=host.masked_paths or (),
            readonly_paths=host.readonly_paths or (),
        ),
        annotations={**host.annotations, **overlay_annotations(around.dirs)},
    )


def _cgroups_path(container: Container, parent: str) -> str:
    """Return the container's group: below the engine's, or below the one asked for.

    Both are paths from the tree's root; ``..`` leads no further up than that.
    """
    wanted = container.host_config.resources.cgroup_parent or parent
    return posixpath.normpath(f"/{wanted}/{container.id}").replace("//", "/")


def root_of(container: Container, dirs: OverlayDirs) -> Root:
    """Say where a container's tree is."""
    # Without overlayfs the upper folder is a copy, and the whole tree.
    path = "rootfs" if dirs.lower else str(dirs.upper)
    return Root(path, container.host_config.readonly_rootfs)


def overlay_annotations(dirs: OverlayDirs) -> dict[str, str]:
    """Say which folders the runtime has to put on top of one another."""
    if not dirs.lower:
        return {}
    return {
        OVERLAY_LOWER: ":".join(str(layer) for layer in dirs.lower),
        OVERLAY_UPPER: str(dirs.upper),
        OVERLAY_WORK: str(dirs.work),
    }


def _network_sysctls(host: HostConfig) -> dict[str, str]:
    """Let everybody in a network namespace of its own do what is harmless there.

    A web server that is not root may listen on port 80, and ``ping`` needs no
    capability.
    """
    if host.network_mode == "host" or host.network_mode.startswith("container:"):
        return {}
    return {
        name: value
        for name, value in _NETWORK_SYSCTLS.items()
        if Path("/proc/sys", name.replace(".", "/")).exists()
    }


def _propagation(container: Container) -> str | None:
    """A bind that shares mounts back needs a root that lets them through."""
    modes = {point.propagation for point in container.mounts}
    if modes & {"shared", "rshared"}:
        return "rshared"
    if modes & {"slave", "rslave"}:
        return "rslave"
    return None
