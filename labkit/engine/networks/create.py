"""``docker network create``."""

from dataclasses import dataclass

from labkit.base.errors import ConflictError, ForbiddenError
from labkit.base.ids import new_id
from labkit.engine.attachments import PREDEFINED
from labkit.engine.engine import Engine
from labkit.engine.messages import network_exists, same_bridge_name
from labkit.engine.model import NetworkRecord
from labkit.engine.networks.configuration import follow_configuration, written_down
from labkit.engine.networks.request import (
    NetworkRequest,
    SubnetRequest,
    check_request,
)
from labkit.network.ipam import (
    DEFAULT_POOLS,
    choose_subnet,
    plan_subnet,
    unique_local_pools,
)
from labkit.network.model import Network, Subnet
from labkit.network.naming import bridge_name


@dataclass(frozen=True, slots=True)
class CreatedNetwork:
    """The answer to create."""

    id: str
    warning: str = ""


async def create_network(engine: Engine, request: NetworkRequest) -> CreatedNetwork:
    """Make a network.

    Raises:
        ConflictError: there is one of this name.
        ForbiddenError: the name is predefined, or the subnet overlaps another's.
        NotFoundError: there is no such driver.
    """
    check_request(request)
    record = await engine.complete(_create(engine, request), "create network")
    return CreatedNetwork(record.network.id)


async def _create(engine: Engine, request: NetworkRequest) -> NetworkRecord:
    # One at a time: choosing a subnet and recording it must not be interleaved.
    async with engine.lock("networks"):
        if engine.store.network_named(request.name) is not None:
            raise ConflictError(network_exists(request.name))
        request = follow_configuration(engine, request)
        record = await _plan(engine, request)
        await engine.network.ensure_network(record.network)
        try:
            await engine.store.save(record)
        except BaseException:
            await engine.network.remove_network(record.network)
            raise
    engine.events.network("create", record)
    return record


async def _plan(engine: Engine, request: NetworkRequest) -> NetworkRecord:
    """Decide all that the user left open."""
    if request.config_only:
        subnets, driver = written_down(request), "null"
    else:
        subnets, driver = await choose_subnets(engine, request), request.driver
    network = Network(
        id=new_id(),
        name=request.name,
        driver=driver or "bridge",
        subnets=subnets,
        internal=request.internal,
        enable_ipv6=request.enable_ipv6,
        options=dict(request.options),
    )
    if not request.config_only:
        _check_bridge(engine, network)
    return NetworkRecord(
        network=network,
        created_at=engine.clock.now_ns(),
        labels=dict(request.labels),
        attachable=request.attachable,
        chosen_subnet=any(item.subnet for item in request.subnets),
        ipam_driver=request.ipam_driver or "default",
        ipam_options=request.ipam_options,
        config_only=request.config_only,
        config_from=request.config_from,
    )


def _check_bridge(engine: Engine, network: Network) -> None:
    """Refuse a bridge that is another network's: to remove one would cut off both."""
    wanted = bridge_name(network)
    for record in engine.store.networks():
        other = record.network
        if other.driver == "bridge" and bridge_name(other) == wanted:
            raise ForbiddenError(same_bridge_name(network.id, other.id, wanted))


async def choose_subnets(engine: Engine, request: NetworkRequest) -> tuple[Subnet, ...]:
    """Return the network's subnets: what was asked for, or the first free default."""
    taken = [
        subnet.subnet
        for record in engine.store.networks()
        if not record.config_only
        for subnet in record.network.subnets
    ]
    planned = []
    wanted = request.subnets or (SubnetRequest(),)
    if not any(":" not in item.subnet for item in wanted):
        wanted = (SubnetRequest(), *wanted)
    if request.enable_ipv6 and not any(":" in item.subnet for item in wanted):
        pools = unique_local_pools(engine.config.engine_id)
        wanted = (*wanted, SubnetRequest(choose_subnet(None, pools, taken)))
    for item in sorted(wanted, key=lambda item: ":" in item.subnet):
        routes = () if item.subnet else await engine.network.host_routes()
        subnet = choose_subnet(item.subnet or None, DEFAULT_POOLS, taken, routes)
        taken.append(subnet)
        planned.append(
            plan_subnet(
                subnet, item.ip_range or None, item.gateway or None, item.auxiliary
            )
        )
    return tuple(planned)


def predefined_request(name: str) -> NetworkRequest:
    """Return the request behind a network that every engine has."""
    options = {
        "com.docker.network.bridge.default_bridge": "true",
        "com.docker.network.bridge.enable_icc": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
        "com.docker.network.bridge.name": "docker0",
        "com.docker.network.driver.mtu": "1500",
    }
    drivers = {"bridge": "bridge", "host": "host", "none": "null"}
    return NetworkRequest(
        name, drivers[name], options=options if name == "bridge" else {}
    )


async def ensure_predefined(engine: Engine) -> None:
    """Make bridge, host and none, once in an engine's life."""
    for name in PREDEFINED:
        if engine.store.network_named(name) is not None:
            continue
        request = predefined_request(name)
        bridge = request.driver == "bridge"
        network = Network(
            id=new_id(),
            name=name,
            driver=request.driver,
            subnets=await choose_subnets(engine, request) if bridge else (),
            options=request.options,
            is_default=bridge,
        )
        record = NetworkRecord(network, created_at=engine.clock.now_ns())
        await engine.store.save(record)
