"""Which subnet a network gets and which address a container gets. Pure arithmetic.

Docker's rules (libnetwork, ipam and ipamutils). A network without wishes gets the
first of the default pools, 172.17.0.0/16 to 172.31.0.0/16 and then 192.168.0.0/16 in
pieces of 4096 addresses, that overlaps no other network *and no route of the host*: a
bridge over the office's own network would cut the machine off. A subnet that
somebody asked for is only held against other networks: they said they know.

The lowest free address is handed out. The network's own address and the broadcast
address are never free, and the gateway is the first address unless it was named.
"""

import hashlib
import ipaddress
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from labkit.base.errors import ForbiddenError, InternalError, InvalidInputError
from labkit.network.model import Subnet

IPNetwork = IPv4Network | IPv6Network
IPAddress = IPv4Address | IPv6Address

DEFAULT_POOLS = (
    *(f"172.{second}.0.0/16" for second in range(17, 32)),
    *(f"192.168.{third}.0/20" for third in range(0, 256, 16)),
)

OVERLAP = "Pool overlaps with other one on this address space"
EXHAUSTED_POOLS = (
    "could not find an available, non-overlapping IPv4 address pool among the defaults"
    " to assign to the network"
)
TAKEN = "Address already in use"
EXHAUSTED = "no available IPv{} addresses on this network's address pools"
NO_GATEWAY = "failed to allocate gateway ({}): No available addresses on this pool"


class ExhaustedError(ForbiddenError):
    """No address is left in a subnet."""


def choose_subnet(
    wanted: str | None,
    pools: Iterable[str] = DEFAULT_POOLS,
    taken: Iterable[str] = (),
    routes: Iterable[str] = (),
) -> str:
    """Return the subnet of a new network, host bits removed.

    Args:
        wanted: what the user asked for, or None for the next default.
        pools: where defaults come from.
        taken: the subnets of the other networks.
        routes: what the host reaches otherwise; only defaults keep clear of it.

    Raises:
        InvalidInputError: ``wanted`` is no subnet.
        ForbiddenError: it overlaps another network's, or all defaults are taken.
    """
    others = [parse_subnet(subnet) for subnet in taken]
    if wanted is not None:
        subnet = parse_subnet(wanted)
        if _overlaps(subnet, others):
            raise ForbiddenError(OVERLAP)
        return str(subnet)
    # The default route covers everything and says nothing about who lives there.
    reached = [parse_subnet(route) for route in routes]
    others += [route for route in reached if route.prefixlen]
    for pool in pools:
        candidate = parse_subnet(pool)
        if not _overlaps(candidate, others):
            return str(candidate)
    raise ForbiddenError(EXHAUSTED_POOLS)


def unique_local_pools(owner: str) -> Iterator[str]:
    """Yield the IPv6 subnets that an engine gives away unasked.

    They are of a /48 that is nobody else's, most probably: fd and forty bits that
    follow from the owner's name (RFC 4193, section 3.2.1).
    """
    prefix = b"\xfd" + hashlib.sha256(owner.encode()).digest()[:5]
    for number in range(1 << 16):
        network = prefix + number.to_bytes(2, "big") + bytes(8)
        yield f"{IPv6Address(network)}/64"


def parse_subnet(text: str) -> IPNetwork:
    """Read ``172.18.0.0/16``; host bits are dropped, as Docker does."""
    try:
        if "/" not in text:
            raise ValueError("no prefix length")
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise InvalidInputError(
            f"Invalid subnet {text} : invalid CIDR address: {text}"
        ) from error


def parse_address(text: str) -> IPAddress:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise InvalidInputError(f"invalid IP address: {text}") from error


