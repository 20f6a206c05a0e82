"""``HostConfig`` as ``docker inspect`` shows it.

Go prints an absent list as ``null`` and an empty one as ``[]``; which of the two a
field shows depends on who filled it last in moby. We follow what a dockerd prints for
a container that the command line made, because people compare the two.
"""

from typing import Any

from labkit.api.present.ports import binding_map
from labkit.api.versions import ApiVersion
from labkit.engine.model import HostConfig, MountRequest, ResourceLimits

_NO_KERNEL_MEMORY = ApiVersion(1, 42)
_WITH_ANNOTATIONS = ApiVersion(1, 43)


def describe_host_config(host: HostConfig, version: ApiVersion) -> dict[str, Any]:
    """Spell ``HostConfig`` for a client of a version."""
    return {
        **_environment(host),
        **_isolation(host),
        **_resources(host.resources, version),
        **_optional(host, version),
        "MaskedPaths": _maybe_list(host.masked_paths),
        "ReadonlyPaths": _maybe_list(host.readonly_paths),
    }


def _environment(host: HostConfig) -> dict[str, Any]:
    return {
        "Binds": list(host.binds) or None,
        "ContainerIDFile": host.container_id_file,
        "LogConfig": {
            "Type": host.log_config.type,
            "Config": dict(host.log_config.config),
        },
        "NetworkMode": host.network_mode,
        "PortBindings": binding_map(host.port_bindings),
        "RestartPolicy": {
            "Name": host.restart_policy.name,
            "MaximumRetryCount": host.restart_policy.maximum_retry_count,
        },
        "AutoRemove": host.auto_remove,
        "VolumeDriver": host.volume_driver,
        "VolumesFrom": list(host.volumes_from) or None,
        "ConsoleSize": list(host.console_size),
        "Dns": list(host.dns),
        "DnsOptions": list(host.dns_options),
        "DnsSearch": list(host.dns_search),
        "ExtraHosts": list(host.extra_hosts) or None,
        "Links": list(host.links) or None,
        "PublishAllPorts": host.publish_all_ports,
    }


def _isolation(host: HostConfig) -> dict[str, Any]:
    return {
        "CapAdd": list(host.cap_add) or None,
        "CapDrop": list(host.cap_drop) or None,
        "CgroupnsMode": host.cgroupns_mode,
        "GroupAdd": list(host.group_add) or None,
        "IpcMode": host.ipc_mode,
        "Cgroup": "",
        "OomScoreAdj": host.oom_score_adj,
        "PidMode": host.pid_mode,
        "Privileged": host.privileged,
        "ReadonlyRootfs": host.readonly_rootfs,
        "SecurityOpt": list(host.security_opt) or None,
        "UTSMode": host.uts_mode,
        "UsernsMode": host.userns_mode,
        "ShmSize": host.shm_size,
        "Runtime": host.runtime,
        "Isolation": host.isolation,
    }


def _resources(limits: ResourceLimits, version: ApiVersion) -> dict[str, Any]:
    body = {
        "CpuShares": limits.cpu_shares,
        "Memory": limits.memory,
        "NanoCpus": limits.nano_cpus,
        "CgroupParent": limits.cgroup_parent,
        "BlkioWeight": limits.blkio_weight,
        "BlkioWeightDevice": [
            {"Path": device.path, "Weight": device.weight}
            for device in limits.blkio_weight_device
        ],
        "CpuPeriod": limits.cpu_period,
        "CpuQuota": limits.cpu_quota,
        "CpuRealtimePeriod": limits.cpu_realtime_period,
        "CpuRealtimeRuntime": limits.cpu_realtime_runtime,
        "CpusetCpus": limits.cpuset_cpus,
        "CpusetMems": limits.cpuset_mems,
        "Devices": [
            {
                "PathOnHost": device.path_on_host,
                "PathInContainer": device.path_in_container,
                "CgroupPermissions": device.cgroup_permissions,
            }
            for device in limits.devices
        ],
        "DeviceCgroupRules": list(limits.device_cgroup_rules) or None,
        "DeviceRequests": _device_requests(limits) or None,
        "MemoryReservation": limits.memory_reservation,
        "MemorySwap": limits.memory_swap,
        "MemorySwappiness": limits.memory_swappiness,
        "OomKillDisable": limits.oom_kill_disable,
        "PidsLimit": limits.pids_limit and max(limits.pids_limit, 0),
        "Ulimits": [
            {"Name": limit.name, "Hard": limit.hard, "Soft": limit.soft}
            for limit in limits.ulimits
        ],
        "CpuCount": 0,
        "CpuPercent": 0,
        "IOMaximumIOps": 0,
        "IOMaximumBandwidth": 0,
    }
    if version < _NO_KERNEL_MEMORY:
        body |= {"KernelMemory": 0, "KernelMemoryTCP": 0}
    return body | _throttles(limits)


