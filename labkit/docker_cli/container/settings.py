"""The flags of ``run`` and ``create`` as the API's record of a new container."""

from __future__ import annotations

import os

from labkit.base.errors import os_reason
from labkit.docker_cli.container.checks import (
    parse_operations,
    parse_throttle,
    parse_ulimit,
    parse_weight,
)
from labkit.docker_cli.container.devices import device_mappings, device_requests
from labkit.docker_cli.container.endpoints import networking
from labkit.docker_cli.container.environment import read_labels, read_variables
from labkit.docker_cli.container.mount import parse_mount
from labkit.docker_cli.container.ports import parse_exposed, parse_published
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.texts import pairs_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

_HEALTH = ("interval", "timeout", "start-period", "start-interval", "retries")


def container_settings(values: Values, arguments: list[str]) -> Json:
    """Return the body of ``POST /containers/create``.

    Raises:
        CliError: flags that can't be, or can't be together.
    """
    swappiness = values.number("memory-swappiness")
    if swappiness != -1 and not 0 <= swappiness <= 100:
        raise CliError(
            f"invalid value: {swappiness}. Valid memory swappiness range is 0-100"
        )
    binds, volumes = _volumes(values.list("volume"))
    exposed, bindings = parse_published(values.list("publish"))
    exposed |= parse_exposed(values.list("expose"))
    config = _config(values, arguments)
    config["ExposedPorts"] = exposed
    config["Volumes"] = volumes
    host = _host_config(values) | _resources(values)
    host["Binds"] = binds
    host["PortBindings"] = bindings
    host["NetworkMode"], endpoints = networking(values)
    if values.on("rm") and host["RestartPolicy"]["Name"] not in ("", "no"):
        raise CliError("conflicting options: cannot specify both --restart and --rm")
    if "init" in values.changed:
        host["Init"] = values.on("init")
    return {
        **config,
        "HostConfig": host,
        "NetworkingConfig": {"EndpointsConfig": endpoints},
    }


def _config(values: Values, arguments: list[str]) -> Json:
    attached = [stream.lower() for stream in values.list("attach")]
    stdin = "stdin" in attached or values.on("interactive")
    config: Json = {
        "Hostname": values.text("hostname"),
        "Domainname": values.text("domainname"),
        "User": values.text("user"),
        "AttachStdin": stdin,
        "AttachStdout": "stdout" in attached or not attached,
        "AttachStderr": "stderr" in attached or not attached,
        "Tty": values.on("tty"),
        "OpenStdin": values.on("interactive"),
        "StdinOnce": values.on("interactive") and stdin,
        "Env": read_variables(values.list("env-file"), values.list("env")),
        "Cmd": arguments[1:] or None,
        "Image": arguments[0],
        "WorkingDir": values.text("workdir"),
        "Entrypoint": None,
        "Labels": pairs_map(
            read_labels(values.list("label-file"), values.list("label"))
        ),
    }
    if "entrypoint" in values.changed:
        config["Entrypoint"] = [values.text("entrypoint")]
    if values.text("stop-signal"):
        config["StopSignal"] = values.text("stop-signal")
    if "stop-timeout" in values.changed:
        config["StopTimeout"] = values.number("stop-timeout")
    health = _health(values)
    if health is not None:
        config["Healthcheck"] = health
    return config


def _health(values: Values) -> Json:
    command = values.text("health-cmd")
    numbers = {name: values.number(f"health-{name}") for name in _HEALTH}
    asked = bool(command) or any(numbers.values())
    if values.on("no-healthcheck"):
        if asked:
            raise CliError("--no-healthcheck conflicts with --health-* options")
        return {"Test": ["NONE"]}
    if not asked:
        return None
    for name in ("interval", "timeout", "retries", "start-period", "start-interval"):
        if numbers[name] < 0:
            raise CliError(f"--health-{name} cannot be negative")
    health: Json = {"Test": ["CMD-SHELL", command]} if command else {}
    for name in _HEALTH:
        if numbers[name]:
            key = "".join(word.capitalize() for word in name.split("-"))
            health[key] = numbers[name]
    return health


