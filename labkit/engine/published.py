"""Published ports: which ones a container asks for, and opening them."""

from contextlib import AsyncExitStack

from labkit.base.errors import InternalError
from labkit.base.ports_text import parse_exposed
from labkit.engine.endpoints import gateway_attachment
from labkit.engine.engine import Engine
from labkit.engine.model import Container
from labkit.network.model import PortBinding


def wanted_ports(container: Container) -> tuple[PortBinding, ...]:
    """Return what -p says, and with -P a random port for each exposed one besides."""
    host = container.host_config
    wanted = list(host.port_bindings)
    if host.publish_all_ports:
        named = {(binding.container_port, binding.protocol) for binding in wanted}
        for text in container.config.exposed_ports:
            for port, protocol in parse_exposed(text):
                if (port, protocol) not in named:
                    wanted.append(PortBinding(port, protocol))
    return tuple(wanted)


async def publish_ports(
    engine: Engine, container: Container, undo: AsyncExitStack
) -> tuple[PortBinding, ...]:
    """Open the ports; return them with the random ones filled in.

    Without a way out (internal network, host, none) there is nothing to open, and
    Docker says nothing about it either.

    Raises:
        InternalError: a port is another's, or of a protocol that is not relayed.
    """
    # After a restart of the engine the random ports are known and must stay.
    wanted = container.published or wanted_ports(container)
    way_out = gateway_attachment(engine, container.attachments)
    if not wanted or way_out is None:
        return ()
    assert way_out.endpoint is not None  # allocate saw to it
    if any(binding.protocol == "sctp" for binding in wanted):
        raise InternalError(
            "driver failed programming external connectivity on endpoint "
            f"{container.name} ({way_out.endpoint.id}): Error starting userland "
            "proxy: protocol not supported"
        )
    published = await engine.network.publish(
        container.id, way_out.endpoint, container.name, wanted
    )
    undo.push_async_callback(engine.network.unpublish, container.id)
    return published
