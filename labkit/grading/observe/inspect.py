"""The API's JSON, turned into the records that checks read.

This is the one place of the grader that knows how the API spells things.
"""

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

from labkit.grading.probes import (
    Attachment,
    Container,
    Image,
    Network,
    PortBinding,
    Volume,
)

Json = dict[str, Any]


def read_container(body: Json) -> Container:
    """Read ``GET /containers/{id}/json``."""
    config, host, state = body["Config"], body["HostConfig"], body["State"]
    restart = host.get("RestartPolicy") or {}
    return Container(
        id=body["Id"],
        name=body["Name"].lstrip("/"),
        image=config["Image"],
        status=state["Status"],
        exit_code=state.get("ExitCode", 0),
        health=(state.get("Health") or {}).get("Status"),
        argv=(body.get("Path", ""), *(body.get("Args") or ())),
        user=config.get("User") or "",
        hostname=config.get("Hostname") or "",
        stop_signal=_signal(config.get("StopSignal") or ""),
        env=_pairs(config.get("Env")),
        labels=config.get("Labels") or {},
        mounts={
            mount["Destination"]: mount.get("Name") or mount.get("Source") or ""
            for mount in body.get("Mounts") or ()
        },
        read_only_mounts=frozenset(
            mount["Destination"]
            for mount in body.get("Mounts") or ()
            if not mount.get("RW", True)
        ),
        ports=tuple(_ports(body)),
        network_mode=host.get("NetworkMode") or "",
        attachments=_attachments(body),
        restart=_restart(restart),
        memory_bytes=host.get("Memory") or 0,
        nano_cpus=_nano_cpus(host),
        pids_limit=host.get("PidsLimit") or 0,
        read_only=bool(host.get("ReadonlyRootfs")),
        privileged=bool(host.get("Privileged")),
        log_driver=(host.get("LogConfig") or {}).get("Type") or "",
        log_options=(host.get("LogConfig") or {}).get("Config") or {},
        pid_mode=host.get("PidMode") or "",
        health_test=tuple((config.get("Healthcheck") or {}).get("Test") or ()),
    )


def read_network(body: Json) -> Network:
    """Read ``GET /networks/{id}``."""
    pools = (body.get("IPAM") or {}).get("Config") or ()
    members = (body.get("Containers") or {}).values()
    return Network(
        id=body["Id"],
        name=body["Name"],
        driver=body["Driver"],
        internal=bool(body.get("Internal")),
        attachable=bool(body.get("Attachable")),
        subnets=tuple(pool["Subnet"] for pool in pools if pool.get("Subnet")),
        gateways=tuple(pool["Gateway"] for pool in pools if pool.get("Gateway")),
        labels=body.get("Labels") or {},
        members=frozenset(member["Name"] for member in members),
    )


def read_volume(body: Json) -> Volume:
    """Read ``GET /volumes/{name}``."""
    return Volume(body["Name"], body["Driver"], body.get("Labels") or {})


def read_image(body: Json) -> Image:
    """Read ``GET /images/{name}/json``."""
    config = body.get("Config") or {}
    return Image(
        id=body["Id"],
        tags=tuple(body.get("RepoTags") or ()),
        size_bytes=body.get("Size") or 0,
        layer_ids=tuple((body.get("RootFS") or {}).get("Layers") or ()),
        user=config.get("User") or "",
        env=_pairs(config.get("Env")),
        labels=config.get("Labels") or {},
        ports=frozenset(config.get("ExposedPorts") or ()),
        entrypoint=tuple(config.get("Entrypoint") or ()),
        cmd=tuple(config.get("Cmd") or ()),
        workdir=config.get("WorkingDir") or "",
        has_health_check=_has_health_check(config.get("Healthcheck")),
        health_test=tuple((config.get("Healthcheck") or {}).get("Test") or ()),
    )


def _has_health_check(check: Json | None) -> bool:
    test: list[str] = (check or {}).get("Test") or ["NONE"]
    return test[0] != "NONE"


def _pairs(lines: list[str] | None) -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in lines or ())


def _ports(body: Json) -> Iterator[PortBinding]:
    """Yield what is published now; for a stopped container, what would be."""
    live = (body.get("NetworkSettings") or {}).get("Ports")
    asked = body["HostConfig"].get("PortBindings")
    for name, bindings in (live or asked or {}).items():
        port, _, protocol = name.partition("/")
        for binding in bindings or ():
            yield PortBinding(
                host_ip=binding.get("HostIp") or "",
                host_port=int(binding.get("HostPort") or 0),
                container_port=int(port),
                protocol=protocol or "tcp",
            )


def _attachments(body: Json) -> dict[str, Attachment]:
    networks = (body.get("NetworkSettings") or {}).get("Networks") or {}
    return {
        name: Attachment(
            network=name,
            ip=place.get("IPAddress") or "",
            aliases=frozenset(place.get("Aliases") or ()),
        )
        for name, place in networks.items()
    }


def _signal(name: str) -> str:
    """Return a signal by its full name, however it was spelt: 12 and USR2 are one."""
    if name.isdecimal():
        with contextlib.suppress(ValueError):
            return signal.Signals(int(name)).name
        return name
    return f"SIG{name.upper().removeprefix('SIG')}" if name else ""


def _nano_cpus(host: Json) -> int:
    """Return the share of processors, whether it was given as such or as a quota."""
    quota = host.get("CpuQuota") or 0
    period = host.get("CpuPeriod") or 100_000
    return host.get("NanoCpus") or (quota * 1_000_000_000 // period if quota > 0 else 0)


def _restart(policy: Json) -> str:
    name = policy.get("Name") or "no"
    limit = policy.get("MaximumRetryCount") or 0
    return f"{name}:{limit}" if name == "on-failure" and limit else name
