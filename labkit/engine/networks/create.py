"""``docker network create``."""

from dataclasses import dataclass, field

from labkit.base.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnsupportedError,
)
from labkit.base.ids import new_id
from labkit.engine.attachments import PREDEFINED
from labkit.engine.engine import Engine
from labkit.engine.messages import network_exists
from labkit.engine.model import NetworkRecord
from labkit.network.ipam import DEFAULT_POOLS, choose_subnet, plan_subnet
from labkit.network.model import Network, Subnet

_SINGLE = ("host", "null")
_OTHER_DRIVERS = ("macvlan", "ipvlan")
_IPV6_NEEDS_SUBNET = (
    "could not find an available, non-overlapping IPv6 address pool among the "
    "defaults to assign to the network"
)


@dataclass(frozen=True, slots=True)
class SubnetRequest:
    """One ``--subnet`` with what goes with it; an empty subnet asks for a default."""

    subnet: str = ""
    gateway: str = ""
    ip_range: str = ""
    auxiliary: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """What a client wants."""

    name: str
    driver: str = "bridge"
    subnets: tuple[SubnetRequest, ...] = ()
    internal: bool = False
    enable_ipv6: bool = False
    attachable: bool = False
    ingress: bool = False
    scope: str = ""
    config_only: bool = False
    options: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    ipam_driver: str = "default"
    ipam_options: dict[str, str] = field(default_factory=dict)
    check_duplicate: bool = True


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
    _check(request)
    record = await engine.complete(_create(engine, request), "create network")
    return CreatedNetwork(record.network.id)


async def _create(engine: Engine, request: NetworkRequest) -> NetworkRecord:
    # One at a time: choosing a subnet and recording it must not be interleaved.
    async with engine.lock("networks"):
        if engine.store.network_named(request.name) is not None:
            raise ConflictError(network_exists(request.name))
        subnets = await choose_subnets(engine, request)
        record = NetworkRecord(
            network=Network(
                id=new_id(),
                name=request.name,
                driver=request.driver or "bridge",
                subnets=subnets,
                internal=request.internal,
                enable_ipv6=request.enable_ipv6,
                options=dict(request.options),
            ),
            created_at=engine.clock.now_ns(),
            labels=dict(request.labels),
            attachable=request.attachable,
            chosen_subnet=any(item.subnet for item in request.subnets),
            ipam_driver=request.ipam_driver or "default",
            ipam_options=dict(request.ipam_options),
        )
        await engine.network.ensure_network(record.network)
        try:
            await engine.store.save(record)
        except BaseException:
            await engine.network.remove_network(record.network)
            raise
    engine.events.network("create", record)
    return record


async def choose_subnets(engine: Engine, request: NetworkRequest) -> tuple[Subnet, ...]:
    """Return the network's subnets: what was asked for, or the first free default."""
    taken = [
        subnet.subnet
        for record in engine.store.networks()
        for subnet in record.network.subnets
    ]
    planned = []
    wanted = request.subnets or (SubnetRequest(),)
    if not any(":" not in item.subnet for item in wanted):
        wanted = (SubnetRequest(), *wanted)
    for item in wanted:
        routes = () if item.subnet else await engine.network.host_routes()
        subnet = choose_subnet(item.subnet or None, DEFAULT_POOLS, taken, routes)
        taken.append(subnet)
        planned.append(
            plan_subnet(
                subnet, item.ip_range or None, item.gateway or None, item.auxiliary
            )
        )
    return tuple(planned)


def _check(request: NetworkRequest) -> None:
    if not request.name.strip():
        raise InvalidInputError(
            "network name cannot be empty or contain only whitespace"
        )
    if request.name in (*PREDEFINED, "default"):
        raise ForbiddenError(
            f"operation is not permitted on predefined {request.name} network "
        )
    if request.driver in _SINGLE:
        raise ForbiddenError(
            f'only one instance of "{request.driver}" network is allowed'
        )
    if request.driver in _OTHER_DRIVERS:
        raise UnsupportedError(
            f"this engine has no {request.driver} networks: its networks live in a "
            "namespace of their own, where no card of the machine is to build upon"
        )
    if request.driver not in ("", "bridge"):
        raise NotFoundError(f'plugin "{request.driver}" not found')
    if request.ipam_driver not in ("", "default"):
        raise NotFoundError(f'plugin "{request.ipam_driver}" not found')
    if request.ingress or request.scope == "swarm":
        raise ForbiddenError("This node is not a swarm manager.")
    if request.config_only:
        raise UnsupportedError("this engine has no configuration-only networks")
    if request.enable_ipv6 and not any(":" in item.subnet for item in request.subnets):
        raise InvalidInputError(_IPV6_NEEDS_SUBNET)


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