def _volumes(specs: list[str]) -> tuple[list[str], Json]:
    """Return what is bound or named, and what is anonymous."""
    binds: list[str] = []
    volumes: Json = {}
    for spec in dict.fromkeys(specs):
        if not spec:
            raise CliError("invalid empty volume spec")
        source, colon, rest = spec.partition(":")
        if not colon:
            volumes[spec] = {}
            continue
        if not source or not rest.partition(":")[0]:
            raise CliError(f"invalid spec: {spec}: empty section between colons")
        if source.startswith("."):
            source = os.path.abspath(source)
        binds.append(f"{source}:{rest}")
    return binds, volumes


def _host_config(values: Values) -> Json:
    added, dropped = _capabilities(values.list("cap-add"), values.list("cap-drop"))
    security, _ = _security(values.list("security-opt"))
    driver, options = values.text("log-driver"), values.list("log-opt")
    if driver == "none" and options:
        raise CliError("invalid logging opts for driver none")
    return _host_extras(values) | {
        "ContainerIDFile": values.text("cidfile"),
        "LogConfig": {"Type": driver, "Config": pairs_map(options)},
        "RestartPolicy": restart_policy(values.text("restart")),
        "AutoRemove": values.on("rm"),
        "VolumeDriver": values.text("volume-driver"),
        "VolumesFrom": values.list("volumes-from") or None,
        "ConsoleSize": [0, 0],
        "CapAdd": added or None,
        "CapDrop": dropped or None,
        "CgroupnsMode": _mode(values, "cgroupns", "CGROUP", ("", "host", "private")),
        "Dns": values.list("dns"),
        "DnsOptions": values.list("dns-option"),
        "DnsSearch": values.list("dns-search"),
        "ExtraHosts": [_host(text) for text in values.list("add-host")] or None,
        "GroupAdd": values.list("group-add") or None,
        "IpcMode": values.text("ipc"),
        "Links": values.list("link") or None,
        "OomScoreAdj": values.number("oom-score-adj"),
        "PidMode": _pid_mode(values.text("pid")),
        "Privileged": values.on("privileged"),
        "PublishAllPorts": values.on("publish-all"),
        "ReadonlyRootfs": values.on("read-only"),
        "SecurityOpt": security or None,
        "UTSMode": _mode(values, "uts", "UTS", ("", "host")),
        "UsernsMode": _mode(values, "userns", "USER", ("", "host")),
        "ShmSize": values.number("shm-size"),
        "Isolation": values.text("isolation"),
    }


def _host_extras(values: Values) -> Json:
    """Return what is sent only if it was asked for."""
    host: Json = {}
    if mounts := [parse_mount(text) for text in values.list("mount")]:
        host["Mounts"] = mounts
    if values.list("tmpfs"):
        pairs = (each.partition(":") for each in values.list("tmpfs"))
        host["Tmpfs"] = {path: options for path, _, options in pairs}
    if _security(values.list("security-opt"))[1]:
        host |= {"MaskedPaths": [], "ReadonlyPaths": []}
    for flag, key in (("sysctl", "Sysctls"), ("annotation", "Annotations")):
        if values.list(flag):
            host[key] = pairs_map(values.list(flag))
    if values.list("storage-opt"):
        if not all("=" in option for option in values.list("storage-opt")):
            raise CliError("invalid storage option")
        host["StorageOpt"] = pairs_map(values.list("storage-opt"))
    if values.number("kernel-memory"):
        host["KernelMemory"] = values.number("kernel-memory")
    if values.text("runtime"):
        host["Runtime"] = values.text("runtime")
    return host


