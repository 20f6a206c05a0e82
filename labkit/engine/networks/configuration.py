"""Configuration-only networks: settings under a name, for other networks to follow.

``docker network create --config-only --subnet 10.1.0.0/24 settings`` makes no bridge
and takes no addresses; ``docker network create --config-from settings net`` makes a
network of them. Swarm needs this (each node has its own subnet), and one machine can.
"""

from dataclasses import replace

from labkit.base.errors import ForbiddenError, NotFoundError
from labkit.engine.engine import Engine
from labkit.engine.model import NetworkRecord
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from labkit.network.ipam import parse_subnet
from labkit.network.model import Subnet


def follow_configuration(engine: Engine, request: NetworkRequest) -> NetworkRequest:
    """Return the request with what its configuration network says.

    Raises:
        NotFoundError: there is no such configuration network.
    """
    if not request.config_from:
        return request
    record = engine.store.network_named(request.config_from)
    if record is None or not record.config_only:
        raise NotFoundError(
            f'configuration network "{request.config_from}" does not exist'
        )
    return replace(
        request,
        subnets=tuple(_as_wanted(subnet) for subnet in record.network.subnets),
        enable_ipv6=record.network.enable_ipv6,
        options=record.network.options,
        labels=record.labels,
        ipam_options=record.ipam_options,
    )


def written_down(request: NetworkRequest) -> tuple[Subnet, ...]:
    """Return a configuration's subnets as they were asked for: nothing is chosen yet.

    Raises:
        InvalidInputError: one is no subnet.
    """
    return tuple(
        Subnet(
            str(parse_subnet(item.subnet)) if item.subnet else "",
            item.gateway,
            item.ip_range or None,
            item.auxiliary,
        )
        for item in request.subnets
    )


def check_unused(engine: Engine, record: NetworkRecord) -> None:
    """Refuse to remove a configuration that a network follows.

    Raises:
        ForbiddenError: the text is Docker's.
    """
    name = record.network.name
    if record.config_only and any(
        other.config_from == name for other in engine.store.networks()
    ):
        raise ForbiddenError(
            f'error while removing network: configuration network "{name}" is in use'
        )


def _as_wanted(subnet: Subnet) -> SubnetRequest:
    return SubnetRequest(
        subnet.subnet, subnet.gateway, subnet.ip_range or "", subnet.auxiliary
    )
