"""The engine as ``docker version``, ``info`` and ``system df`` show it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from labkit import __version__
from labkit.api.present.build import describe_cache
from labkit.api.present.containers import describe_summary as describe_container
from labkit.api.present.images import describe_summary as describe_image
from labkit.api.present.volumes import describe_volume
from labkit.api.versions import NEWEST, OLDEST, ApiVersion
from labkit.base.clock import format_time
from labkit.engine.system.disk_usage import DiskUsage, ImageUsage, VolumeUsage
from labkit.engine.system.info import EngineInfo
from labkit.engine.system.version import EngineVersion

T = TypeVar("T")

_KINDS = ApiVersion(1, 42)
"""Since then a client may say which kinds it wants to know of."""

_PLUGINS = {
    "Volume": ["local"],
    "Network": ["bridge", "host", "null"],
    "Authorization": None,
    "Log": ["json-file", "local"],
}
_ABILITIES = dict.fromkeys(
    (
        "MemoryLimit",
        "SwapLimit",
        "CpuCfsPeriod",
        "CpuCfsQuota",
        "CPUShares",
        "CPUSet",
        "PidsLimit",
        "IPv4Forwarding",
        "OomKillDisable",
    ),
    True,
)
_NO_SWARM = {
    "NodeID": "",
    "NodeAddr": "",
    "LocalNodeState": "inactive",
    "ControlAvailable": False,
    "Error": "",
    "RemoteManagers": None,
}
_NO_COMMIT = {"ID": "", "Expected": ""}
_NO_REGISTRY = {
    "AllowNondistributableArtifactsCIDRs": [],
    "AllowNondistributableArtifactsHostnames": [],
    "InsecureRegistryCIDRs": ["127.0.0.0/8"],
    "IndexConfigs": {
        "docker.io": {
            "Name": "docker.io",
            "Mirrors": [],
            "Secure": True,
            "Official": True,
        }
    },
    "Mirrors": [],
}


def describe_version(found: EngineVersion) -> dict[str, Any]:
    """Spell ``GET /version``; Go's version is asked for, and there is no Go here."""
    common = {
        "ApiVersion": str(NEWEST),
        "MinAPIVersion": str(OLDEST),
        "GitCommit": "",
        "GoVersion": f"python{found.python_version}",
        "Os": found.os,
        "Arch": found.arch,
        "KernelVersion": found.kernel_version,
        "BuildTime": "",
    }
    engine = {
        "Name": "Engine",
        "Version": found.version,
        "Details": {**common, "Experimental": "false"},
    }
    return {
        "Platform": {"Name": "labkit"},
        "Components": [engine],
        "Version": found.version,
        **common,
    }


def describe_info(found: EngineInfo, now_ns: int) -> dict[str, Any]:
    """Spell ``GET /info``."""
    return {
        "ID": found.id,
        "Containers": found.containers,
        "ContainersRunning": found.containers_running,
        "ContainersPaused": found.containers_paused,
        "ContainersStopped": found.containers_stopped,
        "Images": found.images,
        "Driver": "overlay2",
        "DriverStatus": [["Supports d_type", "true"]],
        "Plugins": _PLUGINS,
        **_ABILITIES,
        "BridgeNfIptables": False,
        "BridgeNfIp6tables": False,
        "Debug": False,
        "NFd": 0,
        "NGoroutines": 0,
        "SystemTime": format_time(now_ns),
        "LoggingDriver": "json-file",
        "CgroupDriver": "cgroupfs",
        "CgroupVersion": str(found.cgroup_version),
        "NEventsListener": found.listeners,
        "KernelVersion": found.kernel_version,
        "OperatingSystem": found.operating_system,
        "OSVersion": found.os_version,
        "OSType": "linux",
        "Architecture": found.machine,
        "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": _NO_REGISTRY,
        "NCPU": found.cpus,
        "MemTotal": found.memory_bytes,
        "GenericResources": None,
        "DockerRootDir": found.data_root,
        "HttpProxy": "",
        "HttpsProxy": "",
        "NoProxy": "",
        "Name": found.name,
        "Labels": [],
        "ExperimentalBuild": False,
        "ServerVersion": __version__,
        "Runtimes": {"labkit": {"path": "labkit"}},
        "DefaultRuntime": "labkit",
        "Swarm": _NO_SWARM,
        "LiveRestoreEnabled": True,
        "Isolation": "",
        "InitBinary": "docker-init",
        **{f"{name}Commit": _NO_COMMIT for name in ("Containerd", "Runc", "Init")},
        "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"],
        "CDISpecDirs": [],
        "Warnings": [],
    }


def describe_usage(
    usage: DiskUsage, now_ns: int, version: ApiVersion
) -> dict[str, Any]:
    """Spell ``GET /system/df``; null is what was not asked for."""
    body: dict[str, Any] = {
        "LayersSize": usage.layers_size,
        "Images": _each(usage.images, partial(describe_shared, version=version)),
        "Containers": _each(
            usage.containers,
            lambda found: describe_container(found, now_ns, version),
        ),
        "Volumes": _each(usage.volumes, _describe_volume_usage),
        "BuildCache": _each(usage.build_cache, describe_cache),
    }
    if version < _KINDS:
        body["BuilderSize"] = sum(
            found.record.size for found in usage.build_cache or () if not found.shared
        )
    return body


def describe_shared(found: ImageUsage, version: ApiVersion) -> dict[str, Any]:
    """Spell an image of which is known who shares its layers."""
    return {
        **describe_image(found.summary, version),
        "Containers": found.summary.containers,
        "SharedSize": found.shared_size,
    }


def _describe_volume_usage(found: VolumeUsage) -> dict[str, Any]:
    usage = {"RefCount": found.users, "Size": found.size}
    return {**describe_volume(found.volume), "UsageData": usage}


def _each(
    found: Sequence[T] | None, describe: Callable[[T], dict[str, Any]]
) -> list[dict[str, Any]] | None:
    return None if found is None else [describe(one) for one in found]
