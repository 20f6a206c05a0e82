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
_MOST_FILES = 10_000

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
    source = os.path.realpath(mapping.path_on_host)
    target = mapping.path_in_container or mapping.path_on_host
    device = _read_device(Path(source), target)
    if device is not None:
        return (device,)
    found = tuple(_walk(source, target))
    if not found:
        # pathlib raises where a name is too long to be anybody's.
        is_there = os.path.exists(source)
        why = "not a device node" if is_there else "no such file or directory"
        raise InvalidInputError(_no_device(mapping.path_on_host, why))
    return found


def _no_device(path: str, why: str) -> str:
    return (
        f'error gathering device information while adding custom device "{path}": {why}'
    )


def _walk(source: str, target: str) -> list[Device]:
    """Return the nodes below a folder; a link there is none, whatever it leads to.

    Raises:
        InvalidInputError: there is too much to look through. A dockerd goes on, through
            the whole machine if need be; nobody can stop that container meanwhile.
    """
    found, seen = [], 0
    for folder, _, names in os.walk(source):
        seen += len(names)
        if seen > _MOST_FILES:
            why = f"more than {_MOST_FILES} files to look through"
            raise InvalidInputError(_no_device(source, why))
        inside = target + folder.removeprefix(source)
        for name in sorted(names):
            device = _read_device(Path(folder, name), os.path.join(inside, name))
            found += [device] if device is not None else []
    return found


def _all_devices(folder: Path) -> tuple[Device, ...]:
    """Return every node of the host's /dev, but not what the runtime mounts there."""
    hidden = ("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev")
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name in hidden or entry.name == "console" or entry.is_symlink():
            continue
        if entry.is_dir():
            found += _walk(str(entry), str(entry))
        else:
            device = _read_device(entry, str(entry))
            found += [device] if device is not None else []
    return tuple(found)


def _read_device(path: Path, target: str) -> Device | None:
    try:
        status = path.lstat()
    except OSError:  # it is gone, or its name is longer than any
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
