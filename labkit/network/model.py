"""Networks, endpoints and published ports, as values."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Subnet:
    """One address range of a network: ``172.18.0.0/16`` with its gateway.

    ``ip_range`` narrows what is handed out; ``auxiliary`` addresses are never handed
    out (name -> address).
    """

    subnet: str
    gateway: str
    ip_range: str | None = None
    auxiliary: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Network:
    """What the kernel side of a network is made from.

    ``driver`` is ``bridge``, ``host`` or ``null`` (Docker's name behind ``none``).
    ``options`` are Docker's (``com.docker.network.bridge.name``,
    ``com.docker.network.driver.mtu``, ``com.docker.network.bridge.enable_icc``, ...).
    """

    id: str
    name: str
    driver: str
    subnets: tuple[Subnet, ...] = ()
    internal: bool = False
    enable_ipv6: bool = False
    options: dict[str, str] = field(default_factory=dict)
    is_default: bool = False  # the network called ``bridge``: no names


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One container's place in one network."""

    id: str
    network_id: str
    container_id: str
    mac_address: str = ""
    ipv4: str = ""  # 172.18.0.2, without the length
    ipv4_prefix: int = 0
    ipv6: str = ""
    ipv6_prefix: int = 0
    gateway: str = ""
    ipv6_gateway: str = ""


@dataclass(frozen=True, slots=True)
class PortBinding:
    """A published port. ``host_port`` 0 asks for a random one; ``host_ip`` "" is all.

    ``protocol`` is ``tcp`` or ``udp``. ``host_port_end`` makes it a range, of which the
    first free one is taken (``-p 8000-8010:80``).
    """

    container_port: int
    protocol: str = "tcp"
    host_ip: str = ""
    host_port: int = 0
    host_port_end: int = 0


@dataclass(frozen=True, slots=True)
class Resolver:
    """What a container's DNS server knows: where to look and whom else to ask.

    ``network_ids`` in order of preference; ``upstream`` are addresses that are asked
    from the host's side when no container has the name. ``links`` are this container's
    own words for others: network id -> alias -> name.
    """

    network_ids: tuple[str, ...]
    upstream: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    links: dict[str, dict[str, str]] = field(default_factory=dict)
