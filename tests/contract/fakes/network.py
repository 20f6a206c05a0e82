"""A network in memory: it remembers who is plugged in where."""

from collections.abc import Callable, Mapping

from labkit.base.errors import InternalError
from labkit.network.facts import NetworkFacts
from labkit.network.model import Endpoint, Network, PortBinding, Resolver

FIRST_RANDOM_PORT = 49153


class FakeNetwork:
    """``fail_on`` names a method that fails the next time it is called, by an error
    of the layer's own or, with ``fail_raw``, by one of the machine's."""

    def __init__(self) -> None:
        self.networks: dict[str, Network] = {}
        self.plugged: dict[str, tuple[str, int, str, bool]] = {}  # by endpoint id
        self.loopbacks: list[int] = []
        self.unplugged: list[int | None] = []  # whom ``disconnect`` was told of
        self.on_disconnect: Callable[[], object] = lambda: None
        self.ports: dict[str, tuple[PortBinding, ...]] = {}
        self.resolvers: dict[str, Resolver] = {}
        self.names: dict[str, dict[str, tuple[str, ...]]] = {}
        self.reverse: dict[str, dict[str, str]] = {}
        self.routes: tuple[str, ...] = ("0.0.0.0/0",)
        self.fail_on = ""
        self.fail_raw = False

    async def ensure_network(self, network: Network) -> None:
        self._maybe_fail("ensure_network")
        if network.driver == "bridge":
            self.networks[network.id] = network

    async def remove_network(self, network: Network) -> None:
        self.networks.pop(network.id, None)

    async def connect(
        self,
        network: Network,
        endpoint: Endpoint,
        pid: int,
        interface: str,
        default_route: bool,
    ) -> None:
        self._maybe_fail("connect")
        if network.id not in self.networks:
            raise InternalError(f"no bridge for network {network.name}")
        self.plugged[endpoint.id] = (network.name, pid, interface, default_route)

    async def disconnect(
        self, network: Network, endpoint: Endpoint, pid: int | None
    ) -> None:
        self._maybe_fail("disconnect")
        self.on_disconnect()
        self.unplugged.append(pid)
        self.plugged.pop(endpoint.id, None)

    async def bring_loopback_up(self, pid: int) -> None:
        self.loopbacks.append(pid)

    async def publish(
        self,
        container_id: str,
        endpoint: Endpoint,
        name: str,
        ports: tuple[PortBinding, ...],
    ) -> tuple[PortBinding, ...]:
        self._maybe_fail("publish")
        taken = {
            (port.host_port, port.protocol)
            for owner, rows in self.ports.items()
            for port in rows
            if owner != container_id
        }
        found: list[PortBinding] = []
        for port in ports:
            number = port.host_port or FIRST_RANDOM_PORT + len(taken) + len(found)
            if (number, port.protocol) in taken:
                raise InternalError(
                    "driver failed programming external connectivity on endpoint "
                    f"{name} ({endpoint.id}): Bind for 0.0.0.0:{number} failed: port "
                    "is already allocated"
                )
            found.append(
                PortBinding(port.container_port, port.protocol, port.host_ip, number)
            )
        self.ports[container_id] = tuple(found)
        return tuple(found)

    async def unpublish(self, container_id: str) -> None:
        self.ports.pop(container_id, None)

    async def serve_dns(self, container_id: str, pid: int, resolver: Resolver) -> None:
        self._maybe_fail("serve_dns")
        self.resolvers[container_id] = resolver

    async def stop_dns(self, container_id: str) -> None:
        self.resolvers.pop(container_id, None)

    async def set_names(
        self,
        network_id: str,
        names: Mapping[str, tuple[str, ...]],
        reverse: Mapping[str, str],
    ) -> None:
        self.names[network_id] = dict(names)
        self.reverse[network_id] = dict(reverse)

    async def host_routes(self) -> tuple[str, ...]:
        return self.routes

    async def facts(self, container_id: str, pid: int) -> NetworkFacts:
        return NetworkFacts(namespace="/proc/1/ns/net")

    def _maybe_fail(self, method: str) -> None:
        if self.fail_on == method:
            self.fail_on = ""
            if self.fail_raw:
                raise OSError(f"{method} failed")
            raise InternalError(f"{method} failed")