def plan_subnet(
    subnet: str,
    ip_range: str | None = None,
    gateway: str | None = None,
    auxiliary: dict[str, str] | None = None,
) -> Subnet:
    """Complete a subnet: the gateway is the first free address of the range.

    Raises:
        InvalidInputError: the gateway or the range lies outside the subnet.
        InternalError: the subnet is too small to have a gateway.
    """
    whole = parse_subnet(subnet)
    reserved = dict(auxiliary or {})
    if ip_range is not None and not _contains(whole, parse_subnet(ip_range)):
        raise InvalidInputError(f"no matching subnet for range {ip_range}")
    for address in reserved.values():
        if parse_address(address) not in whole:
            raise InvalidInputError(f"no matching subnet for aux-address {address}")
    if gateway is not None:
        if parse_address(gateway) not in whole:
            raise InvalidInputError(f"no matching subnet for gateway {gateway}")
        return Subnet(str(whole), gateway, ip_range, reserved)
    draft = Subnet(str(whole), "", ip_range, reserved)
    first = _first_free(draft, frozenset())
    if first is None:
        raise InternalError(NO_GATEWAY.format(""))
    return Subnet(str(whole), str(first), ip_range, reserved)


def choose_address(subnet: Subnet, used: Iterable[str], wanted: str = "") -> str:
    """Return the address of a new endpoint.

    Args:
        subnet: where it lives.
        used: the addresses that other endpoints hold or have reserved.
        wanted: ``--ip``; it may lie outside the range that is handed out.

    Raises:
        InvalidInputError: ``wanted`` is no address of this subnet.
        ForbiddenError: it is in use, or no address is left.
    """
    taken = frozenset(parse_address(address) for address in used)
    if not wanted:
        free = _first_free(subnet, taken)
        if free is None:
            version = parse_subnet(subnet.subnet).version
            raise ExhaustedError(EXHAUSTED.format(version))
        return str(free)
    address = parse_address(wanted)
    whole = parse_subnet(subnet.subnet)
    if address not in whole:
        raise InvalidInputError(
            f"Invalid address {wanted}: It does not belong to any of this network's"
            " subnets"
        )
    if address in taken or address in _never_handed_out(subnet):
        raise ForbiddenError(TAKEN)
    return str(address)


def choose_subnet_of(subnets: Iterable[Subnet], wanted: str) -> Subnet:
    """Return the subnet that holds a wanted address."""
    address = parse_address(wanted)
    for subnet in subnets:
        if address in parse_subnet(subnet.subnet):
            return subnet
    raise InvalidInputError(
        f"Invalid address {wanted}: It does not belong to any of this network's subnets"
    )


def mac_of(address: str) -> str:
    """Derive a MAC address as Docker does: 02:42 and the four bytes of the IPv4.

    02 marks it as locally administered; the same address always gets the same MAC, so
    that neighbours' tables stay true when a container comes back.
    """
    packed = IPv4Address(address).packed
    return "02:42:" + packed.hex(":")


def _first_free(subnet: Subnet, taken: frozenset[IPAddress]) -> IPAddress | None:
    closed = taken | _never_handed_out(subnet)
    pool = parse_subnet(subnet.ip_range or subnet.subnet)
    # Iterating a network is lazy: an IPv6 /64 costs as much as its used addresses.
    return next((address for address in pool if address not in closed), None)


def _never_handed_out(subnet: Subnet) -> frozenset[IPAddress]:
    whole = parse_subnet(subnet.subnet)
    closed = {whole.network_address}
    if isinstance(whole, IPv4Network):
        closed.add(whole.broadcast_address)
    closed.update(parse_address(text) for text in subnet.auxiliary.values())
    if subnet.gateway:
        closed.add(parse_address(subnet.gateway))
    return frozenset(closed)


def _overlaps(subnet: IPNetwork, others: Iterable[IPNetwork]) -> bool:
    return any(subnet.version == o.version and subnet.overlaps(o) for o in others)


def _contains(whole: IPNetwork, part: IPNetwork) -> bool:
    return part.version == whole.version and (
        part.network_address in whole and part.prefixlen >= whole.prefixlen
    )
