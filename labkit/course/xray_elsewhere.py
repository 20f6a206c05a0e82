"""The x-ray of a container on an engine that is not ours: what Docker's API shows.

The same headings as on our engine, so that a chapter reads the same; what only the
kernel's own files would tell is said to be not visible.
"""

from typing import Any

HIDDEN = "not visible here: this engine is not labkit's own"

Json = dict[str, Any]


def describe(body: Json) -> Json:
    """Turn an answer of ``GET /containers/{id}/json`` into an x-ray record."""
    config, host = body["Config"], body["HostConfig"]
    return {
        "container": {
            "name": body["Name"].lstrip("/"),
            "id": body["Id"],
            "image": config["Image"],
            "status": body["State"]["Status"],
            "pid": body["State"].get("Pid") or None,
            "command": " ".join([body.get("Path", ""), *(body.get("Args") or ())]),
        },
        "namespaces": {
            "network": host.get("NetworkMode"),
            "pid": host.get("PidMode") or "own",
            "ipc": host.get("IpcMode") or "own",
            "uts": host.get("UTSMode") or "own",
            "in the kernel": HIDDEN,
        },
        "cgroup": {
            "memory": host.get("Memory") or "no limit",
            "cpus": (host.get("NanoCpus") or 0) / 1e9 or "no limit",
            "processes": host.get("PidsLimit") or "no limit",
            "in the kernel": HIDDEN,
        },
        "layers": {
            "driver": (body.get("GraphDriver") or {}).get("Name"),
            "folders": _layers(body),
        },
        "mounts": [_mount(mount) for mount in body.get("Mounts") or ()],
        "security": {
            "privileged": bool(host.get("Privileged")),
            "added": host.get("CapAdd") or [],
            "dropped": host.get("CapDrop") or [],
            "options": host.get("SecurityOpt") or [],
            "in the kernel": HIDDEN,
        },
        "networks": {name: _place(place) for name, place in _networks(body).items()},
        "ports": _ports(body),
        "bridge, veth pair, NAT rules": HIDDEN,
    }


def _networks(body: Json) -> Json:
    return (body.get("NetworkSettings") or {}).get("Networks") or {}


def _place(place: Json) -> Json:
    prefix = place.get("IPPrefixLen")
    ip = place.get("IPAddress")
    return {
        "address": f"{ip}/{prefix}" if ip else None,
        "gateway": place.get("Gateway"),
        "mac": place.get("MacAddress"),
        "names": place.get("Aliases") or [],
    }


def _layers(body: Json) -> Any:
    data = (body.get("GraphDriver") or {}).get("Data") or {}
    return {key: value.split(":") for key, value in data.items()} or HIDDEN


def _mount(mount: Json) -> Json:
    return {
        "at": mount.get("Destination"),
        "from": mount.get("Name") or mount.get("Source"),
        "kind": mount.get("Type"),
        "writable": bool(mount.get("RW")),
    }


def _ports(body: Json) -> list[str]:
    ports = (body.get("NetworkSettings") or {}).get("Ports") or {}
    return [
        f"{binding['HostIp'] or '0.0.0.0'}:{binding['HostPort']} -> {port}"
        for port, bindings in ports.items()
        for binding in bindings or ()
    ]
