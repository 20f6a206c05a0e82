"""What ``docker ps`` tells of a container: each column, by its name in templates."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.json_text import quote
from labkit.docker_cli.tables import Subject
from labkit.docker_cli.texts import (
    ellipsis,
    joined_labels,
    label_of,
    short_id,
)
from labkit.docker_cli.units import ago, go_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json


def _names(item: Json, truncated: bool) -> str:
    names = [name.removeprefix("/") for name in item["Names"] or []]
    if not truncated:
        return ",".join(names)
    return next((name for name in names if "/" not in name), "")


def _image(item: Json, truncated: bool) -> str:
    image: str = item["Image"]
    if not image:
        return "<no image>"
    if not truncated:
        return image
    if short_id(item.get("ImageID", "")) == short_id(image):
        return short_id(image)
    name, _, digest = image.partition("@")
    return name if digest else image


def _command(item: Json, truncated: bool) -> str:
    command = item["Command"]
    return quote(ellipsis(command, 20) if truncated else command, html=False)


def _size(item: Json, truncated: bool) -> str:
    size = human_size(item.get("SizeRw", 0), 3)
    whole = item.get("SizeRootFs", 0)
    return f"{size} (virtual {human_size(whole, 3)})" if whole > 0 else size


def _mounts(item: Json, truncated: bool) -> str:
    names = (
        each.get("Name") or each.get("Source", "") for each in item["Mounts"] or []
    )
    return ",".join(ellipsis(name, 15) if truncated else name for name in names)


def _local_volumes(item: Json, truncated: bool) -> str:
    drivers = [each.get("Driver") for each in item["Mounts"] or []]
    return str(drivers.count("local"))


def _networks(item: Json, truncated: bool) -> str:
    return ",".join((item.get("NetworkSettings") or {}).get("Networks") or {})


def shown_ports(ports: list[Json]) -> str:
    """Return ``0.0.0.0:80->80/tcp, 443/tcp``; neighbours are one range."""
    groups: dict[str, list[int]] = {}
    done: list[str] = []
    mapped: list[str] = []
    for port in sorted(ports or [], key=_port_order):
        private, address = port["PrivatePort"], port.get("IP", "")
        key = port["Type"]
        if address:
            if port.get("PublicPort") != private:
                host = _joined(address, str(port.get("PublicPort", 0)))
                mapped.append(f"{host}->{private}/{port['Type']}")
                continue
            key = f"{address}/{key}"
        if key in groups and private == groups[key][1] + 1:
            groups[key][1] = private
            continue
        if key in groups:
            done.append(_group(key, *groups[key]))
        groups[key] = [private, private]
    return ", ".join([*done, *(_group(k, *v) for k, v in groups.items()), *mapped])


def _port_order(port: Json) -> tuple[int, str, int, str]:
    return (
        port["PrivatePort"],
        port.get("IP", ""),
        port.get("PublicPort", 0),
        port["Type"],
    )


def _group(key: str, first: int, last: int) -> str:
    address, _, kind = key.rpartition("/")
    ports = str(first) if first == last else f"{first}-{last}"
    mapped = f"{_joined(address, ports)}->{ports}" if address else ports
    return f"{mapped}/{kind}"


def _joined(address: str, port: str) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


CONTAINERS = Subject(
    "formatter.ContainerContext",
    {
        "ID": ("CONTAINER ID", lambda c, cut: short_id(c["Id"]) if cut else c["Id"]),
        "Names": ("NAMES", _names),
        "Image": ("IMAGE", _image),
        "Command": ("COMMAND", _command),
        "CreatedAt": ("CREATED AT", lambda c, cut: go_time(c["Created"])),
        "RunningFor": ("CREATED", lambda c, cut: ago(c["Created"])),
        "Ports": ("PORTS", lambda c, cut: shown_ports(c["Ports"])),
        "State": ("STATE", lambda c, cut: c["State"]),
        "Status": ("STATUS", lambda c, cut: c["Status"]),
        "Size": ("SIZE", _size),
        "Labels": ("LABELS", lambda c, cut: joined_labels(c["Labels"])),
        "Mounts": ("MOUNTS", _mounts),
        "LocalVolumes": ("LOCAL VOLUMES", _local_volumes),
        "Networks": ("NETWORKS", _networks),
        "Platform": ("PLATFORM", lambda c, cut: None),
    },
    {"Label": label_of},
)
