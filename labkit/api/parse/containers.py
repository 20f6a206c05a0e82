"""The body of ``POST /containers/create``: a ``Config`` with two guests in it.

``HostConfig`` and ``NetworkingConfig`` lie among the fields of ``Config``. Clients
send sentinel values that mean "nothing": ``MemorySwappiness: -1``, ``PidsLimit: 0``, a
restart policy named ``""``.
"""

from dataclasses import replace

from labkit.api.parse.fields import Fields
from labkit.api.parse.ports import parse_port_bindings
from labkit.engine.containers.update import Changes
from labkit.engine.model import (
    ContainerConfig,
    DeviceMapping,
    DeviceRequest,
    EndpointRequest,
    ExecConfig,
    HostConfig,
    LogConfig,
    MountRequest,
    ResourceLimits,
    RestartPolicy,
    ThrottleRule,
    Ulimit,
    WeightDevice,
)
from labkit.spec.image import Healthcheck

_NOT_OURS = (
    *("CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth"),  # Windows'
    *("KernelMemory", "KernelMemoryTCP"),  # gone from Linux
)
"""Read only to say what is wrong with their type."""


def parse_config(body: Fields) -> ContainerConfig:
    """Read the part that is independent of the host."""
    body.flag("ArgsEscaped")  # Windows' own
    return ContainerConfig(
        image=body.text("Image"),
        hostname=body.text("Hostname"),
        domainname=body.text("Domainname"),
        user=body.text("User"),
        attach_stdin=body.flag("AttachStdin"),
        attach_stdout=body.flag("AttachStdout"),
        attach_stderr=body.flag("AttachStderr"),
        exposed_ports=body.names("ExposedPorts"),
        tty=body.flag("Tty"),
        open_stdin=body.flag("OpenStdin"),
        stdin_once=body.flag("StdinOnce"),
        env=body.texts("Env"),
        cmd=body.command("Cmd"),
        entrypoint=body.command("Entrypoint"),
        healthcheck=_healthcheck(body),
        volumes=body.names("Volumes"),
        working_dir=body.text("WorkingDir"),
        network_disabled=body.flag("NetworkDisabled"),
        mac_address=body.text("MacAddress"),
        on_build=body.texts("OnBuild"),
        labels=body.text_map("Labels"),
        stop_signal=body.text("StopSignal"),
        stop_timeout=body.maybe_integer("StopTimeout"),
        shell=body.texts("Shell"),
    )


def parse_host_config(body: Fields) -> HostConfig:
    """Read ``HostConfig``."""
    policy = body.fields("RestartPolicy")
    log = body.fields("LogConfig")
    body.text("Cgroup")
    return HostConfig(
        binds=body.texts("Binds"),
        container_id_file=body.text("ContainerIDFile"),
        log_config=LogConfig(
            log.text("Type") or LogConfig().type, log.text_map("Config")
        ),
        network_mode=body.text("NetworkMode") or HostConfig().network_mode,
        port_bindings=parse_port_bindings(body.field_lists("PortBindings")),
        restart_policy=RestartPolicy(
            policy.text("Name") or RestartPolicy().name,
            policy.integer("MaximumRetryCount"),
        ),
        auto_remove=body.flag("AutoRemove"),
        volume_driver=body.text("VolumeDriver"),
        volumes_from=body.texts("VolumesFrom"),
        console_size=_console_size(body),
        annotations=body.text_map("Annotations"),
        cap_add=body.texts("CapAdd"),
        cap_drop=body.texts("CapDrop"),
        cgroupns_mode=body.text("CgroupnsMode"),
        dns=body.texts("Dns"),
        dns_options=body.texts("DnsOptions"),
        dns_search=body.texts("DnsSearch"),
        extra_hosts=body.texts("ExtraHosts"),
        group_add=body.texts("GroupAdd"),
        ipc_mode=body.text("IpcMode"),
        links=body.texts("Links"),
        oom_score_adj=body.integer("OomScoreAdj"),
        pid_mode=body.text("PidMode"),
        privileged=body.flag("Privileged"),
        publish_all_ports=body.flag("PublishAllPorts"),
        readonly_rootfs=body.flag("ReadonlyRootfs"),
        security_opt=body.texts("SecurityOpt"),
        storage_opt=body.text_map("StorageOpt"),
        tmpfs=body.text_map("Tmpfs"),
        uts_mode=body.text("UTSMode"),
        userns_mode=body.text("UsernsMode"),
        shm_size=body.integer("ShmSize"),
        sysctls=body.text_map("Sysctls"),
        runtime=body.text("Runtime"),
        isolation=body.text("Isolation"),
        mounts=tuple(_mount(item) for item in body.list_of_fields("Mounts")),
        masked_paths=body.maybe_texts("MaskedPaths"),
        readonly_paths=body.maybe_texts("ReadonlyPaths"),
        init=body.maybe_flag("Init"),
        resources=parse_resources(body),
    )


