"""Networks as ``docker network inspect`` shows them."""

from typing import Any

from labkit.base.clock import format_time
from labkit.engine.members import Member
from labkit.engine.networks.inspect import NetworkDetails
from labkit.network.model import Subnet


def describe_network(details: NetworkDetails) -> dict[str, Any]:
    """Spell a network; ``Containers`` are those that run in it."""
    record, network = details.record, details.record.network
    return {
        "Name": network.name,
        "Id": network.id,
        "Created": format_time(record.created_at),
        "Scope": "local",
        "Driver": network.driver,
        "EnableIPv4": True,
        "EnableIPv6": network.enable_ipv6,
        "IPAM": {
            "Driver": record.ipam_driver,
            "Options": record.ipam_options,
            "Config": [_describe_subnet(subnet) for subnet in network.subnets],
        },
        "Internal": network.internal,
        "Attachable": record.attachable,
        "Ingress": False,
        "ConfigFrom": {"Network": record.config_from},
        "ConfigOnly": record.config_only,
        "Containers": {
            member.container_id: _describe_member(member) for member in details.members
        },
        "Options": dict(network.options),
        "Labels": dict(record.labels),
    }


def _describe_subnet(subnet: Subnet) -> dict[str, Any]:
    body: dict[str, Any] = {"Subnet": subnet.subnet} if subnet.subnet else {}
    if subnet.ip_range:
        body["IPRange"] = subnet.ip_range
    if subnet.gateway:
        body["Gateway"] = subnet.gateway
    if subnet.auxiliary:
        body["AuxiliaryAddresses"] = dict(subnet.auxiliary)
    return body


def _describe_member(member: Member) -> dict[str, Any]:
    endpoint = member.endpoint
    return {
        "Name": member.name,
        "EndpointID": endpoint.id,
        "MacAddress": endpoint.mac_address,
        "IPv4Address": _with_prefix(endpoint.ipv4, endpoint.ipv4_prefix),
        "IPv6Address": _with_prefix(endpoint.ipv6, endpoint.ipv6_prefix),
    }


def _with_prefix(address: str, prefix: int) -> str:
    return f"{address}/{prefix}" if address else ""
