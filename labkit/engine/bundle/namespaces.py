"""Which namespaces a container has of its own, and which it shares.

A namespace that is absent from the list is the host's; one with a path is another
container's, found through its first process (namespaces(7), /proc/PID/ns).
"""

from collections.abc import Mapping

from labkit.engine.model import HostConfig
from labkit.spec.runtime import Namespace

_KINDS = {"network": "net", "pid": "pid", "ipc": "ipc"}


def build_namespaces(
    host: HostConfig, peers: Mapping[str, int]
) -> tuple[Namespace, ...]:
    """Return the list for the bundle.

    Args:
        host: the modes.
        peers: the pid of the other container, by mode text (``container:web``).
    """
    found = [Namespace("mount")]
    modes = (
        ("network", host.network_mode),
        ("pid", host.pid_mode),
        ("ipc", host.ipc_mode),
        ("uts", host.uts_mode),
        ("cgroup", host.cgroupns_mode),
    )
    for kind, mode in modes:
        if mode == "host":
            # With the host's network comes the host's name only if that was asked for.
            continue
        if mode in peers:
            found.append(Namespace(kind, f"/proc/{peers[mode]}/ns/{_KINDS[kind]}"))
        else:
            found.append(Namespace(kind))
    return tuple(found)
