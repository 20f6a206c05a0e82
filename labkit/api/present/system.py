"""The engine as ``docker version``, ``info`` and ``system df`` show it."""

from typing import Any

from labkit import __version__
from labkit.api.present.build import describe_cache
from labkit.api.present.containers import describe_summary as describe_container
from labkit.api.present.images import describe_summary as describe_image
from labkit.api.present.volumes import describe_volume
from labkit.api.versions import NEWEST, OLDEST, ApiVersion
from labkit.base.clock import format_time
from labkit.engine.system.disk_usage import DiskUsage
from labkit.engine.system.info import EngineInfo
from labkit.engine.system.version import EngineVersion

_PLUGINS = {
    "Volume": ["local"],
    "Network": ["bridge", "host", "null"],
    "Authorization": None,
    "Log": ["json-file", "local", "none"],
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
    "IndexConfigs": {},
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
        "NEventsListener": 0,
        "KernelVersion": found.kernel_version,
        "OperatingSystem": found.operating_system,
        "OSVersion": "",
        "OSType": "linux",
        "Architecture": found.machine,
        "IndexServerAddress": "",
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
        "SecurityOptions": ["name=seccomp,profile=builtin"],
        "Warnings": [],
    }


def describe_usage(
    usage: DiskUsage, now_ns: int, version: ApiVersion
) -> dict[str, Any]:
    """Spell ``GET /system/df``."""
    volumes = [
        {
            **describe_volume(found.volume),
            "UsageData": {"RefCount": found.users, "Size": found.size},
        }
        for found in usage.volumes
    ]
    return {
        "LayersSize": usage.layers_size,
        "Images": [
            {
                **describe_image(image, version),
                "Containers": image.containers,
                "SharedSize": 0,
            }
            for image in usage.images
        ],
        "Containers": [
            describe_container(found, now_ns, version) for found in usage.containers
        ],
        "Volumes": volumes,
        "BuildCache": [describe_cache(found) for found in usage.build_cache],
        "BuilderSize": sum(
            found.record.size for found in usage.build_cache if not found.shared
        ),
    }