def _resources(values: Values) -> Json:
    resources: Json = {
        "CpuShares": values.number("cpu-shares"),
        "Memory": values.number("memory"),
        "NanoCpus": values.number("cpus"),
        "CgroupParent": values.text("cgroup-parent"),
        "BlkioWeight": values.number("blkio-weight"),
        "BlkioWeightDevice": [
            parse_weight(text) for text in values.list("blkio-weight-device")
        ],
        "CpuPeriod": values.number("cpu-period"),
        "CpuQuota": values.number("cpu-quota"),
        "CpuRealtimePeriod": values.number("cpu-rt-period"),
        "CpuRealtimeRuntime": values.number("cpu-rt-runtime"),
        "CpusetCpus": values.text("cpuset-cpus"),
        "CpusetMems": values.text("cpuset-mems"),
        "Devices": device_mappings(values.list("device")),
        "DeviceCgroupRules": values.list("device-cgroup-rule") or None,
        "DeviceRequests": device_requests(values),
        "MemoryReservation": values.number("memory-reservation"),
        "MemorySwap": values.number("memory-swap"),
        "MemorySwappiness": values.number("memory-swappiness"),
        "OomKillDisable": values.on("oom-kill-disable"),
        "PidsLimit": values.number("pids-limit"),
        "Ulimits": [parse_ulimit(text) for text in values.list("ulimit")],
    }
    for direction in ("read", "write"):
        key = f"BlkioDevice{direction.capitalize()}"
        rates = values.list(f"device-{direction}-bps")
        resources[f"{key}Bps"] = [parse_throttle(text) for text in rates]
        counts = values.list(f"device-{direction}-iops")
        resources[f"{key}IOps"] = [parse_operations(text) for text in counts]
    return resources


def _host(text: str) -> str:
    """Return ``name:address`` also where an equals sign was typed."""
    name, equals, address = text.partition("=")
    if equals and ":" not in name:
        return f"{name}:{address.strip('[]')}"
    return text


def restart_policy(text: str) -> Json:
    """Return the policy of ``on-failure:3``."""
    if not text:
        return {"Name": "", "MaximumRetryCount": 0}
    name, colon, count = text.partition(":")
    if colon and not name:
        raise CliError("invalid restart policy format: no policy provided before colon")
    if colon and not count.lstrip("-").isdigit():
        raise CliError(
            "invalid restart policy format: maximum retry count must be an integer"
        )
    return {"Name": name, "MaximumRetryCount": int(count or 0)}


def _mode(values: Values, flag: str, said: str, allowed: tuple[str, ...]) -> str:
    mode = values.text(flag)
    if mode not in allowed:
        raise CliError(f"--{flag}: invalid {said} mode")
    return mode


def _pid_mode(mode: str) -> str:
    if mode in ("", "host") or (mode.startswith("container:") and mode[10:]):
        return mode
    raise CliError("--pid: invalid PID mode")


def _capabilities(add: list[str], drop: list[str]) -> tuple[list[str], list[str]]:
    """Return what is added and dropped under full names; adding wins."""
    added, dropped = {_capability(c) for c in add}, {_capability(c) for c in drop}
    if "ALL" in added:
        added = {"ALL"}
    if "ALL" in dropped:
        dropped = {"ALL"}
    return sorted(added), sorted(dropped - added)


def _capability(name: str) -> str:
    name = name.strip().upper()
    return name if name == "ALL" or name.startswith("CAP_") else f"CAP_{name}"


def _security(options: list[str]) -> tuple[list[str], bool]:
    found = []
    for option in options:
        name, sign, value = option.partition("=")
        if not sign and name != "no-new-privileges":
            name, sign, value = option.partition(":")
        if not value and name != "no-new-privileges":
            raise CliError(f'Invalid --security-opt: "{option}"')
        own = name == "seccomp" and value not in ("unconfined", "builtin")
        found.append("seccomp=" + _seccomp(value) if own else option)
    kept = [option for option in found if option != "systempaths=unconfined"]
    return kept, len(kept) < len(found)


def _seccomp(path: str) -> str:
    # Late: a profile of one's own is rare.
    from labkit.docker_cli.json_text import compact, parse

    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise CliError(
            f"opening seccomp profile ({path}) failed: open {path}: {os_reason(error)}"
        ) from None
    return compact(parse(text))
