"""Containers as ``docker inspect`` and ``docker ps`` show them.

The engine knows one status; the API has a word and six booleans that overlap
(moby, container/state.go). They are computed here and nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.api.present.host_config import describe_host_config
from labkit.api.present.network_settings import (
    describe_attachments,
    describe_network_settings,
)
from labkit.api.present.ports import summary_rows
from labkit.api.versions import ApiVersion
from labkit.base.clock import format_time
from labkit.base.durations import human_duration
from labkit.engine.containers.inspect import ContainerDetails
from labkit.engine.containers.list import ContainerSummary
from labkit.engine.model import (
    Container,
    ContainerConfig,
    Health,
    MountPoint,
    Status,
)
from labkit.spec.image import Healthcheck

_ANNOTATED_ROWS = ApiVersion(1, 46)
_SECOND_NS = 1_000_000_000
_NOT_RUNNING = (Status.CREATED, Status.EXITED, Status.DEAD, Status.REMOVING)


@dataclass(frozen=True, slots=True)
class Flags:
    """The booleans of ``State``, as moby sets them."""

    running: bool
    paused: bool
    restarting: bool
    dead: bool


def flags_of(status: Status) -> Flags:
    """Compute moby's booleans: a paused or restarting container also "runs"."""
    return Flags(
        running=status not in _NOT_RUNNING,
        paused=status is Status.PAUSED,
        restarting=status is Status.RESTARTING,
        dead=status is Status.DEAD,
    )


def describe_container(
    details: ContainerDetails, version: ApiVersion
) -> dict[str, Any]:
    """Spell everything: ``GET /containers/{id}/json``."""
    container = details.container
    body = {
        "Id": container.id,
        "Created": format_time(container.created_at),
        "Path": container.path,
        "Args": list(container.args),
        "State": describe_state(container),
        "Image": container.image_id,
        "ResolvConfPath": str(details.resolv_conf_path),
        "HostnamePath": str(details.hostname_path),
        "HostsPath": str(details.hosts_path),
        "LogPath": str(details.log_path or ""),
        "Name": f"/{container.name}",
        "RestartCount": container.restart_count,
        "Driver": "overlay2",
        "Platform": container.platform,
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "",
        "ExecIDs": list(details.exec_ids) or None,
        "HostConfig": describe_host_config(container.host_config, version),
        "GraphDriver": _graph_driver(details),
        "Mounts": [describe_mount(mount) for mount in container.mounts],
        "Config": describe_config(container.config),
        "NetworkSettings": describe_network_settings(container, version),
    }
    if details.size_rw is not None:
        body["SizeRw"] = details.size_rw
    if details.size_root is not None:
        body["SizeRootFs"] = details.size_root
    return body


def describe_summary(
    summary: ContainerSummary, now_ns: int, version: ApiVersion
) -> dict[str, Any]:
    """Spell one row of ``GET /containers/json``."""
    container = summary.container
    body: dict[str, Any] = {
        "Id": container.id,
        "Names": [f"/{name}" for name in summary.names],
        "Image": summary.image,
        "ImageID": container.image_id,
        "Command": summary.command,
        "Created": container.created_at // _SECOND_NS,
        "Ports": summary_rows(
            container.config.exposed_ports if _has_network(container) else (),
            container.published,
        ),
    }
    if summary.size_rw is not None:
        body["SizeRw"] = summary.size_rw
    if summary.size_root is not None:
        body["SizeRootFs"] = summary.size_root
    return body | {
        "Labels": dict(container.config.labels),
        "State": container.status.value,
        "Status": describe_status(container, now_ns),
        "HostConfig": _summarise_host(container, version),
        "NetworkSettings": {"Networks": describe_attachments(container, version)},
        "Mounts": [describe_mount(mount) for mount in container.mounts],
    }


def _summarise_host(container: Container, version: ApiVersion) -> dict[str, Any]:
    host = container.host_config
    body: dict[str, Any] = {"NetworkMode": host.network_mode}
    if host.annotations and version >= _ANNOTATED_ROWS:
        body["Annotations"] = dict(host.annotations)
    return body


def describe_state(container: Container) -> dict[str, Any]:
    """Spell ``State``: the word, the booleans, the numbers."""
    flags = flags_of(container.status)
    body: dict[str, Any] = {
        "Status": container.status.value,
        "Running": flags.running,
        "Paused": flags.paused,
        "Restarting": flags.restarting,
        "OOMKilled": container.oom_killed,
        "Dead": flags.dead,
        "Pid": container.pid,
        "ExitCode": container.exit_code,
        "Error": container.error,
        "StartedAt": format_time(container.started_at),
        "FinishedAt": format_time(container.finished_at),
    }
    if container.health is not None:
        body["Health"] = _describe_health(container.health)
    return body


