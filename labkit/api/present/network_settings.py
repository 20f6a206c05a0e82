"""A container's place in its networks: ``NetworkSettings``.

The upper half repeats the default bridge's endpoint: it is older than user-defined
networks, and scripts still read ``.NetworkSettings.IPAddress``.
"""

from typing import Any

from labkit.api.present.ports import settings_map
from labkit.api.versions import ApiVersion
from labkit.base.ids import short_id
from labkit.engine.model import Attachment, Container
from labkit.network.model import Endpoint

_DNS_NAMES = ApiVersion(1, 44)
_DEFAULT_NETWORK = "bridge"
_NAMELESS = (_DEFAULT_NETWORK, "host", "none")


def describe_network_settings(
    container: Container, version: ApiVersion
) -> dict[str, Any]:
    """Spell ``NetworkSettings`` of ``GET /containers/{id}/json``."""
    running = bool(container.pid)
    return {
        "Bridge": "",
        "SandboxID": container.id if running else "",
        "SandboxKey": f"/proc/{container.pid}/ns/net" if running else "",
        "Ports": settings_map(container.config.exposed_ports, container.published)
        if running
        else {},
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        **_endpoint(_default_endpoint(container)),
        "Networks": describe_attachments(container, version),
    }


def describe_attachments(container: Container, version: ApiVersion) -> dict[str, Any]:
    """Spell ``Networks``: name of the network -> the container's endpoint there."""
    return {
        attachment.network_name: _attachment(container, attachment, version)
        for attachment in container.attachments
    }


def _attachment(
    container: Container, attachment: Attachment, version: ApiVersion
) -> dict[str, Any]:
    request, endpoint = attachment.request, attachment.endpoint
    aliases = list(request.aliases)
    body: dict[str, Any] = {
        "IPAMConfig": _ipam(attachment),
        "Links": list(request.links) or None,
        "Aliases": aliases or None,
        "NetworkID": attachment.network_id,
        **_endpoint(endpoint),
        "MacAddress": endpoint.mac_address if endpoint else request.mac_address,
        "DriverOpts": dict(request.driver_options) or None,
    }
    if attachment.network_name in _NAMELESS or not attachment.network_id:
        names = []  # what was never connected is known by no name yet
    else:
        names = [*aliases, short_id(container.id)]
    if version >= _DNS_NAMES:
        full = [container.name, *names, container.config.hostname] if names else []
        body["DNSNames"] = list(dict.fromkeys(filter(None, full))) or None
    elif names:
        # Until 1.43 the short id was shown among the aliases.
        body["Aliases"] = names
    return body


def _ipam(attachment: Attachment) -> dict[str, Any] | None:
    request = attachment.request
    body: dict[str, Any] = {
        "IPv4Address": request.ipv4,
        "IPv6Address": request.ipv6,
        "LinkLocalIPs": list(request.link_local_ips),
    }
    return {name: value for name, value in body.items() if value} or None


def _default_endpoint(container: Container) -> Endpoint | None:
    for attachment in container.attachments:
        if attachment.network_name == _DEFAULT_NETWORK:
            return attachment.endpoint
    return None


def _endpoint(endpoint: Endpoint | None) -> dict[str, Any]:
    found = endpoint or Endpoint(id="", network_id="", container_id="")
    return {
        "EndpointID": found.id,
        "Gateway": found.gateway,
        "IPAddress": found.ipv4,
        "IPPrefixLen": found.ipv4_prefix,
        "IPv6Gateway": found.ipv6_gateway,
        "GlobalIPv6Address": found.ipv6,
        "GlobalIPv6PrefixLen": found.ipv6_prefix,
        "MacAddress": found.mac_address,
    }