def parse_resources(body: Fields) -> ResourceLimits:
    """Read the limits, which lie among the fields of ``HostConfig``."""
    swappiness = body.maybe_integer("MemorySwappiness")
    for name in _NOT_OURS:
        body.integer(name)
    return ResourceLimits(
        cpu_shares=body.integer("CpuShares"),
        memory=body.integer("Memory"),
        nano_cpus=body.integer("NanoCpus"),
        cgroup_parent=body.text("CgroupParent"),
        blkio_weight=body.integer("BlkioWeight"),
        blkio_weight_device=tuple(
            WeightDevice(item.text("Path"), item.integer("Weight"))
            for item in body.list_of_fields("BlkioWeightDevice")
        ),
        blkio_device_read_bps=_throttle(body, "BlkioDeviceReadBps"),
        blkio_device_write_bps=_throttle(body, "BlkioDeviceWriteBps"),
        blkio_device_read_iops=_throttle(body, "BlkioDeviceReadIOps"),
        blkio_device_write_iops=_throttle(body, "BlkioDeviceWriteIOps"),
        cpu_period=body.integer("CpuPeriod"),
        cpu_quota=body.integer("CpuQuota"),
        cpu_realtime_period=body.integer("CpuRealtimePeriod"),
        cpu_realtime_runtime=body.integer("CpuRealtimeRuntime"),
        cpuset_cpus=body.text("CpusetCpus"),
        cpuset_mems=body.text("CpusetMems"),
        devices=tuple(_device(item) for item in body.list_of_fields("Devices")),
        device_cgroup_rules=body.texts("DeviceCgroupRules"),
        device_requests=tuple(
            _device_request(item) for item in body.list_of_fields("DeviceRequests")
        ),
        memory_reservation=body.integer("MemoryReservation"),
        memory_swap=body.integer("MemorySwap"),
        memory_swappiness=None if swappiness == -1 else swappiness,
        oom_kill_disable=body.flag("OomKillDisable"),
        pids_limit=_pids_limit(body),
        ulimits=tuple(
            Ulimit(item.text("Name"), item.integer("Soft"), item.integer("Hard"))
            for item in body.list_of_fields("Ulimits")
        ),
    )


def _pids_limit(body: Fields) -> int | None:
    """Read how many processes there may be; zero and less mean any number."""
    limit = body.integer("PidsLimit")
    return limit if limit > 0 else None


def parse_update(body: Fields) -> Changes:
    """Read the body of ``POST /containers/{id}/update``."""
    limits = parse_resources(body)
    if "PidsLimit" in body and limits.pids_limit is None:
        limits = replace(limits, pids_limit=-1)  # not "nothing", but "no limit"
    policy = body.fields("RestartPolicy")
    if not policy.text("Name"):
        return Changes(limits)
    name, most = policy.text("Name"), policy.integer("MaximumRetryCount")
    return Changes(limits, RestartPolicy(name, most))


def parse_endpoint(body: Fields) -> EndpointRequest:
    """Read one entry of ``EndpointsConfig``."""
    ipam = body.fields("IPAMConfig")
    _check_findings(body)
    return EndpointRequest(
        aliases=body.texts("Aliases"),
        # Compose also puts the wanted address where inspect shows the real one.
        ipv4=ipam.text("IPv4Address") or body.text("IPAddress"),
        ipv6=ipam.text("IPv6Address") or body.text("GlobalIPv6Address"),
        link_local_ips=ipam.texts("LinkLocalIPs"),
        links=body.texts("Links"),
        mac_address=body.text("MacAddress"),
        driver_options=body.text_map("DriverOpts"),
    )