def describe_status(container: Container, now_ns: int) -> str:
    """Say in words how long a container has been what it is: ``Up 2 minutes``."""
    flags = flags_of(container.status)
    since_end = human_duration(now_ns - container.finished_at)
    if flags.restarting:
        return f"Restarting ({container.exit_code}) {since_end} ago"
    if flags.running:
        up = f"Up {human_duration(now_ns - container.started_at)}"
        if flags.paused:
            return f"{up} (Paused)"
        if container.health is not None:
            word = container.health.status
            return f"{up} ({'health: starting' if word == 'starting' else word})"
        return up
    if container.status is Status.REMOVING:
        return "Removal In Progress"
    if flags.dead:
        return "Dead"
    if container.status is Status.CREATED or not container.started_at:
        return "Created"
    return f"Exited ({container.exit_code}) {since_end} ago"


def describe_config(config: ContainerConfig) -> dict[str, Any]:
    """Spell ``Config``; what Go leaves out where it is empty is left out."""
    body: dict[str, Any] = {
        "Hostname": config.hostname,
        "Domainname": config.domainname,
        "User": config.user,
        "AttachStdin": config.attach_stdin,
        "AttachStdout": config.attach_stdout,
        "AttachStderr": config.attach_stderr,
        "Tty": config.tty,
        "OpenStdin": config.open_stdin,
        "StdinOnce": config.stdin_once,
        "Env": list(config.env),
        "Cmd": _maybe_list(config.cmd),
        "Image": config.image,
        "Volumes": _set_of(config.volumes) or None,
        "WorkingDir": config.working_dir,
        "Entrypoint": _maybe_list(config.entrypoint),
        "OnBuild": list(config.on_build) or None,
        "Labels": dict(config.labels),
    }
    optional: dict[str, Any] = {
        "ExposedPorts": _set_of(config.exposed_ports),
        "Healthcheck": describe_healthcheck(config.healthcheck),
        "NetworkDisabled": config.network_disabled,
        "MacAddress": config.mac_address,
        "StopSignal": config.stop_signal,
        "Shell": list(config.shell),
    }
    body |= {name: value for name, value in optional.items() if value}
    if config.stop_timeout is not None:
        body["StopTimeout"] = config.stop_timeout
    return body


def describe_healthcheck(check: Healthcheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    body = {
        "Test": list(check.test),
        "Interval": check.interval,
        "Timeout": check.timeout,
        "StartPeriod": check.start_period,
        "StartInterval": check.start_interval,
        "Retries": check.retries,
    }
    return {name: value for name, value in body.items() if value}


def describe_mount(mount: MountPoint) -> dict[str, Any]:
    """Spell one entry of ``Mounts``; only volumes have a name and a driver."""
    body: dict[str, Any] = {"Type": mount.type}
    if mount.name:
        body["Name"] = mount.name
    body |= {"Source": mount.source, "Destination": mount.destination}
    if mount.driver:
        body["Driver"] = mount.driver
    return body | {
        "Mode": mount.mode,
        "RW": mount.writable,
        "Propagation": mount.propagation,
    }


def _describe_health(health: Health) -> dict[str, Any]:
    return {
        "Status": health.status,
        "FailingStreak": health.failing_streak,
        "Log": [
            {
                "Start": format_time(probe.started_at),
                "End": format_time(probe.finished_at),
                "ExitCode": probe.exit_code,
                "Output": probe.output,
            }
            for probe in health.log
        ],
    }


def _graph_driver(details: ContainerDetails) -> dict[str, Any]:
    overlay = details.overlay
    if overlay is None:
        return {"Data": None, "Name": "overlay2"}
    return {
        "Data": {
            "LowerDir": ":".join(str(path) for path in overlay.lower),
            "MergedDir": str(Path(overlay.upper).parent / "rootfs"),
            "UpperDir": str(overlay.upper),
            "WorkDir": str(overlay.work),
        },
        "Name": "overlay2",
    }


def _has_network(container: Container) -> bool:
    return not flags_of(container.status).restarting and bool(container.pid)


def _maybe_list(value: tuple[str, ...] | None) -> list[str] | None:
    return None if value is None else list(value)


def _set_of(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {name: {} for name in names}
