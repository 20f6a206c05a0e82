"""Device nodes, and the rules of the device cgroup that guard them.

A node is only a name: what a container may open is decided by the rules, because
anybody with CAP_MKNOD can make a node. Everything is forbidden first, then Docker's
short list is allowed (runc makes the nodes of the standard devices itself).
"""

import os
import re
import stat
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import go_quote
from labkit.engine.model import DeviceMapping, DeviceRequest, HostConfig
from labkit.spec.runtime import Device, DeviceRule

_RULE = re.compile(r"([acb]) ([0-9]+|\*):([0-9]+|\*) ([rwm]{1,3})")
_PTS_MAJOR = 136

# Making any node is harmless; reading and writing are what counts.
DEFAULT_RULES = (
    DeviceRule(allow=False, access="rwm"),
    DeviceRule(allow=True, type="c", access="m"),
    DeviceRule(allow=True, type="b", access="m"),
    DeviceRule(allow=True, type="c", major=1, minor=3),  # null
    DeviceRule(allow=True, type="c", major=1, minor=5),  # zero
    DeviceRule(allow=True, type="c", major=1, minor=7),  # full
    DeviceRule(allow=True, type="c", major=1, minor=8),  # random
    DeviceRule(allow=True, type="c", major=1, minor=9),  # urandom
    DeviceRule(allow=True, type="c", major=5, minor=0),  # tty
    DeviceRule(allow=True, type="c", major=5, minor=1),  # console
    DeviceRule(allow=True, type="c", major=5, minor=2),  # ptmx
    DeviceRule(allow=True, type="c", major=_PTS_MAJOR),  # pts
)


def build_devices(
    host: HostConfig,
) -> tuple[tuple[Device, ...], tuple[DeviceRule, ...]]:
    """Return the extra nodes and all rules.

    Raises:
        InvalidInputError: a device of --device is not there; the text is Docker's.
    """
    for request in host.resources.device_requests:
        raise InvalidInputError(_unknown_driver(request))
    if host.privileged:
        return _all_devices(Path("/dev")), (DeviceRule(allow=True),)
    devices, rules = [], list(DEFAULT_RULES)
    for mapping in host.resources.devices:
        for device in _mapped(mapping):
            devices.append(device)
            rules.append(
                DeviceRule(
                    allow=True,
                    type=device.type,
                    major=device.major,
                    minor=device.minor,
                    access=mapping.cgroup_permissions or "rwm",
                )
            )
    rules += [parse_rule(text) for text in host.resources.device_cgroup_rules]
    return tuple(devices), tuple(rules)


def parse_rule(text: str) -> DeviceRule:
    """Read ``c 42:* rmw``.

    Raises:
        InvalidInputError: it is no such rule.
    """
    match = _RULE.fullmatch(text)
    if match is None:
        raise InvalidInputError(f"invalid device cgroup rule format: '{text}'")
    kind, major, minor, access = match.groups()
    return DeviceRule(
        allow=True,
        type=kind,
        major=None if major == "*" else int(major),
        minor=None if minor == "*" else int(minor),
        access=access,
    )


def _unknown_driver(request: DeviceRequest) -> str:
    """Refuse ``--gpus`` as a dockerd does that has no vendor's driver installed."""
    groups = " ".join(f"[{' '.join(group)}]" for group in request.capabilities)
    driver = go_quote(request.driver)
    return f"could not select device driver {driver} with capabilities: [{groups}]"


def _mapped(mapping: DeviceMapping) -> tuple[Device, ...]:
    """Return the node of a --device, or all nodes below it if it is a folder."""
    source = Path(mapping.path_on_host)
    target = mapping.path_in_container or mapping.path_on_host
    device = _read_device(source, target)
    if device is not None:
        return (device,)
    # pathlib raises where a name is too long to be anybody's.
    is_there, is_folder = os.path.exists(source), os.path.isdir(source)
    if is_folder:
        found = tuple(_walk(source, target))
        if found:
            return found
    raise InvalidInputError(
        f"error gathering device information while adding custom device "
        f'"{mapping.path_on_host}": '
        + ("not a device node" if is_there else "no such file or directory")
    )


def _walk(source: Path, target: str) -> list[Device]:
    found = []
    for folder, _, names in os.walk(source):
        for name in sorted(names):
            path = Path(folder, name)
            inside = os.path.join(target, path.relative_to(source))
            device = _read_device(path, inside)
            if device is not None:
                found.append(device)
    return found


def _all_devices(folder: Path) -> tuple[Device, ...]:
    """Return every node of the host's /dev, but not what the runtime mounts there."""
    hidden = ("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev")
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name in hidden or entry.name == "console" or entry.is_symlink():
            continue
        if entry.is_dir():
            found += _walk(entry, str(entry))
        else:
            device = _read_device(entry, str(entry))
            found += [device] if device is not None else []
    return tuple(found)


def _read_device(path: Path, target: str) -> Device | None:
    try:
        status = path.stat()
    except OSError:  # it is gone, or a link that leads nowhere or into a circle
        return None
    if stat.S_ISCHR(status.st_mode):
        kind = "c"
    elif stat.S_ISBLK(status.st_mode):
        kind = "b"
    else:
        return None
    return Device(
        path=target,
        type=kind,
        major=os.major(status.st_rdev),
        minor=os.minor(status.st_rdev),
        file_mode=stat.S_IMODE(status.st_mode),
        uid=status.st_uid,
        gid=status.st_gid,
    )
