"""Published ports, in the three shapes that the API has for them."""

from collections.abc import Iterable
from typing import Any

from labkit.network.model import PortBinding

PortMap = dict[str, list[dict[str, str]] | None]


def port_key(binding: PortBinding) -> str:
    """Spell a container's port: ``80/tcp``."""
    return f"{binding.container_port}/{binding.protocol}"


def binding_map(bindings: Iterable[PortBinding]) -> PortMap:
    """Return ``HostConfig.PortBindings``: what was asked for; any port is ``""``."""
    body: PortMap = {}
    for binding in bindings:
        places = body.setdefault(port_key(binding), [])
        assert places is not None
        places.append(_place(binding))
    return body


def settings_map(
    exposed: Iterable[str], published: Iterable[PortBinding]
) -> dict[str, Any]:
    """Return ``NetworkSettings.Ports``: what is; null is exposed, but not published."""
    return dict.fromkeys(exposed) | binding_map(published)


def summary_rows(
    exposed: Iterable[str], published: Iterable[PortBinding]
) -> list[dict[str, Any]]:
    """Return ``Ports`` of ``GET /containers/json``: one row a published address."""
    rows: list[dict[str, Any]] = []
    seen = set()
    for binding in published:
        seen.add(port_key(binding))
        rows.append(
            {
                "IP": binding.host_ip or "0.0.0.0",
                "PrivatePort": binding.container_port,
                "PublicPort": binding.host_port,
                "Type": binding.protocol,
            }
        )
    for port in exposed:
        if port not in seen:
            number, _, protocol = port.partition("/")
            rows.append({"PrivatePort": int(number), "Type": protocol or "tcp"})
    return rows


def _place(binding: PortBinding) -> dict[str, str]:
    port = str(binding.host_port) if binding.host_port else ""
    if binding.host_port_end:
        port += f"-{binding.host_port_end}"
    return {"HostIp": binding.host_ip, "HostPort": port}
