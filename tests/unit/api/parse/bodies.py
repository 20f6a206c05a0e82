"""The body of ``POST /containers/create`` with every field that the API documents."""

from collections.abc import Iterator
from typing import Any

_PATH = {"Path": "/dev/null"}
_ENDPOINT = {
    "IPAMConfig": {"IPv4Address": "", "IPv6Address": "", "LinkLocalIPs": [""]},
    "Links": ["a"],
    "MacAddress": "",
    "Aliases": ["a"],
    "DriverOpts": {"a": "b"},
    "GwPriority": 0,
    "NetworkID": "",
    "EndpointID": "",
    "Gateway": "",
    "IPAddress": "",
    "IPPrefixLen": 0,
    "IPv6Gateway": "",
    "GlobalIPv6Address": "",
    "GlobalIPv6PrefixLen": 0,
    "DNSNames": ["a"],
}
_MOUNT = {
    **dict.fromkeys(("Target", "Source", "Type", "Consistency"), ""),
    "ReadOnly": False,
    "BindOptions": {
        "Propagation": "",
        **dict.fromkeys(("NonRecursive", "CreateMountpoint"), False),
        **dict.fromkeys(("ReadOnlyNonRecursive", "ReadOnlyForceRecursive"), False),
    },
    "VolumeOptions": {
        "NoCopy": False,
        "Labels": {"a": "b"},
        "DriverConfig": {"Name": "", "Options": {"a": "b"}},
        "Subpath": "",
    },
    "ImageOptions": {"Subpath": ""},
    "TmpfsOptions": {"SizeBytes": 0, "Mode": 0, "Options": [["a"]]},
}
_DEVICES = {
    "Devices": [{"PathOnHost": "", "PathInContainer": "", "CgroupPermissions": ""}],
    "DeviceRequests": [
        {
            "Driver": "",
            "Count": 0,
            "DeviceIDs": ["a"],
            "Capabilities": [["gpu"]],
            "Options": {"a": "b"},
        }
    ],
    "BlkioWeightDevice": [{**_PATH, "Weight": 1}],
    **{
        f"BlkioDevice{kind}": [{**_PATH, "Rate": 1}]
        for kind in ("ReadBps", "WriteBps", "ReadIOps", "WriteIOps")
    },
}
_INTEGERS = """
CpuShares Memory BlkioWeight CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime
KernelMemoryTCP MemoryReservation MemorySwap MemorySwappiness NanoCpus PidsLimit
CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth OomScoreAdj ShmSize
"""
_TEXTS = """
CgroupParent CpusetCpus CpusetMems ContainerIDFile NetworkMode VolumeDriver CgroupnsMode
IpcMode Cgroup PidMode UTSMode UsernsMode Runtime Isolation
"""
_FLAGS = """
OomKillDisable Init AutoRemove Privileged PublishAllPorts ReadonlyRootfs
"""
_LISTS = """
DeviceCgroupRules Binds VolumesFrom CapAdd CapDrop Dns DnsOptions DnsSearch ExtraHosts
GroupAdd Links SecurityOpt MaskedPaths ReadonlyPaths
"""
_MAPS = "Annotations StorageOpt Tmpfs Sysctls"
_HOST = {
    **dict.fromkeys(_INTEGERS.split(), 0),
    **dict.fromkeys(_TEXTS.split(), ""),
    **dict.fromkeys(_FLAGS.split(), False),
    **{name: ["a"] for name in _LISTS.split()},
    **{name: {"a": "b"} for name in _MAPS.split()},
    **_DEVICES,
    "Ulimits": [{"Name": "", "Soft": 0, "Hard": 0}],
    "LogConfig": {"Type": "", "Config": {"a": "b"}},
    "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": ""}]},
    "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    "Mounts": [_MOUNT],
    "ConsoleSize": [1, 2],
}
CREATE: dict[str, Any] = {
    **dict.fromkeys(("Image", "Hostname", "Domainname", "User", "WorkingDir"), ""),
    **dict.fromkeys(("MacAddress", "StopSignal"), ""),
    **dict.fromkeys(("AttachStdin", "AttachStdout", "AttachStderr", "Tty"), False),
    **dict.fromkeys(("OpenStdin", "StdinOnce", "NetworkDisabled"), False),
    "ArgsEscaped": False,
    "StopTimeout": 1,
    **{name: ["a"] for name in ("Env", "Cmd", "Entrypoint", "OnBuild", "Shell")},
    "ExposedPorts": {"80/tcp": {}},
    "Volumes": {"/v": {}},
    "Labels": {"a": "b"},
    "Healthcheck": {
        "Test": ["a"],
        **dict.fromkeys(("Interval", "Timeout", "StartPeriod", "StartInterval"), 0),
        "Retries": 0,
    },
    "HostConfig": _HOST,
    "NetworkingConfig": {"EndpointsConfig": {"bridge": _ENDPOINT}},
}

Place = tuple[str | int, ...]


def places(document: Any, place: Place = ()) -> Iterator[Place]:
    """Walk to every value of a document."""
    if isinstance(document, dict):
        items: Any = document.items()
    elif isinstance(document, list):
        items = enumerate(document)
    else:
        return
    for key, value in items:
        yield (*place, key)
        yield from places(value, (*place, key))


def value_at(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


def with_value(document: Any, place: Place, value: Any) -> Any:
    """Return a document with another value in one place."""
    if not place:
        return value
    head, *rest = place
    inner = with_value(document[head], tuple(rest), value)
    if isinstance(document, list):
        return [inner if at == head else one for at, one in enumerate(document)]
    return {**document, head: inner}
