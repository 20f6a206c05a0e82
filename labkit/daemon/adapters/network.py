"""``NetworkService`` for the engine: each call on a worker thread."""

import asyncio
from collections.abc import Mapping

from labkit.network.facts import NetworkFacts
from labkit.network.model import Endpoint, Network, PortBinding, Resolver
from labkit.network.service import NetworkService


class AsyncNetwork:
    """Satisfies ``engine.ports.NetworkPort``."""

    def __init__(self, service: NetworkService) -> None:
        self._service = service

    async def ensure_network(self, network: Network) -> None:
        await asyncio.to_thread(self._service.ensure_network, network)

    async def remove_network(self, network: Network) -> None:
        await asyncio.to_thread(self._service.remove_network, network)

    async def connect(
        self,
        network: Network,
        endpoint: Endpoint,
        pid: int,
        interface: str,
        default_route: bool,
    ) -> None:
        await asyncio.to_thread(
            self._service.connect, network, endpoint, pid, interface, default_route
        )

    async def disconnect(
        self, network: Network, endpoint: Endpoint, pid: int | None
    ) -> None:
        await asyncio.to_thread(self._service.disconnect, network, endpoint, pid)

    async def bring_loopback_up(self, pid: int) -> None:
        await asyncio.to_thread(self._service.bring_loopback_up, pid)

    async def publish(
        self,
        container_id: str,
        endpoint: Endpoint,
        name: str,
        ports: tuple[PortBinding, ...],
    ) -> tuple[PortBinding, ...]:
        return await asyncio.to_thread(
            self._service.publish, container_id, endpoint, name, ports
        )

    async def unpublish(self, container_id: str) -> None:
        await asyncio.to_thread(self._service.unpublish, container_id)

    async def serve_dns(self, container_id: str, pid: int, resolver: Resolver) -> None:
        await asyncio.to_thread(self._service.serve_dns, container_id, pid, resolver)

    async def stop_dns(self, container_id: str) -> None:
        await asyncio.to_thread(self._service.stop_dns, container_id)

    async def set_names(
        self,
        network_id: str,
        names: Mapping[str, tuple[str, ...]],
        reverse: Mapping[str, str],
    ) -> None:
        await asyncio.to_thread(self._service.set_names, network_id, names, reverse)

    async def facts(self, container_id: str, pid: int) -> NetworkFacts:
        return await asyncio.to_thread(self._service.facts, container_id, pid)

    async def host_routes(self) -> tuple[str, ...]:
        return await asyncio.to_thread(self._service.host_routes)