def _check_findings(body: Fields) -> None:
    """Check the types of what inspect shows and clients may send back."""
    for name in ("NetworkID", "EndpointID", "Gateway", "IPv6Gateway"):
        body.text(name)
    for name in ("IPPrefixLen", "GlobalIPv6PrefixLen", "GwPriority"):
        body.integer(name)
    body.texts("DNSNames")


def parse_endpoints(body: Fields) -> dict[str, EndpointRequest]:
    """Read ``NetworkingConfig``: network -> what is wanted of it."""
    wanted = body.fields("NetworkingConfig").field_map("EndpointsConfig")
    return {network: parse_endpoint(item) for network, item in wanted.items()}


def parse_exec(body: Fields) -> ExecConfig:
    """Read the body of ``POST /containers/{id}/exec``."""
    return ExecConfig(
        cmd=body.command("Cmd") or (),
        attach_stdin=body.flag("AttachStdin"),
        attach_stdout=body.flag("AttachStdout"),
        attach_stderr=body.flag("AttachStderr"),
        tty=body.flag("Tty"),
        detach=body.flag("Detach"),
        detach_keys=body.text("DetachKeys"),
        env=body.texts("Env"),
        user=body.text("User"),
        privileged=body.flag("Privileged"),
        working_dir=body.text("WorkingDir"),
    )


def _healthcheck(body: Fields) -> Healthcheck | None:
    if "Healthcheck" not in body:
        return None
    item = body.fields("Healthcheck")
    return Healthcheck(
        test=item.texts("Test"),
        interval=item.integer("Interval"),
        timeout=item.integer("Timeout"),
        start_period=item.integer("StartPeriod"),
        start_interval=item.integer("StartInterval"),
        retries=item.integer("Retries"),
    )


def _mount(item: Fields) -> MountRequest:
    bind, volume = item.fields("BindOptions"), item.fields("VolumeOptions")
    tmpfs, driver = item.fields("TmpfsOptions"), volume.fields("DriverConfig")
    item.fields("ImageOptions").text("Subpath")
    return MountRequest(
        type=item.text("Type"),
        target=item.text("Target"),
        source=item.text("Source"),
        read_only=item.flag("ReadOnly"),
        consistency=item.text("Consistency"),
        propagation=bind.text("Propagation"),
        create_mountpoint=bind.flag("CreateMountpoint"),
        non_recursive=bind.flag("NonRecursive"),
        read_only_non_recursive=bind.flag("ReadOnlyNonRecursive"),
        read_only_force_recursive=bind.flag("ReadOnlyForceRecursive"),
        no_copy=volume.flag("NoCopy"),
        labels=volume.text_map("Labels"),
        driver=driver.text("Name"),
        driver_options=driver.text_map("Options"),
        subpath=volume.text("Subpath"),
        tmpfs_size=tmpfs.integer("SizeBytes"),
        tmpfs_mode=tmpfs.integer("Mode"),
        tmpfs_options=tmpfs.text_lists("Options"),
    )


def _device(item: Fields) -> DeviceMapping:
    return DeviceMapping(
        item.text("PathOnHost"),
        item.text("PathInContainer"),
        item.text("CgroupPermissions"),
    )


def _device_request(item: Fields) -> DeviceRequest:
    return DeviceRequest(
        item.text("Driver"),
        item.integer("Count"),
        item.texts("DeviceIDs"),
        item.text_lists("Capabilities"),
        item.text_map("Options"),
    )


def _throttle(body: Fields, name: str) -> tuple[ThrottleRule, ...]:
    return tuple(
        ThrottleRule(item.text("Path"), item.integer("Rate"))
        for item in body.list_of_fields(name)
    )


def _console_size(body: Fields) -> tuple[int, ...]:
    return body.integers("ConsoleSize") or HostConfig().console_size