def _device_requests(limits: ResourceLimits) -> list[dict[str, Any]]:
    return [
        {
            "Driver": request.driver,
            "Count": request.count,
            "DeviceIDs": list(request.device_ids) or None,
            "Capabilities": [list(group) for group in request.capabilities],
            "Options": dict(request.options),
        }
        for request in limits.device_requests
    ]


def _throttles(limits: ResourceLimits) -> dict[str, Any]:
    named = {
        "BlkioDeviceReadBps": limits.blkio_device_read_bps,
        "BlkioDeviceWriteBps": limits.blkio_device_write_bps,
        "BlkioDeviceReadIOps": limits.blkio_device_read_iops,
        "BlkioDeviceWriteIOps": limits.blkio_device_write_iops,
    }
    return {
        name: [{"Path": rule.path, "Rate": rule.rate} for rule in rules]
        for name, rules in named.items()
    }


def _optional(host: HostConfig, version: ApiVersion) -> dict[str, Any]:
    """Return the fields that Go leaves out where they are empty."""
    body = {
        "StorageOpt": dict(host.storage_opt),
        "Tmpfs": dict(host.tmpfs),
        "Sysctls": dict(host.sysctls),
        "Mounts": [describe_mount_request(mount) for mount in host.mounts],
    }
    if version >= _WITH_ANNOTATIONS:
        body["Annotations"] = dict(host.annotations)
    filled: dict[str, Any] = {name: value for name, value in body.items() if value}
    if host.init is not None:
        filled["Init"] = host.init
    return filled


def describe_mount_request(mount: MountRequest) -> dict[str, Any]:
    """Spell one ``--mount`` as it was asked for."""
    body: dict[str, Any] = {"Type": mount.type}
    if mount.source:
        body["Source"] = mount.source
    body["Target"] = mount.target
    if mount.read_only:
        body["ReadOnly"] = True
    if mount.consistency:
        body["Consistency"] = mount.consistency
    options = {
        "BindOptions": _bind_options(mount),
        "VolumeOptions": _volume_options(mount),
        "TmpfsOptions": _filled(
            {
                "SizeBytes": mount.tmpfs_size,
                "Mode": mount.tmpfs_mode,
                "Options": [list(option) for option in mount.tmpfs_options],
            }
        ),
    }
    return body | _filled(options)


def _bind_options(mount: MountRequest) -> dict[str, Any]:
    return _filled(
        {
            "Propagation": mount.propagation,
            "CreateMountpoint": mount.create_mountpoint,
            "NonRecursive": mount.non_recursive,
            "ReadOnlyNonRecursive": mount.read_only_non_recursive,
            "ReadOnlyForceRecursive": mount.read_only_force_recursive,
        }
    )


def _volume_options(mount: MountRequest) -> dict[str, Any]:
    return _filled(
        {
            "NoCopy": mount.no_copy,
            "Labels": dict(mount.labels),
            "Subpath": mount.subpath,
            "DriverConfig": _filled(
                {"Name": mount.driver, "Options": dict(mount.driver_options)}
            ),
        }
    )


def _filled(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value}


def _maybe_list(value: tuple[str, ...] | None) -> list[str] | None:
    return None if value is None else list(value)
