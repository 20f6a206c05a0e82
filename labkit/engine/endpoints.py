"""Giving a container its places in networks, and taking them away again.

An endpoint is allocated before anything exists (its address goes into /etc/hosts), then
plugged into the container's network namespace, then told to the DNS servers. Each
step has its inverse, and a start that fails half-way undoes what it did.
"""

from collections.abc import Iterable
from dataclasses import replace

from labkit.base.errors import ForbiddenError, InvalidInputError, NotFoundError
from labkit.base.ids import new_id
from labkit.engine.attachments import BRIDGE, PREDEFINED, check_company
from labkit.engine.engine import Engine
from labkit.engine.links import alias_table
from labkit.engine.members import make_member
from labkit.engine.messages import no_such_network
from labkit.engine.model import Attachment, Container, EndpointRequest, NetworkRecord
from labkit.network.ipam import (
    ExhaustedError,
    choose_address,
    choose_subnet_of,
    mac_of,
)
from labkit.network.model import Endpoint, Network, Resolver, Subnet


def find_record(engine: Engine, attachment: Attachment) -> NetworkRecord:
    """Return the network of an attachment.

    Raises:
        NotFoundError: it is gone; one of the same name that was made since is another.
    """
    if attachment.network_id:
        record = engine.store.network(attachment.network_id)
        if record is None:
            raise NotFoundError(no_such_network(attachment.network_id))
        return record
    return engine.store.find_network(attachment.network_name)


def allocate(engine: Engine, container: Container) -> Container:
    """Give every attachment an endpoint and an interface name, and make them members.

    Either all or none. No await in here: no other start can come in between and
    choose the same address.
    """
    attachments: list[Attachment] = []
    try:
        for number, attachment in enumerate(container.attachments):
            record = find_record(engine, attachment)
            check_request(record, attachment.request)
            attachments.append(
                take_endpoint(engine, container, attachment, record, f"eth{number}")
            )
        check_company(tuple(item.network_name for item in attachments))
    except BaseException:
        release(engine, container.id, attachments)
        raise
    return replace(container, attachments=tuple(attachments))


def take_endpoint(
    engine: Engine,
    container: Container,
    attachment: Attachment,
    record: NetworkRecord,
    interface: str,
) -> Attachment:
    """Choose addresses for one attachment and make it a member."""
    network = record.network
    endpoint = Endpoint(new_id(), network.id, container.id)
    if network.driver == "bridge":
        try:
            endpoint = _with_addresses(engine, endpoint, network, container, attachment)
        except ExhaustedError as error:
            text = f"{error}: {network.name} ({network.id})"
            raise ForbiddenError(text) from error
    plugged = replace(
        attachment,
        network_id=network.id,
        network_name=network.name,
        endpoint=endpoint,
        interface=interface if network.driver == "bridge" else "",
    )
    engine.members.join(network.id, make_member(container, plugged, endpoint))
    return plugged


def release(
    engine: Engine, container_id: str, attachments: Iterable[Attachment]
) -> None:
    """Give addresses back; the records of the attachments are the caller's."""
    for attachment in attachments:
        if attachment.endpoint is not None:
            engine.members.leave(attachment.network_id, container_id)


def without_endpoints(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the attachments of a container that does not run."""
    return tuple(
        replace(attachment, endpoint=None, interface="") for attachment in attachments
    )


def check_request(record: NetworkRecord, request: EndpointRequest) -> None:
    """Refuse what a network can't give.

    Raises:
        InvalidInputError, ForbiddenError: the text is Docker's.
    """
    network = record.network
    if record.config_only:
        raise ForbiddenError("cannot create endpoint on configuration-only network")
    user_defined = network.name not in PREDEFINED
    if request.aliases and not user_defined:
        raise InvalidInputError(
            "network-scoped alias is supported only for containers in user defined "
            "networks"
        )
    if not (request.ipv4 or request.ipv6):
        return
    if not user_defined:
        raise InvalidInputError(
            "user specified IP address is supported on user defined networks only"
        )
    has_ipv6 = any(":" in subnet.subnet for subnet in network.subnets)
    if not record.chosen_subnet or (request.ipv6 and not has_ipv6):
        raise InvalidInputError(
            "user specified IP address is supported only when connecting to networks "
            "with user configured subnets"
        )


def gateway_attachment(
    engine: Engine, attachments: Iterable[Attachment]
) -> Attachment | None:
    """Return the attachment whose gateway is the container's way out.

    Docker takes the first by network name among those that lead outside.
    """
    candidates = []
    for attachment in attachments:
        record = engine.store.network(attachment.network_id)
        if record is None or attachment.endpoint is None:
            continue
        if record.network.driver == "bridge" and not record.network.internal:
            candidates.append(attachment)
    return min(candidates, key=lambda item: item.network_name, default=None)


def resolver_of(
    engine: Engine, container: Container, upstream: tuple[str, ...]
) -> Resolver | None:
    """Return what the DNS server is to know; None where there is no such server.

    The default bridge has no names: its containers use the host's resolvers.
    """
    named = [item for item in container.attachments if _has_names(engine, item)]
    if not named:
        return None
    host = container.host_config
    return Resolver(
        network_ids=tuple(item.network_id for item in named),
        upstream=host.dns or upstream,
        search=host.dns_search,
        options=host.dns_options,
        links={
            item.network_id: alias_table(item) for item in named if item.request.links
        },
    )


async def tell_names(engine: Engine, network_ids: Iterable[str]) -> None:
    """Send networks' name tables to the DNS servers."""
    for network_id in dict.fromkeys(network_ids):
        record = engine.store.network(network_id)
        if record is None or not has_names(record.network):
            continue
        await engine.network.set_names(
            network_id,
            engine.members.name_table(network_id),
            engine.members.reverse_table(network_id, record.network.name),
        )


def has_names(network: Network) -> bool:
    """Tell whether a network has a DNS server: user-defined ones have."""
    return network.driver == "bridge" and not network.is_default


def _has_names(engine: Engine, attachment: Attachment) -> bool:
    record = engine.store.network(attachment.network_id)
    return record is not None and has_names(record.network)


def _with_addresses(
    engine: Engine,
    endpoint: Endpoint,
    network: Network,
    container: Container,
    attachment: Attachment,
) -> Endpoint:
    used = tuple(engine.members.addresses(network.id))
    request = attachment.request
    for subnet in _subnets_for(network, request):
        if ":" in subnet.subnet:
            address = choose_address(subnet, used, request.ipv6)
            endpoint = replace(
                endpoint,
                ipv6=address,
                ipv6_prefix=_prefix(subnet),
                ipv6_gateway=subnet.gateway,
            )
        elif not endpoint.ipv4:
            address = choose_address(subnet, used, request.ipv4)
            endpoint = replace(
                endpoint,
                ipv4=address,
                ipv4_prefix=_prefix(subnet),
                gateway="" if network.internal else subnet.gateway,
            )
    own_mac = container.config.mac_address if network.name == BRIDGE else ""
    mac = request.mac_address or own_mac or mac_of(endpoint.ipv4)
    return replace(endpoint, mac_address=mac)


def _subnets_for(network: Network, request: EndpointRequest) -> tuple[Subnet, ...]:
    """Return the subnets to take addresses from, the one that holds --ip first."""
    if not network.subnets:
        raise ForbiddenError(f"network {network.name} has no subnet")
    if not request.ipv4:
        return network.subnets
    chosen = choose_subnet_of(network.subnets, request.ipv4)
    return (chosen, *(subnet for subnet in network.subnets if subnet != chosen))


def _prefix(subnet: Subnet) -> int:
    return int(subnet.subnet.partition("/")[2])
